// Products as they stand; those with a chain behind them are in chained.cu.
#include "product.cuh"

#define SMALL(TA, TB, P, E) small<Fp32, TA, TB, false>(P, E)
FORMS(small, SMALL)

KERNEL am_together_nn(const Together g) { together<Fp32, false, false, false>(g); }
KERNEL am_together_nt(const Together g) { together<Fp32, false, true, false>(g); }
KERNEL am_together_tn(const Together g) { together<Fp32, true, false, false>(g); }

// The same behind them: a and b have the partial sums of results and, with SUMS, of columns; 256 of both a block.
template <bool SUMS> static __device__ __forceinline__ void finish_together(const Together &g) {
    const Item &t = g.item[item_of(g, blockIdx.x)];
    int i = (blockIdx.x - t.first) * blockDim.x + threadIdx.x;
    int size = t.m * t.n;
    bool columns = SUMS && t.bias != nullptr;
    if (i >= size + (columns ? t.n : 0)) {
        return;
    }
    bool matrix = i < size;
    int j = matrix ? i : i - size;
    int step = matrix ? size : t.n;
    const float *x = (const float *) (matrix ? t.a : t.b) + j;
    float v = x[0];
    for (int s = 1; s < g.split; s++) {
        v += x[(long long) s * step];
    }
    if (!matrix) {
        ((float *) t.bias)[j] = v;
        return;
    }
    if (!SUMS && t.bias != nullptr) {
        v += ((const float *) t.bias)[j % t.n];
    }
    float *c = (float *) t.c + j;
    *c = t.add ? v + *c : v;
}

KERNEL am_finish_together(const Together g) { finish_together<false>(g); }
KERNEL am_finish_together_sums(const Together g) { finish_together<true>(g); }

KERNEL am_finish_plain(const Product p) { finish(p, Plain()); }
KERNEL am_finish_bias(const Product p) { finish(p, Bias()); }

// A row added in place, for doubles.
KERNEL am_finish_double_bias(const Product p) {
    int i = global_index();
    if (i < p.m * p.n * p.batches) {
        ((double *) p.c)[i] += ((const double *) p.bias)[i % p.n];
    }
}

KERNEL am_finish_add(const Product p) { finish(p, Add()); }

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
template <bool TA, bool TB, class E> static __device__ __forceinline__ void large(const Product &p, const E &epilogue) {
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
#pragma unroll
    for (int i = 0; i < 8; i++) {
        int r = row + ri + i % 4 + i / 4 * 32;
#pragma unroll
        for (int j = 0; j < 8; j++) {
            int l = col + cj + j % 4 + j / 4 * 16;
            if (r < m && l < n) {
                long long at = (long long) r * n + l;
                epilogue.put(p, c, at, l, acc[i][j]);
            }
        }
    }
}

#define LARGE(TA, TB, P, E) large<TA, TB>(P, E)
FORMS(large, LARGE)

template <class A, class B> struct Same {
    static constexpr bool value = false;
};
template <class A> struct Same<A, A> {
    static constexpr bool value = true;
};

// Doubles: 16 x 16 tiles.
template <bool TA, bool TB, class E> static __device__ __forceinline__ void wide(const Product &p, const E &) {
    constexpr bool BIAS = Same<E, Bias>::value;
    constexpr bool ADD = Same<E, Add>::value;
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
        c[at] = BIAS ? acc + ((const double *) p.bias)[l] : ADD ? acc + c[at] : acc;
    }
}

#define DOUBLE(TA, TB, P, E) wide<TA, TB>(P, E)
FORMS(double, DOUBLE)
