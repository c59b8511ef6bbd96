// Copies, fills, strided copies; what writes states takes a gate and does nothing where it is not 0.
#include "common.cuh"

struct Copy {
    const int *x;
    int *y;
    const int *gate;
    int n; // words of four bytes
};

static __device__ __forceinline__ bool closed(const int *gate) { return gate != nullptr && *gate != 0; }

KERNEL am_copy(const Copy a) {
    int i = global_index();
    if (i < a.n && !closed(a.gate)) {
        a.y[i] = a.x[i];
    }
}

// Four words a thread; both sides on 16 bytes, n a multiple of 4.
KERNEL am_copy4(const Copy a) {
    int i = 4 * global_index();
    if (i < a.n && !closed(a.gate)) {
        *(int4 *) (a.y + i) = *(const int4 *) (a.x + i);
    }
}

struct Fill {
    int *y;
    const int *gate;
    int n; // elements
    int low;
    int high;
};

KERNEL am_fill_w4(const Fill a) {
    int i = global_index();
    if (i < a.n && !closed(a.gate)) {
        a.y[i] = a.low;
    }
}

KERNEL am_fill_w8(const Fill a) {
    int i = global_index();
    if (i < a.n && !closed(a.gate)) {
        ((int2 *) a.y)[i] = make_int2(a.low, a.high);
    }
}

struct Strided {
    const void *x;
    void *y;
    int n;
    Walk walk; // first: source, second: target
};

template <class T> static __device__ __forceinline__ void strided(const Strided &a) {
    int i = global_index();
    if (i < a.n) {
        int from, to;
        walk_offsets(a.walk, i, from, to);
        ((T *) a.y)[to] = ((const T *) a.x)[from];
    }
}

KERNEL am_strided_w4(const Strided a) { strided<int>(a); }
KERNEL am_strided_w8(const Strided a) { strided<long long>(a); }

// Rows of 32 x 32 tiles through shared memory: transposes read and write whole lines.
struct Transpose {
    const int *x;
    int *y;
    int rows; // of x
    int cols;
};

KERNEL am_transpose_w4(const Transpose a) {
    __shared__ int tile[32][33];
    long long at = (long long) blockIdx.z * a.rows * a.cols;
    int column = blockIdx.x * 32 + threadIdx.x;
    for (int r = threadIdx.y; r < 32; r += 8) {
        int row = blockIdx.y * 32 + r;
        if (row < a.rows && column < a.cols) {
            tile[r][threadIdx.x] = a.x[at + (long long) row * a.cols + column];
        }
    }
    __syncthreads();
    int row = blockIdx.y * 32 + threadIdx.x;
    for (int c = threadIdx.y; c < 32; c += 8) {
        int to = blockIdx.x * 32 + c;
        if (row < a.rows && to < a.cols) {
            a.y[at + (long long) to * a.rows + row] = tile[threadIdx.x][c];
        }
    }
}

// Steps of loops and of runs: what differs between replays is read on the device.
struct Step {
    int *step;
    int value;
    int add; // 0: set, else: add value
};

KERNEL am_step(const Step a) { *a.step = a.add ? *a.step + a.value : a.value; }

struct Slice {
    const int *x;
    int *y;
    const int *step;
    const int *done; // a loop that has stopped copies nothing; null if it cannot stop
    int n;
    int into; // 0: y = x[step], 1: y[step] = x
};

KERNEL am_slice(const Slice a) {
    int i = global_index();
    if (i < a.n) {
        long long at = (long long) *a.step * a.n + i;
        if (a.into) {
            a.y[at] = a.x[i];
        } else {
            a.y[i] = a.x[at];
        }
    }
}

// The end of a step: which guard is not finite, whether an index was bad; the host reads what is found.
struct Gate {
    int *control; // the gate, and three words about a bad index
    int *report;  // the same where the host sees it
    const void *guard[16];
    int count;
    int first; // number of the first guard
    int wide;  // bits: double, else float
};

KERNEL am_gate(const Gate a) {
    int gate = a.control[0];
    for (int i = 0; i < a.count && gate == 0; i++) {
        bool wide = a.wide >> i & 1;
        bool ok = wide ? isfinite(*(const double *) a.guard[i]) : isfinite(*(const float *) a.guard[i]);
        gate = ok ? 0 : a.first + i + 1;
    }
    // a bad index closes commits too
    if (gate == 0 && a.control[1] != 0) {
        gate = -1;
    }
    a.control[0] = gate;
    a.report[0] = gate;
    for (int i = 1; i < 4; i++) {
        a.report[i] = a.control[i];
    }
}
