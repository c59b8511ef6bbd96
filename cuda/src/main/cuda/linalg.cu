// Cholesky factors and triangular solves of many small matrices, in place in device memory; one block a matrix.
#include "common.cuh"

struct Cholesky {
    const void *x;
    void *y;
    int n;
};

// Column by column: the threads of a block share the rows below the pivot. A pivot that is not positive is NaN, and so is
// what depends on it. Above the diagonal: zeros.
template <class T> static __device__ __forceinline__ void cholesky(const Cholesky &a) {
    int n = a.n;
    const T *x = (const T *) a.x + (long long) blockIdx.x * n * n;
    T *l = (T *) a.y + (long long) blockIdx.x * n * n;
    for (int i = threadIdx.x; i < n * n; i += blockDim.x) {
        l[i] = i % n <= i / n ? x[i] : (T) 0;
    }
    __syncthreads();
    for (int j = 0; j < n; j++) {
        for (int i = j + threadIdx.x; i < n; i += blockDim.x) {
            T sum = l[i * n + j];
            for (int k = 0; k < j; k++) {
                sum -= l[i * n + k] * l[j * n + k];
            }
            l[i * n + j] = sum;
        }
        __syncthreads();
        T pivot = l[j * n + j];
        pivot = pivot > 0 ? sqrt(pivot) : (T) __int_as_float(0x7fc00000);
        __syncthreads();
        for (int i = j + threadIdx.x; i < n; i += blockDim.x) {
            l[i * n + j] = i == j ? pivot : l[i * n + j] / pivot;
        }
        __syncthreads();
    }
}

KERNEL am_cholesky_f32(const Cholesky a) { cholesky<float>(a); }
KERNEL am_cholesky_f64(const Cholesky a) { cholesky<double>(a); }

struct Solve {
    const void *t;
    const void *b;
    void *x;
    int n;
    int m;
    int count; // matrices of the batch
    int lower;
    int transpose;
    int unit;
    Walk batch; // first: strides of t in matrices, second: of b
};

// One warp a column of the right side; the lanes share the sum over what is already solved.
template <class T> static __device__ __forceinline__ void solve(const Solve &a) {
    int w = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
    int lane = threadIdx.x & 31;
    if (w >= a.count * a.m) {
        return;
    }
    int q = w / a.m;
    int c = w % a.m;
    int qt, qb;
    walk_offsets(a.batch, q, qt, qb);
    int n = a.n;
    const T *t = (const T *) a.t + (long long) qt * n * n;
    const T *b = (const T *) a.b + (long long) qb * n * a.m + c;
    T *x = (T *) a.x + (long long) q * n * a.m + c;
    bool forward = (a.lower != 0) != (a.transpose != 0);
    for (int r = 0; r < n; r++) {
        int i = forward ? r : n - 1 - r;
        T sum = 0;
        for (int u = lane; u < r; u += 32) {
            int k = forward ? u : n - 1 - u;
            T f = a.transpose ? t[k * n + i] : t[i * n + k];
            sum += f * x[(long long) k * a.m];
        }
        for (int d = 16; d > 0; d /= 2) {
            sum += __shfl_xor_sync(FULL, sum, d);
        }
        if (lane == 0) {
            T v = b[(long long) i * a.m] - sum;
            x[(long long) i * a.m] = a.unit ? v : v / t[i * n + i];
        }
        __syncwarp();
    }
}

KERNEL am_solve_f32(const Solve a) { solve<float>(a); }
KERNEL am_solve_f64(const Solve a) { solve<double>(a); }
