// Matrix products. Three kernels: 32 x 32 tiles with K cut into four groups of threads and, by partial sums, into blocks, for
// everything small or skinny; 128 x 128 tiles for the rest; a plain one for doubles. One compiled kernel for each form and
// epilogue; the cut of K is a function of the shape.
#include "common.cuh"

struct Product {
    const void *a;
    const void *b;
    void *c;
    const void *bias;
    int m;
    int n;
    int k;
    int lda; // distance of stored rows
    int ldb;
    int split;   // blocks that share K; their sums go to c[s, batch, m, n]
    int slice;   // k of one block, a multiple of 64
    int batches;
    Walk batch; // first: elements of a, second: elements of b
};

enum { PLAIN, BIAS, ADD };

static __device__ __forceinline__ void corner(const Product &p, int q, const float *&a, const float *&b, float *&c) {
    int qa, qb;
    walk_offsets(p.batch, q, qa, qb);
    a = (const float *) p.a + qa;
    b = (const float *) p.b + qb;
    c = (float *) p.c + (long long) q * p.m * p.n;
}

// Four elements of a stored row; zeros outside.
static __device__ __forceinline__ float4 four(const float *x, int row, int rows, int col, int cols, int ld, bool aligned) {
    float4 v = make_float4(0, 0, 0, 0);
    if (row < rows && col < cols) {
        const float *at = x + (long long) row * ld + col;
        if (aligned && col + 4 <= cols) {
            return *(const float4 *) at;
        }
        v.x = at[0];
        v.y = col + 1 < cols ? at[1] : 0;
        v.z = col + 2 < cols ? at[2] : 0;
        v.w = col + 3 < cols ? at[3] : 0;
    }
    return v;
}

static __device__ __forceinline__ bool on_four(const void *x, int ld) {
    return ((unsigned long long) x & 15) == 0 && (ld & 3) == 0;
}

#define DEEP 64

// Where an operand's elements lie in shared memory: rows of 64 k (padded by 4) or 64 rows of 32 (padded by 8), as stored.
template <bool ALONG> struct Tile {
    static constexpr int STRIDE = ALONG ? DEEP + 4 : 32 + 8;
    static constexpr int SIZE = ALONG ? 32 * STRIDE : DEEP * STRIDE;
};

// Loads two groups of four of a tile into registers: rows [first, ..) by k [from, to).
template <bool ALONG>
static __device__ __forceinline__ void fetch(
        float4 (&v)[2], const float *x, int first, int count, int from, int to, int ld, bool aligned) {
#pragma unroll
    for (int h = 0; h < 2; h++) {
        int e = threadIdx.x + 256 * h;
        if (ALONG) {
            v[h] = four(x, first + e / 16, count, from + e % 16 * 4, to, ld, aligned);
        } else {
            v[h] = four(x, from + e / 8, to, first + e % 8 * 4, count, ld, aligned);
        }
    }
}

template <bool ALONG> static __device__ __forceinline__ void keep(float *tile, const float4 (&v)[2]) {
#pragma unroll
    for (int h = 0; h < 2; h++) {
        int e = threadIdx.x + 256 * h;
        int at = ALONG ? e / 16 * Tile<ALONG>::STRIDE + e % 16 * 4 : e / 8 * Tile<ALONG>::STRIDE + e % 8 * 4;
        *(float4 *) (tile + at) = v[h];
    }
}

// Element of the four that a thread has: rows 8 apart where k is contiguous, four side by side otherwise.
template <bool ALONG> static __device__ __forceinline__ int mine(int t, int i) { return ALONG ? t + 8 * i : 4 * t + i; }

template <bool ALONG>
static __device__ __forceinline__ void operand(float (&v)[4][4], const float *tile, int t, int k) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
        if (ALONG) {
            float4 f = *(const float4 *) (tile + (t + 8 * i) * Tile<ALONG>::STRIDE + k);
            v[i][0] = f.x;
            v[i][1] = f.y;
            v[i][2] = f.z;
            v[i][3] = f.w;
        } else {
            float4 f = *(const float4 *) (tile + (k + i) * Tile<ALONG>::STRIDE + 4 * t);
            v[0][i] = f.x;
            v[1][i] = f.y;
            v[2][i] = f.z;
            v[3][i] = f.w;
        }
    }
}

template <bool TA, bool TB, int EPILOGUE> static __device__ __forceinline__ void small(const Product &p) {
    constexpr bool A = !TA; // k contiguous
    constexpr bool B = TB;
    __shared__ float4 room[(Tile<A>::SIZE + Tile<B>::SIZE) / 4];
    float *ta = (float *) room;
    float *tb = ta + Tile<A>::SIZE;
    int q = blockIdx.z / p.split;
    int s = blockIdx.z - q * p.split;
    const float *a, *b;
    float *c;
    corner(p, q, a, b, c);
    int m = p.m, n = p.n, lda = p.lda, ldb = p.ldb;
    int row = blockIdx.y * 32;
    int col = blockIdx.x * 32;
    int from = s * p.slice;
    int to = min(p.k, from + p.slice);
    bool fa = on_four(a, lda);
    bool fb = on_four(b, ldb);
    int group = threadIdx.x / 64;
    int tx = threadIdx.x & 7;
    int ty = threadIdx.x / 8 & 7;
    float acc[4][4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
#pragma unroll
        for (int j = 0; j < 4; j++) {
            acc[i][j] = 0;
        }
    }
    float4 va[2], vb[2];
    fetch<A>(va, a, row, m, from, to, lda, fa);
    fetch<B>(vb, b, col, n, from, to, ldb, fb);
#pragma unroll 1
    for (int k = from; k < to; k += DEEP) {
        keep<A>(ta, va);
        keep<B>(tb, vb);
        __syncthreads();
        // the next tiles are on their way while these are used
        fetch<A>(va, a, row, m, k + DEEP, to, lda, fa);
        fetch<B>(vb, b, col, n, k + DEEP, to, ldb, fb);
#pragma unroll
        for (int u = 0; u < 16; u += 4) {
            float x[4][4], y[4][4];
            operand<A>(x, ta, ty, 16 * group + u);
            operand<B>(y, tb, tx, 16 * group + u);
#pragma unroll
            for (int l = 0; l < 4; l++) {
#pragma unroll
                for (int i = 0; i < 4; i++) {
#pragma unroll
                    for (int j = 0; j < 4; j++) {
                        acc[i][j] = fmaf(x[i][l], y[j][l], acc[i][j]);
                    }
                }
            }
        }
        __syncthreads();
    }
    // the four groups' sums, added in order
    float *sums = (float *) room;
#pragma unroll
    for (int i = 0; i < 4; i++) {
#pragma unroll
        for (int j = 0; j < 4; j++) {
            sums[group * 1024 + mine<A>(ty, i) * 32 + mine<B>(tx, j)] = acc[i][j];
        }
    }
    __syncthreads();
    c += (long long) s * p.batches * m * n;
    const float *bias = (const float *) p.bias;
#pragma unroll
    for (int h = 0; h < 4; h++) {
        int e = threadIdx.x + 256 * h;
        int i = row + e / 32;
        int j = col + e % 32;
        if (i < m && j < n) {
            float v = sums[e] + sums[1024 + e] + sums[2048 + e] + sums[3072 + e];
            long long at = (long long) i * n + j;
            c[at] = EPILOGUE == BIAS ? v + bias[j] : EPILOGUE == ADD ? v + c[at] : v;
        }
    }
}

#define FORMS(NAME, BODY)                                                                   \
    KERNEL am_##NAME##_nn_plain(const Product p) { BODY<false, false, PLAIN>(p); }          \
    KERNEL am_##NAME##_nt_plain(const Product p) { BODY<false, true, PLAIN>(p); }           \
    KERNEL am_##NAME##_tn_plain(const Product p) { BODY<true, false, PLAIN>(p); }           \
    KERNEL am_##NAME##_tt_plain(const Product p) { BODY<true, true, PLAIN>(p); }            \
    KERNEL am_##NAME##_nn_bias(const Product p) { BODY<false, false, BIAS>(p); }            \
    KERNEL am_##NAME##_nt_bias(const Product p) { BODY<false, true, BIAS>(p); }             \
    KERNEL am_##NAME##_tn_bias(const Product p) { BODY<true, false, BIAS>(p); }             \
    KERNEL am_##NAME##_tt_bias(const Product p) { BODY<true, true, BIAS>(p); }              \
    KERNEL am_##NAME##_nn_add(const Product p) { BODY<false, false, ADD>(p); }              \
    KERNEL am_##NAME##_nt_add(const Product p) { BODY<false, true, ADD>(p); }               \
    KERNEL am_##NAME##_tn_add(const Product p) { BODY<true, false, ADD>(p); }               \
    KERNEL am_##NAME##_tt_add(const Product p) { BODY<true, true, ADD>(p); }

FORMS(small, small)

// Sums of the slices of K, in order, then the epilogue. a: the partial sums, k: their number, m n batches: their size.
template <int EPILOGUE> static __device__ __forceinline__ void finish(const Product &p) {
    int i = global_index();
    int size = p.m * p.n * p.batches;
    if (i < size) {
        const float *x = (const float *) p.a + i;
        float v = x[0];
        for (int s = 1; s < p.split; s++) {
            v += x[(long long) s * size];
        }
        float *c = (float *) p.c + i;
        *c = EPILOGUE == BIAS ? v + ((const float *) p.bias)[i % p.n] : EPILOGUE == ADD ? v + *c : v;
    }
}

KERNEL am_finish_plain(const Product p) { finish<PLAIN>(p); }
KERNEL am_finish_bias(const Product p) { finish<BIAS>(p); }
KERNEL am_finish_add(const Product p) { finish<ADD>(p); }

#define WIDE 128
#define STEP 8

// One group of four of a 128 x 8 tile: along k it is turned on its way into shared memory.
template <bool ALONG>
static __device__ __forceinline__ float4 fetch_wide(
        const float *x, int first, int count, int from, int to, int ld, bool aligned) {
    int t = threadIdx.x;
    return ALONG ? four(x, first + t / 2, count, from + t % 2 * 4, to, ld, aligned)
                 : four(x, from + t / 32, to, first + t % 32 * 4, count, ld, aligned);
}

template <bool ALONG> static __device__ __forceinline__ void keep_wide(float (*tile)[WIDE + 4], float4 v) {
    int t = threadIdx.x;
    if (ALONG) {
        int k = t % 2 * 4;
        tile[k][t / 2] = v.x;
        tile[k + 1][t / 2] = v.y;
        tile[k + 2][t / 2] = v.z;
        tile[k + 3][t / 2] = v.w;
    } else {
        *(float4 *) &tile[t / 32][t % 32 * 4] = v;
    }
}

// Warps have 64 x 32, threads 8 x 8 as two groups of four each way. Two tiles take turns: one barrier a step.
template <bool TA, bool TB, int EPILOGUE> static __device__ __forceinline__ void large(const Product &p) {
    __shared__ float ta[2][STEP][WIDE + 4];
    __shared__ float tb[2][STEP][WIDE + 4];
    const float *a, *b;
    float *c;
    corner(p, blockIdx.z, a, b, c);
    int m = p.m, n = p.n, k = p.k, lda = p.lda, ldb = p.ldb;
    int row = blockIdx.y * WIDE;
    int col = blockIdx.x * WIDE;
    bool fa = on_four(a, lda);
    bool fb = on_four(b, ldb);
    int warp = threadIdx.x / 32;
    int lane = threadIdx.x & 31;
    int ri = warp / 4 * 64 + lane / 4 * 4;
    int cj = warp % 4 * 32 + lane % 4 * 4;
    float acc[8][8];
#pragma unroll
    for (int i = 0; i < 8; i++) {
#pragma unroll
        for (int j = 0; j < 8; j++) {
            acc[i][j] = 0;
        }
    }
    float4 va = fetch_wide<!TA>(a, row, m, 0, k, lda, fa);
    float4 vb = fetch_wide<TB>(b, col, n, 0, k, ldb, fb);
    int turn = 0;
#pragma unroll 1
    for (int from = 0; from < k; from += STEP) {
        keep_wide<!TA>(ta[turn], va);
        keep_wide<TB>(tb[turn], vb);
        __syncthreads();
        va = fetch_wide<!TA>(a, row, m, from + STEP, k, lda, fa);
        vb = fetch_wide<TB>(b, col, n, from + STEP, k, ldb, fb);
#pragma unroll
        for (int u = 0; u < STEP; u++) {
            float x[8], y[8];
            *(float4 *) x = *(const float4 *) &ta[turn][u][ri];
            *(float4 *) (x + 4) = *(const float4 *) &ta[turn][u][ri + 32];
            *(float4 *) y = *(const float4 *) &tb[turn][u][cj];
            *(float4 *) (y + 4) = *(const float4 *) &tb[turn][u][cj + 16];
#pragma unroll
            for (int i = 0; i < 8; i++) {
#pragma unroll
                for (int j = 0; j < 8; j++) {
                    acc[i][j] = fmaf(x[i], y[j], acc[i][j]);
                }
            }
        }
        turn ^= 1;
    }
    const float *bias = (const float *) p.bias;
#pragma unroll
    for (int i = 0; i < 8; i++) {
        int r = row + ri + i % 4 + i / 4 * 32;
#pragma unroll
        for (int j = 0; j < 8; j++) {
            int l = col + cj + j % 4 + j / 4 * 16;
            if (r < m && l < n) {
                long long at = (long long) r * n + l;
                c[at] = EPILOGUE == BIAS ? acc[i][j] + bias[l] : EPILOGUE == ADD ? acc[i][j] + c[at] : acc[i][j];
            }
        }
    }
}

FORMS(large, large)

// Doubles: 16 x 16 tiles.
template <bool TA, bool TB, int EPILOGUE> static __device__ __forceinline__ void wide(const Product &p) {
    __shared__ double ta[16][17];
    __shared__ double tb[16][17];
    int qa, qb;
    walk_offsets(p.batch, blockIdx.z, qa, qb);
    const double *a = (const double *) p.a + qa;
    const double *b = (const double *) p.b + qb;
    double *c = (double *) p.c + (long long) blockIdx.z * p.m * p.n;
    int tx = threadIdx.x & 15;
    int ty = threadIdx.x / 16;
    int row = blockIdx.y * 16;
    int col = blockIdx.x * 16;
    double acc = 0;
#pragma unroll 1
    for (int from = 0; from < p.k; from += 16) {
        int i = TA ? tx : ty;
        int l = TA ? ty : tx;
        bool inside = row + i < p.m && from + l < p.k;
        ta[i][l] = inside ? a[TA ? (long long) (from + l) * p.lda + row + i : (long long) (row + i) * p.lda + from + l] : 0;
        int j = TB ? ty : tx;
        l = TB ? tx : ty;
        inside = col + j < p.n && from + l < p.k;
        tb[l][j] = inside ? b[TB ? (long long) (col + j) * p.ldb + from + l : (long long) (from + l) * p.ldb + col + j] : 0;
        __syncthreads();
#pragma unroll
        for (int u = 0; u < 16; u++) {
            acc = fma(ta[ty][u], tb[u][tx], acc);
        }
        __syncthreads();
    }
    int r = row + ty;
    int l = col + tx;
    if (r < p.m && l < p.n) {
        long long at = (long long) r * p.n + l;
        c[at] = EPILOGUE == BIAS ? acc + ((const double *) p.bias)[l] : EPILOGUE == ADD ? acc + c[at] : acc;
    }
}

FORMS(double, wide)
