// Gathers, sums by index without atomics, running sums. An index outside its axis is reported through status and read as 0.
#include "common.cuh"

struct Gather {
    const void *x;
    const int *index;
    void *y;
    int *status;
    int size;  // of y
    int count; // indices
    int n;     // length of the axis
    int inner;
    int id; // of the instruction, for the report
};

static __device__ __forceinline__ int checked(int i, int n, int *status, int id) {
    if (i >= 0 && i < n) {
        return i;
    }
    status[1] = i;
    status[2] = n;
    status[0] = id + 1;
    return 0;
}

template <class T> static __device__ __forceinline__ void gather(const Gather &a) {
    int i = global_index();
    if (i < a.size) {
        int k = i % a.inner;
        int row = i / a.inner;
        int j = row % a.count;
        int o = row / a.count;
        int at = checked(a.index[j], a.n, a.status, a.id);
        ((T *) a.y)[i] = ((const T *) a.x)[((long long) o * a.n + at) * a.inner + k];
    }
}

KERNEL am_gather_w4(const Gather a) { gather<int>(a); }
KERNEL am_gather_w8(const Gather a) { gather<long long>(a); }

// y[o, t, k] = sum over j with index[j] = t of x[o, j, k], in the order of j. A block has one t and one o and finds its j
// first, 256 at a time; its threads then share k.
template <class T> static __device__ __forceinline__ void scatter(const Gather &a) {
    __shared__ int found[256];
    __shared__ int counts[8];
    int t = blockIdx.x % a.n;
    int o = blockIdx.x / a.n;
    int k = blockIdx.y * 256 + threadIdx.x;
    T acc = 0;
    for (int first = 0; first < a.count; first += 256) {
        int j = first + threadIdx.x;
        bool hit = false;
        if (j < a.count) {
            int i = a.index[j];
            if (t == 0) {
                checked(i, a.n, a.status, a.id);
            }
            hit = i == t;
        }
        unsigned vote = __ballot_sync(FULL, hit);
        int warp = threadIdx.x / 32;
        if ((threadIdx.x & 31) == 0) {
            counts[warp] = __popc(vote);
        }
        __syncthreads();
        int at = __popc(vote & ((1u << (threadIdx.x & 31)) - 1));
        int total = 0;
        for (int w = 0; w < 8; w++) {
            at += w < warp ? counts[w] : 0;
            total += counts[w];
        }
        if (hit) {
            found[at] = j;
        }
        __syncthreads();
        if (k < a.inner) {
            for (int f = 0; f < total; f++) {
                acc += ((const T *) a.x)[((long long) o * a.count + found[f]) * a.inner + k];
            }
        }
        __syncthreads();
    }
    if (k < a.inner) {
        ((T *) a.y)[((long long) o * a.n + t) * a.inner + k] = acc;
    }
}

KERNEL am_scatter_f32(const Gather a) { scatter<float>(a); }
KERNEL am_scatter_f64(const Gather a) { scatter<double>(a); }
KERNEL am_scatter_i32(const Gather a) { scatter<int>(a); }

// y[o, j, k] = x[o, index[o, j, k], k] with count the length of the index's axis.
template <class T> static __device__ __forceinline__ void take(const Gather &a) {
    int i = global_index();
    if (i < a.size) {
        int k = i % a.inner;
        int o = i / a.inner / a.count;
        int at = checked(a.index[i], a.n, a.status, a.id);
        ((T *) a.y)[i] = ((const T *) a.x)[((long long) o * a.n + at) * a.inner + k];
    }
}

KERNEL am_take_w4(const Gather a) { take<int>(a); }
KERNEL am_take_w8(const Gather a) { take<long long>(a); }

// y[o, t, k] = sum over j with index[o, j, k] = t of x[o, j, k], one thread a result.
template <class T> static __device__ __forceinline__ void add_along(const Gather &a) {
    int i = global_index();
    if (i < a.size) {
        int k = i % a.inner;
        int row = i / a.inner;
        int t = row % a.n;
        int o = row / a.n;
        T acc = 0;
        for (int j = 0; j < a.count; j++) {
            long long at = ((long long) o * a.count + j) * a.inner + k;
            int to = a.index[at];
            if (t == 0) {
                checked(to, a.n, a.status, a.id);
            }
            acc += to == t ? ((const T *) a.x)[at] : (T) 0;
        }
        ((T *) a.y)[i] = acc;
    }
}

KERNEL am_add_along_f32(const Gather a) { add_along<float>(a); }
KERNEL am_add_along_f64(const Gather a) { add_along<double>(a); }
KERNEL am_add_along_i32(const Gather a) { add_along<int>(a); }

struct Cumsum {
    const void *x;
    void *y;
    int lines;
    int n;
    int inner;
    int reverse;
};

// One warp a line, 32 elements at a time.
template <class T> static __device__ __forceinline__ void cumsum(const Cumsum &a) {
    int l = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
    int lane = threadIdx.x & 31;
    if (l >= a.lines) {
        return;
    }
    long long base = (long long) (l / a.inner) * a.n * a.inner + l % a.inner;
    T carry = 0;
    for (int first = 0; first < a.n; first += 32) {
        int i = first + lane;
        long long at = base + (long long) (a.reverse ? a.n - 1 - i : i) * a.inner;
        T v = i < a.n ? ((const T *) a.x)[at] : (T) 0;
        for (int d = 1; d < 32; d *= 2) {
            T w = __shfl_up_sync(FULL, v, d);
            v = lane >= d ? v + w : v;
        }
        v += carry;
        if (i < a.n) {
            ((T *) a.y)[at] = v;
        }
        carry = __shfl_sync(FULL, v, 31);
    }
}

// One thread a line, where lines lie side by side.
template <class T> static __device__ __forceinline__ void cumsum_lines(const Cumsum &a) {
    int l = global_index();
    if (l >= a.lines) {
        return;
    }
    long long base = (long long) (l / a.inner) * a.n * a.inner + l % a.inner;
    T acc = 0;
    for (int i = 0; i < a.n; i++) {
        long long at = base + (long long) (a.reverse ? a.n - 1 - i : i) * a.inner;
        acc += ((const T *) a.x)[at];
        ((T *) a.y)[at] = acc;
    }
}

KERNEL am_cumsum_f32(const Cumsum a) { cumsum<float>(a); }
KERNEL am_cumsum_f64(const Cumsum a) { cumsum<double>(a); }
KERNEL am_cumsum_i32(const Cumsum a) { cumsum<int>(a); }
KERNEL am_cumsum_lines_f32(const Cumsum a) { cumsum_lines<float>(a); }
KERNEL am_cumsum_lines_f64(const Cumsum a) { cumsum_lines<double>(a); }
KERNEL am_cumsum_lines_i32(const Cumsum a) { cumsum_lines<int>(a); }

struct Recurrence {
    const void *a;
    const void *b;       // terms; null: the running product
    const void *initial; // null: the first value is the first term
    void *y;
    int lines;
    int n;
    int inner;
    int reverse;
    int late; // 1: the factor is that of the element before
};

// One thread a line; S is the type of the value that is carried.
template <class T, class S> static __device__ __forceinline__ void recurrence(const Recurrence &a) {
    int l = global_index();
    if (l >= a.lines) {
        return;
    }
    const T *factors = (const T *) a.a;
    const T *terms = (const T *) a.b;
    long long base = (long long) (l / a.inner) * a.n * a.inner + l % a.inner;
    long long step = a.reverse ? -a.inner : a.inner;
    long long at = base + (a.reverse ? (long long) (a.n - 1) * a.inner : 0);
    S value = a.initial ? (S) ((const T *) a.initial)[l] : (S) 0;
    for (int i = 0; i < a.n; i++, at += step) {
        S term = terms ? (S) terms[at] : (S) 0;
        if (i == 0 && !a.initial) {
            value = terms ? term : (S) factors[at];
        } else {
            value = (S) factors[a.late ? at - step : at] * value + term;
        }
        ((T *) a.y)[at] = (T) value;
    }
}

KERNEL am_recurrence_f32(const Recurrence a) { recurrence<float, double>(a); }
KERNEL am_recurrence_f64(const Recurrence a) { recurrence<double, double>(a); }
KERNEL am_recurrence_i32(const Recurrence a) { recurrence<int, int>(a); }
