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

// With SUMS, the blocks of the first row of tiles also add up the columns of b, which are stored where a row would be.
template <bool TA, bool TB, bool SUMS, class E>
static __device__ __forceinline__ void small(const Product &p, const E &epilogue) {
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
        if (SUMS && blockIdx.y == 0) {
#pragma unroll
            for (int u = 0; u < DEEP / 8; u++) {
                column += tb[(threadIdx.x / 32 * (DEEP / 8) + u) * Tile<B>::STRIDE + (threadIdx.x & 31)];
            }
        }
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
    float *sums = (float *) room;
    if (SUMS && blockIdx.y == 0) {
        sums[threadIdx.x] = column;
        __syncthreads();
        int j = col + threadIdx.x;
        if (threadIdx.x < 32 && j < n) {
            for (int l = 1; l < 8; l++) {
                column += sums[32 * l + threadIdx.x];
            }
            ((float *) p.bias)[s * n + j] = column;
        }
        __syncthreads();
    }
    // the four groups' sums, added in order
#pragma unroll
    for (int i = 0; i < 4; i++) {
#pragma unroll
        for (int j = 0; j < 4; j++) {
            sums[group * 1024 + mine<A>(ty, i) * 32 + mine<B>(tx, j)] = acc[i][j];
        }
    }
    __syncthreads();
    c += (long long) s * p.batches * m * n;
#pragma unroll 1
    for (int h = 0; h < 4; h++) {
        int e = threadIdx.x + 256 * h;
        int i = row + e / 32;
        int j = col + e % 32;
        if (i < m && j < n) {
            float v = sums[e] + sums[1024 + e] + sums[2048 + e] + sums[3072 + e];
            long long at = (long long) i * n + j;
            epilogue.put(p, c, at, j, v);
        }
    }
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
