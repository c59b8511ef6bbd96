// Composites over rows that lie one after the other. A row has 32 threads or 256; sums run over threads in a fixed order.
#include "common.cuh"

// Rows are short or memory-bound: unrolled loops would only make the code ten times as long.
#define ROLLED _Pragma("unroll 1")

struct Rows {
    const void *x0;
    const void *x1;
    const void *x2;
    const void *x3;
    void *y0;
    void *y1;
    void *y2;
    double epsilon;
    int rows;
    int n;
};

struct Plus {
    template <class T> static __device__ __forceinline__ T both(T a, T b) { return a + b; }
};
struct Largest {
    template <class T> static __device__ __forceinline__ T both(T a, T b) { return largest(a, b); }
};

// The same value in all W threads of the row.
template <class Op, int W, class T> static __device__ __forceinline__ T all(T v) {
    for (int d = 16; d > 0; d /= 2) {
        v = Op::both(v, __shfl_xor_sync(FULL, v, d));
    }
    if (W > 32) {
        __shared__ T part[W / 32];
        __syncthreads();
        if ((threadIdx.x & 31) == 0) {
            part[threadIdx.x / 32] = v;
        }
        __syncthreads();
        v = part[0];
        for (int w = 1; w < W / 32; w++) {
            v = Op::both(v, part[w]);
        }
    }
    return v;
}

static __device__ __forceinline__ float exponential(float x) { return expf(x); }
static __device__ __forceinline__ double exponential(double x) { return exp(x); }
static __device__ __forceinline__ float logarithm(float x) { return logf(x); }
static __device__ __forceinline__ double logarithm(double x) { return log(x); }
static __device__ __forceinline__ float root(float x) { return __fsqrt_rn(x); }
static __device__ __forceinline__ double root(double x) { return sqrt(x); }
static __device__ __forceinline__ float tangent(float x) { return tanhf(x); }
static __device__ __forceinline__ double tangent(double x) { return tanh(x); }
template <class T> static __device__ __forceinline__ T lowest();
template <> __device__ __forceinline__ float lowest<float>() { return __int_as_float(0xff800000); }
template <> __device__ __forceinline__ double lowest<double>() { return __longlong_as_double(0xfff0000000000000LL); }

template <int W> static __device__ __forceinline__ int row() {
    return W > 32 ? blockIdx.x : blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
}
template <int W> static __device__ __forceinline__ int lane() { return W > 32 ? threadIdx.x : threadIdx.x & 31; }

template <int W, class T> static __device__ __forceinline__ T row_max(const T *x, int n) {
    T m = lowest<T>();
    ROLLED
    for (int i = lane<W>(); i < n; i += W) {
        m = largest(m, x[i]);
    }
    return all<Largest, W>(m);
}

template <int W, class T> static __device__ __forceinline__ T row_exp(const T *x, int n, T shift) {
    T s = 0;
    ROLLED
    for (int i = lane<W>(); i < n; i += W) {
        s += exponential(x[i] - shift);
    }
    return all<Plus, W>(s);
}

template <int W, class T> static __device__ __forceinline__ void logsumexp(const Rows &a) {
    int r = row<W>();
    if (r < a.rows) {
        const T *x = (const T *) a.x0 + (long long) r * a.n;
        T m = row_max<W>(x, a.n);
        T shift = isinf(m) ? (T) 0 : m;
        T s = row_exp<W>(x, a.n, shift);
        if (lane<W>() == 0) {
            ((T *) a.y0)[r] = logarithm(s) + shift;
        }
    }
}

template <int W, class T> static __device__ __forceinline__ void logsumexp_gradient(const Rows &a) {
    int r = row<W>();
    if (r < a.rows) {
        const T *x = (const T *) a.x0 + (long long) r * a.n;
        T *y = (T *) a.y0 + (long long) r * a.n;
        T lse = ((const T *) a.x1)[r];
        lse = lse == lowest<T>() ? (T) 0 : lse;
        T dy = ((const T *) a.x2)[r];
        ROLLED
        for (int i = lane<W>(); i < a.n; i += W) {
            y[i] = dy * exponential(x[i] - lse);
        }
    }
}

template <int W, class T> static __device__ __forceinline__ void softmax(const Rows &a) {
    int r = row<W>();
    if (r < a.rows) {
        const T *x = (const T *) a.x0 + (long long) r * a.n;
        T *y = (T *) a.y0 + (long long) r * a.n;
        T m = row_max<W>(x, a.n);
        T s = row_exp<W>(x, a.n, m);
        ROLLED
        for (int i = lane<W>(); i < a.n; i += W) {
            y[i] = exponential(x[i] - m) / s;
        }
    }
}

template <int W, class T> static __device__ __forceinline__ void softmax_gradient(const Rows &a) {
    int r = row<W>();
    if (r < a.rows) {
        const T *x = (const T *) a.x0 + (long long) r * a.n;
        const T *dy = (const T *) a.x1 + (long long) r * a.n;
        T *y = (T *) a.y0 + (long long) r * a.n;
        T s = 0;
        ROLLED
        for (int i = lane<W>(); i < a.n; i += W) {
            s += x[i] * dy[i];
        }
        s = all<Plus, W>(s);
        ROLLED
        for (int i = lane<W>(); i < a.n; i += W) {
            y[i] = (dy[i] - s) * x[i];
        }
    }
}

template <int W, class T> static __device__ __forceinline__ void log_softmax(const Rows &a) {
    int r = row<W>();
    if (r < a.rows) {
        const T *x = (const T *) a.x0 + (long long) r * a.n;
        T *y = (T *) a.y0 + (long long) r * a.n;
        T m = row_max<W>(x, a.n);
        T log = logarithm(row_exp<W>(x, a.n, m));
        ROLLED
        for (int i = lane<W>(); i < a.n; i += W) {
            y[i] = x[i] - m - log;
        }
    }
}

template <int W, class T> static __device__ __forceinline__ void log_softmax_gradient(const Rows &a) {
    int r = row<W>();
    if (r < a.rows) {
        const T *x = (const T *) a.x0 + (long long) r * a.n;
        const T *dy = (const T *) a.x1 + (long long) r * a.n;
        T *y = (T *) a.y0 + (long long) r * a.n;
        T s = 0;
        ROLLED
        for (int i = lane<W>(); i < a.n; i += W) {
            s += dy[i];
        }
        s = all<Plus, W>(s);
        ROLLED
        for (int i = lane<W>(); i < a.n; i += W) {
            y[i] = dy[i] - exponential(x[i]) * s;
        }
    }
}

template <int W, class T> static __device__ __forceinline__ void moments(const T *x, int n, T epsilon, T &mean, T &scale) {
    T s = 0;
    ROLLED
    for (int i = lane<W>(); i < n; i += W) {
        s += x[i];
    }
    mean = all<Plus, W>(s) / n;
    T q = 0;
    ROLLED
    for (int i = lane<W>(); i < n; i += W) {
        T d = x[i] - mean;
        q += d * d;
    }
    scale = 1 / root(all<Plus, W>(q) / n + epsilon);
}

template <int W, class T> static __device__ __forceinline__ void layer_norm(const Rows &a) {
    int r = row<W>();
    if (r < a.rows) {
        const T *x = (const T *) a.x0 + (long long) r * a.n;
        T *y = (T *) a.y0 + (long long) r * a.n;
        T mean, scale;
        moments<W>(x, a.n, (T) a.epsilon, mean, scale);
        ROLLED
        for (int i = lane<W>(); i < a.n; i += W) {
            y[i] = (x[i] - mean) * scale;
        }
    }
}

template <int W, class T> static __device__ __forceinline__ void layer_norm_gradient(const Rows &a) {
    int r = row<W>();
    if (r < a.rows) {
        const T *x = (const T *) a.x0 + (long long) r * a.n;
        const T *dy = (const T *) a.x1 + (long long) r * a.n;
        T *y = (T *) a.y0 + (long long) r * a.n;
        T mean, scale;
        moments<W>(x, a.n, (T) a.epsilon, mean, scale);
        T s = 0;
        T q = 0;
        ROLLED
        for (int i = lane<W>(); i < a.n; i += W) {
            s += dy[i];
            q += dy[i] * ((x[i] - mean) * scale);
        }
        T offset = all<Plus, W>(s) / a.n;
        T inner = all<Plus, W>(q) / a.n;
        ROLLED
        for (int i = lane<W>(); i < a.n; i += W) {
            y[i] = (dy[i] - offset - (x[i] - mean) * scale * inner) * scale;
        }
    }
}

#define ROWS(NAME)                                                             \
    KERNEL am_##NAME##_warp_f32(const Rows a) { NAME<32, float>(a); }          \
    KERNEL am_##NAME##_block_f32(const Rows a) { NAME<256, float>(a); }        \
    KERNEL am_##NAME##_warp_f64(const Rows a) { NAME<32, double>(a); }         \
    KERNEL am_##NAME##_block_f64(const Rows a) { NAME<256, double>(a); }

ROWS(logsumexp)
ROWS(logsumexp_gradient)
ROWS(softmax)
ROWS(softmax_gradient)
ROWS(log_softmax)
ROWS(log_softmax_gradient)
ROWS(layer_norm)
ROWS(layer_norm_gradient)

template <class T> static __device__ __forceinline__ T logistic(T x) {
    T e = exponential(x < 0 ? x : -x);
    return (x < 0 ? e : (T) 1) / (1 + e);
}

// n is the width of the state; gates stand as reset, update, candidate in rows of 3 n.
template <class T> static __device__ __forceinline__ void gru(const Rows &a) {
    int i = global_index();
    if (i < a.rows * a.n) {
        int r = i / a.n;
        int k = i - r * a.n;
        const T *x = (const T *) a.x0 + 3LL * r * a.n + k;
        const T *g = (const T *) a.x1 + 3LL * r * a.n + k;
        T reset = logistic(x[0] + g[0]);
        T update = logistic(x[a.n] + g[a.n]);
        T candidate = tangent(x[2 * a.n] + reset * g[2 * a.n]);
        T h = ((const T *) a.x2)[i];
        ((T *) a.y0)[i] = candidate + update * (h - candidate);
    }
}

template <class T> static __device__ __forceinline__ void gru_gradient(const Rows &a) {
    int i = global_index();
    if (i < a.rows * a.n) {
        int r = i / a.n;
        int k = i - r * a.n;
        long long at = 3LL * r * a.n + k;
        const T *x = (const T *) a.x0 + at;
        const T *g = (const T *) a.x1 + at;
        T hidden = g[2 * a.n];
        T reset = logistic(x[0] + g[0]);
        T update = logistic(x[a.n] + g[a.n]);
        T candidate = tangent(x[2 * a.n] + reset * hidden);
        T dy = ((const T *) a.x3)[i];
        T dz = dy * update;
        T of_update = dz * (1 - update) * (((const T *) a.x2)[i] - candidate);
        T of_candidate = dy * (1 - update) * (1 - candidate * candidate);
        T of_reset = of_candidate * hidden * reset * (1 - reset);
        T *dx = (T *) a.y0 + at;
        T *dg = (T *) a.y1 + at;
        dx[0] = of_reset;
        dx[a.n] = of_update;
        dx[2 * a.n] = of_candidate;
        dg[0] = of_reset;
        dg[a.n] = of_update;
        dg[2 * a.n] = of_candidate * reset;
        ((T *) a.y2)[i] = dz;
    }
}

KERNEL am_gru_f32(const Rows a) { gru<float>(a); }
KERNEL am_gru_f64(const Rows a) { gru<double>(a); }
KERNEL am_gru_gradient_f32(const Rows a) { gru_gradient<float>(a); }
KERNEL am_gru_gradient_f64(const Rows a) { gru_gradient<double>(a); }
