// Matrix products. Three kernels: 32 x 32 tiles with K cut into four groups of threads and, by partial sums, into blocks, for
// everything small or skinny; 128 x 128 tiles for the rest; a plain one for doubles. One compiled kernel for each form and
// epilogue; the cut of K is a function of the shape.
#pragma once
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

// What becomes of a value: stored, after a row or what is there was added.
struct Plain {
    __device__ __forceinline__ void put(const Product &p, float *c, long long at, int j, float v) const { c[at] = v; }
};
struct Bias {
    __device__ __forceinline__ void put(const Product &p, float *c, long long at, int j, float v) const {
        c[at] = v + ((const float *) p.bias)[j];
    }
};
struct Add {
    __device__ __forceinline__ void put(const Product &p, float *c, long long at, int j, float v) const { c[at] = v + c[at]; }
};

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

// Blocks that share K as a cluster (capability 9.0 and later): each sends its sums to the one that owns the place.
static __device__ __forceinline__ void cluster_arrive() { asm volatile("barrier.cluster.arrive.aligned;" ::: "memory"); }
static __device__ __forceinline__ void cluster_wait() { asm volatile("barrier.cluster.wait.aligned;" ::: "memory"); }
static __device__ __forceinline__ void cluster_put(float *to, int rank, float v) {
    unsigned int at = (unsigned int) __cvta_generic_to_shared(to);
    unsigned int there;
    asm volatile("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(there) : "r"(at), "r"(rank));
    asm volatile("st.shared::cluster.f32 [%0], %1;" ::"r"(there), "f"(v) : "memory");
}

// Element of a tile: row of the result or column, and k.
template <bool ALONG> static __device__ __forceinline__ float element(const float *tile, int i, int k) {
    return tile[ALONG ? i * Tile<ALONG>::STRIDE + k : k * Tile<ALONG>::STRIDE + i];
}

// How 256 threads multiply tiles of 32 x 64 and 64 x 32 in shared memory; GROUPS of them have sums of their own k, which lie
// one behind the other in the end. In floats: four groups with 16 k each, 4 x 4 results a thread.
template <bool A, bool B> struct Fp32 {
    static constexpr int GROUPS = 4;
    float acc[4][4];

    __device__ __forceinline__ Fp32() {
#pragma unroll
        for (int i = 0; i < 4; i++) {
#pragma unroll
            for (int j = 0; j < 4; j++) {
                acc[i][j] = 0;
            }
        }
    }

    __device__ __forceinline__ void multiply(const float *ta, const float *tb) {
        int group = threadIdx.x / 64;
        int tx = threadIdx.x & 7;
        int ty = threadIdx.x / 8 & 7;
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
    }

    __device__ __forceinline__ void put(float *sums) const {
        int group = threadIdx.x / 64;
        int tx = threadIdx.x & 7;
        int ty = threadIdx.x / 8 & 7;
#pragma unroll
        for (int i = 0; i < 4; i++) {
#pragma unroll
            for (int j = 0; j < 4; j++) {
                sums[group * 1024 + mine<A>(ty, i) * 32 + mine<B>(tx, j)] = acc[i][j];
            }
        }
    }
};

// One tile, at blocks across and down, of product q, with slice s of K.
// SUMS: the first row of tiles also adds up the columns of b, which are stored where a row would be if there is a place.
// CLUSTER: the slices are the blocks of a cluster and their sums are added here; else each slice stores its own.
template <template <bool, bool> class MATH, bool TA, bool TB, bool SUMS, bool CLUSTER, class E>
static __device__ __forceinline__ void tile(const Product &p, const E &epilogue, int across, int down, int q, int s) {
    constexpr bool A = !TA; // k contiguous
    constexpr bool B = TB;
    __shared__ float4 room[(Tile<A>::SIZE + Tile<B>::SIZE) / 4];
    __shared__ float parts[CLUSTER ? 1024 : 1];
    __shared__ float lines[CLUSTER && SUMS ? 8 * 32 : 1];
    if (CLUSTER) {
        cluster_arrive();
    }
    float *ta = (float *) room;
    float *tb = ta + Tile<A>::SIZE;
    const float *a, *b;
    float *c;
    corner(p, q, a, b, c);
    int m = p.m, n = p.n, lda = p.lda, ldb = p.ldb;
    int row = down * 32;
    int col = across * 32;
    int from = s * p.slice;
    int to = min(p.k, from + p.slice);
    bool fa = on_four(a, lda);
    bool fb = on_four(b, ldb);
    bool summing = SUMS && down == 0 && p.bias != nullptr;
    MATH<A, B> math;
    float column = 0;
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
        if (summing) {
#pragma unroll
            for (int u = 0; u < DEEP / 8; u++) {
                column += tb[(threadIdx.x / 32 * (DEEP / 8) + u) * Tile<B>::STRIDE + (threadIdx.x & 31)];
            }
        }
        math.multiply(ta, tb);
        __syncthreads();
    }
    if (CLUSTER) {
        // all blocks of the cluster have begun: their shared memory is there
        cluster_wait();
    }
    float *sums = (float *) room;
    if (summing) {
        sums[threadIdx.x] = column;
        __syncthreads();
        int j = col + threadIdx.x;
        if (threadIdx.x < 32 && j < n) {
            for (int l = 1; l < 8; l++) {
                column += sums[32 * l + threadIdx.x];
            }
            if (CLUSTER) {
                cluster_put(lines + 32 * s + threadIdx.x, 0, column);
            } else {
                ((float *) p.bias)[s * n + j] = column;
            }
        }
        __syncthreads();
    }
    // the groups' sums, added in order
    math.put(sums);
    __syncthreads();
    if (!CLUSTER) {
        c += (long long) s * p.batches * m * n;
    }
    int each = CLUSTER ? 1024 / p.split : 1024;
#pragma unroll 1
    for (int h = 0; h < 4; h++) {
        int e = threadIdx.x + 256 * h;
        float v = sums[e];
#pragma unroll
        for (int g = 1; g < MATH<A, B>::GROUPS; g++) {
            v += sums[1024 * g + e];
        }
        if (CLUSTER) {
            int owner = e / each;
            cluster_put(parts + s * each + e - owner * each, owner, v);
            continue;
        }
        int i = row + e / 32;
        int j = col + e % 32;
        if (i < m && j < n) {
            long long at = (long long) i * n + j;
            epilogue.put(p, c, at, j, v);
        }
    }
    if (!CLUSTER) {
        return;
    }
    cluster_arrive();
    cluster_wait();
#pragma unroll 1
    for (int e = threadIdx.x; e < each; e += 256) {
        int place = s * each + e;
        int i = row + place / 32;
        int j = col + place % 32;
        if (i < m && j < n) {
            float v = parts[e];
            for (int r = 1; r < p.split; r++) {
                v += parts[r * each + e];
            }
            long long at = (long long) i * n + j;
            epilogue.put(p, c, at, j, v);
        }
    }
    if (summing && s == 0) {
        int j = col + threadIdx.x;
        if (threadIdx.x < 32 && j < n) {
            float v = lines[threadIdx.x];
            for (int r = 1; r < p.split; r++) {
                v += lines[32 * r + threadIdx.x];
            }
            ((float *) p.bias)[j] = v;
        }
    }
}

// A product alone: blocks along z are slices of K within products.
template <template <bool, bool> class MATH, bool TA, bool TB, bool CLUSTER, class E>
static __device__ __forceinline__ void small(const Product &p, const E &epilogue) {
    int q = blockIdx.z / p.split;
    tile<MATH, TA, TB, false, CLUSTER>(p, epilogue, blockIdx.x, blockIdx.y, q, blockIdx.z - q * p.split);
}

// Several products of one form in one launch: blocks along x are their tiles, along z slices of K.
#define TOGETHER 24

struct Item {
    const void *a;
    const void *b;
    void *c;
    const void *bias; // a row to be added; behind X^T dY the place of the sums of columns
    int m;
    int n;
    int k;
    int lda;
    int ldb;
    int slice;
    int across; // tiles
    int first;  // of its blocks
    int add;
    int unused;
};

struct Together {
    int count;
    int split;
    Item item[TOGETHER];
};

struct RowAdd {
    int add;
    bool row;
    __device__ __forceinline__ void put(const Product &p, float *c, long long at, int j, float v) const {
        if (row && p.bias != nullptr) {
            v += ((const float *) p.bias)[j];
        }
        c[at] = add ? v + c[at] : v;
    }
};

static __device__ __forceinline__ int item_of(const Together &g, int block) {
    int i = 0;
    while (i + 1 < g.count && block >= g.item[i + 1].first) {
        i++;
    }
    return i;
}

// A cut product without a cluster stores the sums of slices as they are.
template <template <bool, bool> class MATH, bool TA, bool TB, bool CLUSTER>
static __device__ __forceinline__ void together(const Together &g) {
    const Item &t = g.item[item_of(g, blockIdx.x)];
    Product p;
    p.a = t.a;
    p.b = t.b;
    p.c = t.c;
    p.bias = t.bias;
    p.m = t.m;
    p.n = t.n;
    p.k = t.k;
    p.lda = t.lda;
    p.ldb = t.ldb;
    p.split = g.split;
    p.slice = t.slice;
    p.batches = 1;
    p.batch.rank = 0;
    int block = blockIdx.x - t.first;
    int down = block / t.across;
    bool whole = CLUSTER || p.split == 1;
    RowAdd e{whole && t.add, whole && !TA};
    tile<MATH, TA, TB, TA, CLUSTER>(p, e, block - down * t.across, down, 0, blockIdx.z);
}

// Sums of the slices of K, in order, then the epilogue. a: the partial sums, k: their number, m n batches: their size.
template <class E> static __device__ __forceinline__ void finish(const Product &p, const E &epilogue) {
    int i = global_index();
    int size = p.m * p.n * p.batches;
    if (i < size) {
        const float *x = (const float *) p.a + i;
        float v = x[0];
        for (int s = 1; s < p.split; s++) {
            v += x[(long long) s * size];
        }
        epilogue.put(p, (float *) p.c, i, i % p.n, v);
    }
}

// Kernels of a body for all ways the factors are stored and all that becomes of a result.
#define FORMS(NAME, BODY)                                                                   \
    KERNEL am_##NAME##_nn_plain(const Product p) { BODY(false, false, p, Plain()); }          \
    KERNEL am_##NAME##_nt_plain(const Product p) { BODY(false, true, p, Plain()); }           \
    KERNEL am_##NAME##_tn_plain(const Product p) { BODY(true, false, p, Plain()); }           \
    KERNEL am_##NAME##_tt_plain(const Product p) { BODY(true, true, p, Plain()); }            \
    KERNEL am_##NAME##_nn_bias(const Product p) { BODY(false, false, p, Bias()); }            \
    KERNEL am_##NAME##_nt_bias(const Product p) { BODY(false, true, p, Bias()); }             \
    KERNEL am_##NAME##_tn_bias(const Product p) { BODY(true, false, p, Bias()); }             \
    KERNEL am_##NAME##_tt_bias(const Product p) { BODY(true, true, p, Bias()); }              \
    KERNEL am_##NAME##_nn_add(const Product p) { BODY(false, false, p, Add()); }              \
    KERNEL am_##NAME##_nt_add(const Product p) { BODY(false, true, p, Add()); }               \
    KERNEL am_##NAME##_tn_add(const Product p) { BODY(true, false, p, Add()); }               \
    KERNEL am_##NAME##_tt_add(const Product p) { BODY(true, true, p, Add()); }
