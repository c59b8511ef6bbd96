// Philox4x32-10 with the bits of org.amortis.math.Philox, keys that are derived from others, and what draws have in common. A
// launch has several draws; each derives its keys from a stored one, so that no kernel is launched to make them.
#pragma once
#include "common.cuh"

#define DRAW 1u
#define FOLD 0x464f4c44u

static __device__ __forceinline__ uint4 philox(unsigned p, unsigned q, unsigned a, unsigned b, unsigned c, unsigned d) {
#pragma unroll
    for (int round = 0; round < 10; round++) {
        unsigned xh = __umulhi(0xD2511F53u, a);
        unsigned xl = 0xD2511F53u * a;
        unsigned yh = __umulhi(0xCD9E8D57u, c);
        unsigned yl = 0xCD9E8D57u * c;
        a = yh ^ b ^ p;
        b = yl;
        c = xh ^ d ^ q;
        d = xl;
        p += 0x9E3779B9u;
        q += 0xBB67AE85u;
    }
    return make_uint4(a, b, c, d);
}

static __device__ __forceinline__ double uniform(unsigned hi, unsigned lo) {
    unsigned long long w = ((unsigned long long) hi << 21) | (lo >> 11);
    return __dmul_rn(__dadd_rn((double) (long long) w, 0.5), 0x1p-53);
}

// Most steps from a stored key to the one that is drawn from, and most draws of a launch.
#define FOLDS 5
#define DRAWS 7

// A key of a key and a number: the number is one for all, has been stored, or counts the keys made of one.
struct Fold {
    const int *number; // null: low and high
    unsigned low;
    unsigned high;
    unsigned tag;
    int split; // keys of one key, 0: one
    Walk walk; // with stored numbers: first strides of keys, second of numbers
};

struct Draw {
    const unsigned *root; // stored keys, two words each
    void *y;
    const void *alpha; // of gamma draws
    int rows;          // keys that are drawn from
    int n;             // elements of a row
    int kind;
    int first; // of its blocks
    int folds;
    int unused;
    Fold fold[FOLDS];
};

struct Draws {
    int count;
    int unused;
    Draw draw[DRAWS];
};

// What a draw makes of its words.
#define KEYS 0
#define BITS 1
#define UNIFORM 2
#define NORMAL 3
#define GAMMA 4
#define LOG_GAMMA 5

// The key of a row: places are found from the last step to the stored key, keys from there to the last.
static __device__ __forceinline__ uint2 key_of(const Draw &a, int row) {
    unsigned low[FOLDS];
    int at = row;
#pragma unroll 1
    for (int d = a.folds - 1; d >= 0; d--) {
        const Fold &f = a.fold[d];
        low[d] = f.low;
        if (f.number != nullptr) {
            int key, number;
            walk_offsets(f.walk, at, key, number);
            low[d] = f.number[number];
            at = key;
        } else if (f.split > 0) {
            low[d] = at % f.split;
            at /= f.split;
        }
    }
    uint2 key = make_uint2(a.root[2 * at], a.root[2 * at + 1]);
#pragma unroll 1
    for (int d = 0; d < a.folds; d++) {
        const Fold &f = a.fold[d];
        uint4 w = philox(key.x, key.y, low[d], f.high, FOLD, f.tag);
        key = make_uint2(w.x, w.y);
    }
    return key;
}

// The draw that a block has a part of, and the number of the thread in it.
static __device__ __forceinline__ const Draw &draw_of(const Draws &all, int &i) {
    int d = 0;
    while (d + 1 < all.count && blockIdx.x >= all.draw[d + 1].first) {
        d++;
    }
    i = (blockIdx.x - all.draw[d].first) * blockDim.x + threadIdx.x;
    return all.draw[d];
}

// Stores the key of a row itself.
static __device__ __forceinline__ void keep_key(const Draw &a, int row) {
    if (row < a.rows) {
        uint2 key = key_of(a, row);
        unsigned *y = (unsigned *) a.y + 2 * row;
        y[0] = key.x;
        y[1] = key.y;
    }
}
