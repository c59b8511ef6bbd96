// Gamma draws and their derivatives. Built without contraction, as the processor computes: attempts are accepted or not alike.
#include "random.cuh"
#include "gamma.cuh"

template <class T> static __device__ __forceinline__ void draw(const Draws &all) {
    int i;
    const Draw &a = draw_of(all, i);
    if (a.kind == KEYS) {
        keep_key(a, i);
        return;
    }
    if (i < a.rows * a.n) {
        int row = i / a.n;
        double v = logSample(((const T *) a.alpha)[i], key_of(a, row), i - row * a.n);
        ((T *) a.y)[i] = (T) (a.kind == LOG_GAMMA ? v : exp(v));
    }
}

KERNEL am_gamma_f32(const Draws all) { draw<float>(all); }
KERNEL am_gamma_f64(const Draws all) { draw<double>(all); }

struct Slope {
    const void *alpha;
    const void *x; // the draw, or its logarithm
    void *y;
    int n;
    int log;
};

template <class T> static __device__ __forceinline__ void slope(const Slope &s) {
    int i = global_index();
    if (i >= s.n) {
        return;
    }
    double a = ((const T *) s.alpha)[i];
    double x = ((const T *) s.x)[i];
    // the derivative at a draw of 0 is 0
    bool zero = !s.log && x == 0;
    double d = zero ? 0 : derivativeOfLog(a, s.log ? exp(x) : x, s.log ? x : log(x));
    double y = s.log ? d : x * d;
    ((T *) s.y)[i] = (T) (zero && !(a > 0) ? NOT_A_NUMBER : y);
}

KERNEL am_gamma_slope_f32(const Slope s) { slope<float>(s); }
KERNEL am_gamma_slope_f64(const Slope s) { slope<double>(s); }
