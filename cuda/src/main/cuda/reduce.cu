// Reductions over any axes: each result has a list of kept axes and one of reduced axes. The order of additions depends on
// the shapes alone.
#include "common.cuh"

struct Reduce {
    const void *x;
    void *y;
    int results;
    int terms;  // elements reduced into one result
    int length; // terms of one chunk; chunk c of result r goes to y[c * results + r]
    Walk kept;    // first: strides in x
    Walk reduced; // first: strides in x
};

struct Sum {
    template <class T> static __device__ __forceinline__ T zero() { return (T) 0; }
    template <class T> static __device__ __forceinline__ T both(T a, T b) { return a + b; }
};
struct Max {
    template <class T> static __device__ __forceinline__ T zero();
    template <class T> static __device__ __forceinline__ T both(T a, T b) { return largest(a, b); }
};
template <> __device__ __forceinline__ float Max::zero<float>() { return __int_as_float(0xff800000); }
template <> __device__ __forceinline__ double Max::zero<double>() { return __longlong_as_double(0xfff0000000000000LL); }
template <> __device__ __forceinline__ int Max::zero<int>() { return 0x80000000; }
struct Min {
    template <class T> static __device__ __forceinline__ T zero();
    template <class T> static __device__ __forceinline__ T both(T a, T b) { return smallest(a, b); }
};
template <> __device__ __forceinline__ float Min::zero<float>() { return __int_as_float(0x7f800000); }
template <> __device__ __forceinline__ double Min::zero<double>() { return __longlong_as_double(0x7ff0000000000000LL); }
template <> __device__ __forceinline__ int Min::zero<int>() { return 0x7fffffff; }

// One thread a result: few terms, or results that lie side by side.
template <class Op, class T> static __device__ __forceinline__ void by_thread(const Reduce &a) {
    int r = global_index();
    if (r >= a.results) {
        return;
    }
    int base, unused;
    walk_offsets(a.kept, r, base, unused);
    int from = blockIdx.y * a.length;
    int to = min(a.terms, from + a.length);
    T acc = Op::template zero<T>();
    for (int i = from; i < to; i++) {
        int o;
        walk_offsets(a.reduced, i, o, unused);
        acc = Op::both(acc, ((const T *) a.x)[base + o]);
    }
    ((T *) a.y)[blockIdx.y * a.results + r] = acc;
}

// One warp a result.
template <class Op, class T> static __device__ __forceinline__ void by_warp(const Reduce &a) {
    int r = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
    int lane = threadIdx.x & 31;
    if (r >= a.results) {
        return;
    }
    int base, unused;
    walk_offsets(a.kept, r, base, unused);
    int from = blockIdx.y * a.length;
    int to = min(a.terms, from + a.length);
    T acc = Op::template zero<T>();
    for (int i = from + lane; i < to; i += 32) {
        int o;
        walk_offsets(a.reduced, i, o, unused);
        acc = Op::both(acc, ((const T *) a.x)[base + o]);
    }
    for (int d = 16; d > 0; d /= 2) {
        acc = Op::both(acc, __shfl_down_sync(FULL, acc, d));
    }
    if (lane == 0) {
        ((T *) a.y)[blockIdx.y * a.results + r] = acc;
    }
}

// 32 results side by side, 8 lanes of terms: sums of columns.
template <class Op, class T> static __device__ __forceinline__ void by_columns(const Reduce &a) {
    __shared__ T part[8][33];
    int r = blockIdx.x * 32 + threadIdx.x;
    int from = blockIdx.y * a.length;
    int to = min(a.terms, from + a.length);
    T acc = Op::template zero<T>();
    if (r < a.results) {
        int base, unused;
        walk_offsets(a.kept, r, base, unused);
        for (int i = from + threadIdx.y; i < to; i += 8) {
            int o;
            walk_offsets(a.reduced, i, o, unused);
            acc = Op::both(acc, ((const T *) a.x)[base + o]);
        }
    }
    part[threadIdx.y][threadIdx.x] = acc;
    __syncthreads();
    if (threadIdx.y == 0 && r < a.results) {
        for (int l = 1; l < 8; l++) {
            acc = Op::both(acc, part[l][threadIdx.x]);
        }
        ((T *) a.y)[blockIdx.y * a.results + r] = acc;
    }
}

#define REDUCE(NAME, OP, T, SUFFIX)                                                              \
    KERNEL am_##NAME##_thread_##SUFFIX(const Reduce a) { by_thread<OP, T>(a); }                  \
    KERNEL am_##NAME##_warp_##SUFFIX(const Reduce a) { by_warp<OP, T>(a); }                      \
    KERNEL am_##NAME##_columns_##SUFFIX(const Reduce a) { by_columns<OP, T>(a); }

REDUCE(sum, Sum, float, f32)
REDUCE(sum, Sum, double, f64)
REDUCE(sum, Sum, int, i32)
REDUCE(max, Max, float, f32)
REDUCE(max, Max, double, f64)
REDUCE(max, Max, int, i32)
REDUCE(min, Min, float, f32)
REDUCE(min, Min, double, f64)
REDUCE(min, Min, int, i32)

struct ArgMax {
    const void *x;
    int *y;
    int results;
    int n;
    int inner;
};

// The first of the largest; the first NaN wins. One warp a result.
template <class T> static __device__ __forceinline__ void argmax(const ArgMax &a) {
    int r = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
    int lane = threadIdx.x & 31;
    if (r >= a.results) {
        return;
    }
    const T *x = (const T *) a.x + (long long) (r / a.inner) * a.n * a.inner + r % a.inner;
    int best = lane < a.n ? lane : 0;
    T top = x[(long long) best * a.inner];
    for (int i = lane + 32; i < a.n; i += 32) {
        T v = x[(long long) i * a.inner];
        if (v > top || (v != v && top == top)) {
            top = v;
            best = i;
        }
    }
    for (int d = 16; d > 0; d /= 2) {
        T v = __shfl_down_sync(FULL, top, d);
        int i = __shfl_down_sync(FULL, best, d);
        bool nan = v != v;
        bool mine = top != top;
        bool take = nan ? !mine || i < best : !mine && (v > top || (v == top && i < best));
        if (take) {
            top = v;
            best = i;
        }
    }
    if (lane == 0) {
        a.y[r] = best;
    }
}

KERNEL am_argmax_f32(const ArgMax a) { argmax<float>(a); }
KERNEL am_argmax_f64(const ArgMax a) { argmax<double>(a); }
KERNEL am_argmax_i32(const ArgMax a) { argmax<int>(a); }
