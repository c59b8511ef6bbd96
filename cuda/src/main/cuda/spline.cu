// Rational-quadratic splines of the unit interval, one thread an element. Parameters lie as planes: element c of a row has
// its k-th number k * size behind its first. Exponentials of a bin are computed again wherever they are needed.
#include "common.cuh"

#define ROLLED _Pragma("unroll 1")

struct Spline {
    const void *value;
    const void *parameters;
    const void *of_value;
    const void *of_log;
    void *y0;
    void *y1;
    double min_bin;
    double min_slope;
    double scale;
    double offset;
    int n;
    int size;
    int bins;
    int ends; // 0: slopes of 1 at the ends, 1: each its own, 2: both the first
    int inverse;
};

static __device__ __forceinline__ float exponential(float x) { return expf(x); }
static __device__ __forceinline__ double exponential(double x) { return exp(x); }
static __device__ __forceinline__ float logarithm(float x) { return logf(x); }
static __device__ __forceinline__ double logarithm(double x) { return log(x); }
static __device__ __forceinline__ float logarithm1p(float x) { return log1pf(x); }
static __device__ __forceinline__ double logarithm1p(double x) { return log1p(x); }
static __device__ __forceinline__ float root(float x) { return __fsqrt_rn(x); }
static __device__ __forceinline__ double root(double x) { return sqrt(x); }
static __device__ __forceinline__ float fused(float a, float b, float c) { return fmaf(a, b, c); }
static __device__ __forceinline__ double fused(double a, double b, double c) { return fma(a, b, c); }

template <class T> static __device__ __forceinline__ T logistic(T x) {
    T e = exponential(x < 0 ? x : -x);
    return (x < 0 ? e : (T) 1) / (1 + e);
}

template <class T> static __device__ __forceinline__ T softplus(T x) {
    return (x > 0 ? x : (T) 0) + logarithm1p(exponential(x > 0 ? -x : x));
}

template <class T> static __device__ __forceinline__ T clamped(T x) {
    return x < 0 ? (T) 0 : x > 1 ? (T) 1 : x;
}

// Widths or heights of the bins of one element.
template <class T> struct Axis {
    const T *raw;
    T max;
    T factor; // total / sum of exponentials
    T low; // sums of exponentials up to the bin and through it
    T high;

    __device__ __forceinline__ T power(const Spline &a, int k) const {
        return exponential((raw[(long long) k * a.size] - max) * (T) a.scale);
    }

    // Knots: the ends are exact, so that sizes of bins are differences of what values are compared with.
    __device__ __forceinline__ T knot(const Spline &a, T sum, int k) const {
        return k == 0 ? (T) 0 : k == a.bins ? (T) 1 : fused(sum, factor, k * (T) a.min_bin);
    }

    __device__ __forceinline__ void begin(const Spline &a, const T *from) {
        raw = from;
        max = raw[0];
        ROLLED for (int k = 1; k < a.bins; k++) {
            T v = raw[(long long) k * a.size];
            max = v > max ? v : max;
        }
        T sum = 0;
        ROLLED for (int k = 0; k < a.bins; k++) {
            sum += power(a, k);
        }
        factor = (T) (1 - a.bins * a.min_bin) / sum;
    }

    __device__ __forceinline__ void choose(const Spline &a, int bin) {
        T sum = 0;
        low = 0;
        ROLLED for (int k = 0; k <= bin; k++) {
            low = sum;
            sum += power(a, k);
        }
        high = sum;
    }

    __device__ __forceinline__ int search(const Spline &a, T value) const {
        T sum = 0;
        int bin = 0;
        ROLLED for (int k = 1; k < a.bins; k++) {
            sum += power(a, k - 1);
            bin = value >= knot(a, sum, k) ? k : bin;
        }
        return bin;
    }

    // Cotangents of the numbers from those of the bin's lower end and of its size.
    __device__ __forceinline__ void pull_back(const Spline &a, int bin, T of_low, T of_size, T *y) const {
        T share = factor / (T) (1 - a.bins * a.min_bin);
        T lower = low * share;
        T upper = bin + 1 == a.bins ? (T) 1 : high * share;
        of_low -= of_size;
        ROLLED for (int k = 0; k < a.bins; k++) {
            T g = of_low * ((k < bin ? (T) 1 : (T) 0) - lower) + of_size * ((k <= bin ? (T) 1 : (T) 0) - upper);
            y[(long long) k * a.size] = power(a, k) * factor * (T) a.scale * g;
        }
    }
};

// The plane of the slope at a knot, -1 for a slope of 1.
static __device__ __forceinline__ int plane(const Spline &a, int knot) {
    int first = 2 * a.bins;
    return a.ends == 0 ? (knot == 0 || knot == a.bins ? -1 : first + knot - 1)
                       : first + (a.ends == 2 && knot == a.bins ? 0 : knot);
}

// Where an element is: its bin, the place t in it and 1 - t.
template <class T> struct Place {
    Axis<T> x;
    Axis<T> y;
    int bin;
    T left, width, bottom, height, raw_d, raw_e, d, e, delta, t, r, den, num;

    __device__ __forceinline__ T raw(const Spline &a, const T *p, int knot) const {
        int k = plane(a, knot);
        return (k < 0 ? (T) 0 : p[(long long) k * a.size]) + (T) a.offset;
    }

    __device__ __forceinline__ void find(const Spline &a, const T *p, T value) {
        x.begin(a, p);
        y.begin(a, p + (long long) a.bins * a.size);
        bin = a.inverse ? y.search(a, value) : x.search(a, value);
        x.choose(a, bin);
        y.choose(a, bin);
        left = x.knot(a, x.low, bin);
        width = x.knot(a, x.high, bin + 1) - left;
        bottom = y.knot(a, y.low, bin);
        height = y.knot(a, y.high, bin + 1) - bottom;
        raw_d = raw(a, p, bin);
        raw_e = raw(a, p, bin + 1);
        d = softplus(raw_d) + (T) a.min_slope;
        e = softplus(raw_e) + (T) a.min_slope;
        delta = height / width;
        if (a.inverse) {
            T w = clamped((value - bottom) / height);
            T v = 1 - w;
            T q = d * v - e * w;
            T part = 2 * delta * (q >= 0 ? w : v);
            T ratio = part / ((q >= 0 ? q : -q) + root(q * q + 4 * delta * delta * w * v) + part);
            t = q >= 0 ? ratio : 1 - ratio;
            r = q >= 0 ? 1 - ratio : ratio;
        } else {
            t = clamped((value - left) / width);
            r = 1 - t;
        }
        den = delta * (t * t + r * r) + (d + e) * t * r;
        num = e * t * t + 2 * delta * t * r + d * r * r;
    }

    __device__ __forceinline__ T share() const { return (delta * t + d * r) * t / den; }
};

static __device__ __forceinline__ long long first_of(const Spline &a, int i) {
    int row = i / a.size;
    int planes = 3 * a.bins + (a.ends == 0 ? -1 : a.ends == 1 ? 1 : 0);
    return (long long) row * planes * a.size + (i - row * a.size);
}

template <class T> static __device__ __forceinline__ void spline(const Spline &a) {
    int i = global_index();
    if (i < a.n) {
        Place<T> b;
        b.find(a, (const T *) a.parameters + first_of(a, i), ((const T *) a.value)[i]);
        T log = logarithm(b.num) + 2 * logarithm(b.delta / b.den);
        ((T *) a.y0)[i] = a.inverse ? fused(b.width, b.t, b.left) : fused(b.height, b.share(), b.bottom);
        ((T *) a.y1)[i] = a.inverse ? -log : log;
    }
}

template <class T> static __device__ __forceinline__ void spline_gradient(const Spline &a) {
    int i = global_index();
    if (i < a.n) {
        long long at = first_of(a, i);
        Place<T> b;
        b.find(a, (const T *) a.parameters + at, ((const T *) a.value)[i]);
        T of_value = ((const T *) a.of_value)[i];
        T log = ((const T *) a.of_log)[i];
        log = a.inverse ? -log : log;
        T share = b.share();
        T back = b.r - b.t;
        T of_num = log / b.num;
        T of_den = -2 * log / b.den;
        T slope_of_den = (b.d + b.e - 2 * b.delta) * back;
        T of_place = of_num * 2 * (b.e * b.t - b.d * b.r + b.delta * back) + of_den * slope_of_den;
        T of_top = of_value * b.height / b.den;
        if (a.inverse) {
            // r(t) = w solved for t: dt = (dw - dr) / r'
            of_place = (of_place + of_value * b.width) * b.den * b.den / (b.num * b.delta);
            of_top = -of_place / b.den;
        } else {
            of_place += of_top * (2 * b.delta * b.t + b.d * back - share * slope_of_den);
        }
        of_den -= of_top * share;
        T tt = b.t * b.t;
        T rr = b.r * b.r;
        T tr = b.t * b.r;
        T of_delta = of_top * tt + of_den * (tt + rr) + 2 * of_num * tr + 2 * log / b.delta;
        T of_d = ((of_top + of_den) * tr + of_num * rr) * logistic(b.raw_d);
        T of_e = (of_den * tr + of_num * tt) * logistic(b.raw_e);
        T in = of_place / (a.inverse ? b.height : b.width);
        ((T *) a.y0)[i] = in;
        T per_width = of_delta / b.width;
        T of_left = a.inverse ? of_value : -in;
        T of_bottom = a.inverse ? -in : of_value;
        T *y = (T *) a.y1 + at;
        b.x.pull_back(a, b.bin, of_left, of_left * b.t - per_width * b.delta, y);
        b.y.pull_back(a, b.bin, of_bottom, of_bottom * share + per_width, y + (long long) a.bins * a.size);
        int low = plane(a, b.bin);
        int high = plane(a, b.bin + 1);
        int end = 3 * a.bins + (a.ends == 0 ? -1 : a.ends == 1 ? 1 : 0);
        ROLLED for (int k = 2 * a.bins; k < end; k++) {
            y[(long long) k * a.size] = (k == low ? of_d : (T) 0) + (k == high ? of_e : (T) 0);
        }
    }
}

KERNEL am_spline_f32(const Spline a) { spline<float>(a); }
KERNEL am_spline_f64(const Spline a) { spline<double>(a); }
KERNEL am_spline_gradient_f32(const Spline a) { spline_gradient<float>(a); }
KERNEL am_spline_gradient_f64(const Spline a) { spline_gradient<double>(a); }
