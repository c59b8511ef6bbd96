// Matrix products by tensor cores (capability 8.0 and later): factors rounded to nearest in TF32 or BF16, sums in floats. Tiles,
// slices of K, epilogues and clusters are those of the products of floats; here is what multiplies.
#pragma once
#include "product.cuh"

// One step of a warp: 16 x K times K x 8. Lane 4 g + t has rows g and g + 8 of the left factor, column g of the right one, and
// results 2 t and 2 t + 1 of both rows.
struct Tf32Step {
    static constexpr int K = 8;

    static __device__ __forceinline__ unsigned rounded(float x) {
        unsigned r;
        asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(r) : "f"(x));
        return r;
    }

    // x(i, k): element of the left factor; k begins at 0
    template <class X> static __device__ __forceinline__ void left(unsigned (&r)[4], const X &x) {
        int g = (threadIdx.x & 31) / 4;
        int t = threadIdx.x & 3;
        r[0] = rounded(x(g, t));
        r[1] = rounded(x(g + 8, t));
        r[2] = rounded(x(g, t + 4));
        r[3] = rounded(x(g + 8, t + 4));
    }

    template <class X> static __device__ __forceinline__ void right(unsigned (&r)[2], const X &x) {
        int g = (threadIdx.x & 31) / 4;
        int t = threadIdx.x & 3;
        r[0] = rounded(x(g, t));
        r[1] = rounded(x(g, t + 4));
    }

    static __device__ __forceinline__ void multiply(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
        asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                     : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
    }
};

// The k of a step are taken in another order, the same for both factors: where the hardware has 2 t and 2 t + 1 stand t and
// t + 4, so that lanes read words that lie in different banks.
struct Bf16Step {
    static constexpr int K = 16;

    static __device__ __forceinline__ unsigned rounded(float first, float second) {
        unsigned r;
        asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(r) : "f"(second), "f"(first));
        return r;
    }

    template <class X> static __device__ __forceinline__ void left(unsigned (&r)[4], const X &x) {
        int g = (threadIdx.x & 31) / 4;
        int t = threadIdx.x & 3;
        r[0] = rounded(x(g, t), x(g, t + 4));
        r[1] = rounded(x(g + 8, t), x(g + 8, t + 4));
        r[2] = rounded(x(g, t + 8), x(g, t + 12));
        r[3] = rounded(x(g + 8, t + 8), x(g + 8, t + 12));
    }

    template <class X> static __device__ __forceinline__ void right(unsigned (&r)[2], const X &x) {
        int g = (threadIdx.x & 31) / 4;
        int t = threadIdx.x & 3;
        r[0] = rounded(x(g, t), x(g, t + 4));
        r[1] = rounded(x(g, t + 8), x(g, t + 12));
    }

    static __device__ __forceinline__ void multiply(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
        asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                     : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
    }
};

// Four warps have a quarter of the 32 x 32 results each, four more the same with the other half of k.
template <class STEP, bool A, bool B> struct Warps {
    static constexpr int GROUPS = 2;
    float acc[2][4];

    __device__ __forceinline__ Warps() {
#pragma unroll
        for (int j = 0; j < 2; j++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                acc[j][i] = 0;
            }
        }
    }

    __device__ __forceinline__ void multiply(const float *ta, const float *tb) {
        int warp = threadIdx.x / 32;
        int row = (warp & 2) * 8;
        int col = (warp & 1) * 16;
        int half = warp / 4 * (DEEP / 2);
#pragma unroll
        for (int u = 0; u < DEEP / 2; u += STEP::K) {
            int from = half + u;
            unsigned x[4];
            STEP::left(x, [&](int i, int k) { return element<A>(ta, row + i, from + k); });
#pragma unroll
            for (int j = 0; j < 2; j++) {
                unsigned y[2];
                STEP::right(y, [&](int i, int k) { return element<B>(tb, col + 8 * j + i, from + k); });
                STEP::multiply(acc[j], x, y);
            }
        }
    }

    __device__ __forceinline__ void put(float *sums) const {
        int warp = threadIdx.x / 32;
        int row = (warp & 2) * 8 + (threadIdx.x & 31) / 4;
        int col = (warp & 1) * 16 + (threadIdx.x & 3) * 2;
        float *to = sums + warp / 4 * 1024 + row * 32 + col;
#pragma unroll
        for (int j = 0; j < 2; j++) {
            to[8 * j] = acc[j][0];
            to[8 * j + 1] = acc[j][1];
            to[8 * 32 + 8 * j] = acc[j][2];
            to[8 * 32 + 8 * j + 1] = acc[j][3];
        }
    }
};

template <bool A, bool B> using Tf32 = Warps<Tf32Step, A, B>;
template <bool A, bool B> using Bf16 = Warps<Bf16Step, A, B>;

#define BROAD 128
#define BROAD_STEP 16
#define BROAD_STRIDE (BROAD + 8)

// Two groups of four of a 128 x 16 tile: along k they are turned on their way into shared memory.
template <bool ALONG>
static __device__ __forceinline__ void fetch_broad(
        float4 (&v)[2], const float *x, int first, int count, int from, int to, int ld, bool aligned) {
#pragma unroll
    for (int h = 0; h < 2; h++) {
        int e = threadIdx.x + 256 * h;
        v[h] = ALONG ? four(x, first + e / 4, count, from + e % 4 * 4, to, ld, aligned)
                     : four(x, from + e / 32, to, first + e % 32 * 4, count, ld, aligned);
    }
}

template <bool ALONG> static __device__ __forceinline__ void keep_broad(float (*tile)[BROAD_STRIDE], const float4 (&v)[2]) {
#pragma unroll
    for (int h = 0; h < 2; h++) {
        int e = threadIdx.x + 256 * h;
        if (ALONG) {
            int k = e % 4 * 4;
            tile[k][e / 4] = v[h].x;
            tile[k + 1][e / 4] = v[h].y;
            tile[k + 2][e / 4] = v[h].z;
            tile[k + 3][e / 4] = v[h].w;
        } else {
            *(float4 *) &tile[e / 32][e % 32 * 4] = v[h];
        }
    }
}

// 128 x 128 tiles: warps have 64 x 32. Two tiles take turns: one barrier a step.
template <class STEP, bool TA, bool TB, class E> static __device__ __forceinline__ void broad(const Product &p, const E &epilogue) {
    __shared__ float ta[2][BROAD_STEP][BROAD_STRIDE];
    __shared__ float tb[2][BROAD_STEP][BROAD_STRIDE];
    const float *a, *b;
    float *c;
    corner(p, blockIdx.z, a, b, c);
    int m = p.m, n = p.n, k = p.k, lda = p.lda, ldb = p.ldb;
    int row = blockIdx.y * BROAD;
    int col = blockIdx.x * BROAD;
    bool fa = on_four(a, lda);
    bool fb = on_four(b, ldb);
    int warp = threadIdx.x / 32;
    int ri = warp / 4 * 64;
    int cj = warp % 4 * 32;
    float acc[4][4][4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
#pragma unroll
        for (int j = 0; j < 4; j++) {
#pragma unroll
            for (int l = 0; l < 4; l++) {
                acc[i][j][l] = 0;
            }
        }
    }
    float4 va[2], vb[2];
    fetch_broad<!TA>(va, a, row, m, 0, k, lda, fa);
    fetch_broad<TB>(vb, b, col, n, 0, k, ldb, fb);
    int turn = 0;
#pragma unroll 1
    for (int from = 0; from < k; from += BROAD_STEP) {
        keep_broad<!TA>(ta[turn], va);
        keep_broad<TB>(tb[turn], vb);
        __syncthreads();
        fetch_broad<!TA>(va, a, row, m, from + BROAD_STEP, k, lda, fa);
        fetch_broad<TB>(vb, b, col, n, from + BROAD_STEP, k, ldb, fb);
#pragma unroll
        for (int u = 0; u < BROAD_STEP; u += STEP::K) {
            unsigned x[4][4], y[4][2];
#pragma unroll
            for (int i = 0; i < 4; i++) {
                STEP::left(x[i], [&](int r, int l) { return ta[turn][u + l][ri + 16 * i + r]; });
                STEP::right(y[i], [&](int r, int l) { return tb[turn][u + l][cj + 8 * i + r]; });
            }
#pragma unroll
            for (int i = 0; i < 4; i++) {
#pragma unroll
                for (int j = 0; j < 4; j++) {
                    STEP::multiply(acc[i][j], x[i], y[j]);
                }
            }
        }
        turn ^= 1;
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
#pragma unroll
        for (int j = 0; j < 4; j++) {
#pragma unroll
            for (int l = 0; l < 4; l++) {
                int r = row + ri + 16 * i + (threadIdx.x & 31) / 4 + l / 2 * 8;
                int s = col + cj + 8 * j + (threadIdx.x & 3) * 2 + l % 2;
                if (r < m && s < n) {
                    epilogue.put(p, c, (long long) r * n + s, s, acc[i][j][l]);
                }
            }
        }
    }
}
