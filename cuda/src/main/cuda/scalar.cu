// The scalar functions of elementwise chains. Built to relocatable PTX; the generator of chains takes the functions it needs
// from there. Float functions are accurate to the bounds that core states for each operation.
#include "special.cuh"

#define FN extern "C" __device__ __noinline__

static __device__ double nan_max(double a, double b) { return isnan(a) ? a : isnan(b) ? b : fmax(a, b); }
static __device__ double nan_min(double a, double b) { return isnan(a) ? a : isnan(b) ? b : fmin(a, b); }
static __device__ float nan_maxf(float a, float b) { return isnan(a) ? a : isnan(b) ? b : fmaxf(a, b); }
static __device__ float nan_minf(float a, float b) { return isnan(a) ? a : isnan(b) ? b : fminf(a, b); }

FN float am_sign_f32(float x) { return x > 0 ? 1.0f : x < 0 ? -1.0f : x; }
FN float am_floor_f32(float x) { return floorf(x); }
FN float am_rsqrt_f32(float x) { return rsqrtf(x); }
FN float am_exp_f32(float x) { return expf(x); }
FN float am_expm1_f32(float x) { return expm1f(x); }
FN float am_log_f32(float x) { return logf(x); }
FN float am_log1p_f32(float x) { return log1pf(x); }
FN float am_sin_f32(float x) { return sinf(x); }
FN float am_cos_f32(float x) { return cosf(x); }
FN float am_tanh_f32(float x) { return tanhf(x); }
FN float am_sigmoid_f32(float x) {
    float e = expf(-fabsf(x));
    return __fdiv_rn(x < 0 ? e : 1.0f, 1.0f + e);
}
FN float am_softplus_f32(float x) {
    float tail = log1pf(expf(-fabsf(x)));
    return x > 0 ? x + tail : isnan(x) ? x : tail;
}
FN float am_log_sigmoid_f32(float x) {
    float tail = log1pf(expf(-fabsf(x)));
    return x < 0 ? x - tail : isnan(x) ? x : -tail;
}
FN float am_relu_f32(float x) { return isnan(x) ? x : fmaxf(x, 0.0f); }
FN float am_silu_f32(float x) {
    float e = expf(-fabsf(x));
    return x * __fdiv_rn(x < 0 ? e : 1.0f, 1.0f + e);
}
FN float am_erf_f32(float x) { return erff(x); }
FN float am_erfc_f32(float x) { return erfcf(x); }
FN float am_log_normal_cdf_f32(float x) { return (float) logNormalCdf(x); }
FN float am_inverse_mills_f32(float x) { return (float) (0.7978845608028654 / special_erfcx(-x * 0.7071067811865476)); }
FN float am_normal_quantile_f32(float x) { return (float) normalQuantile(x); }
FN float am_gelu_f32(float x) { return x * normcdff(x); }
FN float am_lgamma_f32(float x) { return (float) special_lgamma(x); }
FN float am_polygamma_f32(float x, int n) { return (float) polygamma(n, x); }
FN float am_leaky_relu_f32(float x, float slope) { return x > 0 ? x : slope * x; }
FN float am_elu_f32(float x, float alpha) { return x > 0 ? x : alpha * expm1f(x); }
FN float am_clamp_f32(float x, float low, float high) { return nan_minf(nan_maxf(x, low), high); }
FN float am_pow_f32(float a, float b) { return powf(a, b); }
FN float am_min_f32(float a, float b) { return nan_minf(a, b); }
FN float am_max_f32(float a, float b) { return nan_maxf(a, b); }

static __device__ __noinline__ double log_bessel(double x) { return log(i0e(x)) + (x < 0 ? -2 * x : 0); }
static __device__ __noinline__ double bessel_rest(double x) {
    if (x > 1e4) {
        double r = 1 / x;
        return r * (0.5 + r * (0.125 + r * (0.125 + r * 25 / 128)));
    }
    double ratio = i1e(fabs(x)) / i0e(x);
    return x < 0 ? 1 + ratio : 1 - ratio;
}
FN float am_log_bessel_f32(float x) { return (float) log_bessel(x); }
FN float am_bessel_rest_f32(float x) { return (float) bessel_rest(x); }

FN double am_sign_f64(double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : x; }
FN double am_floor_f64(double x) { return floor(x); }
FN double am_rsqrt_f64(double x) { return 1 / sqrt(x); }
FN double am_exp_f64(double x) { return exp(x); }
FN double am_expm1_f64(double x) { return expm1(x); }
FN double am_log_f64(double x) { return log(x); }
FN double am_log1p_f64(double x) { return log1p(x); }
FN double am_sin_f64(double x) { return sin(x); }
FN double am_cos_f64(double x) { return cos(x); }
FN double am_tanh_f64(double x) { return tanh(x); }
FN double am_sigmoid_f64(double x) {
    double e = exp(-fabs(x));
    return (x < 0 ? e : 1.0) / (1.0 + e);
}
FN double am_softplus_f64(double x) {
    double tail = log1p(exp(-fabs(x)));
    return x > 0 ? x + tail : isnan(x) ? x : tail;
}
FN double am_log_sigmoid_f64(double x) {
    double tail = log1p(exp(-fabs(x)));
    return x < 0 ? x - tail : isnan(x) ? x : -tail;
}
FN double am_relu_f64(double x) { return isnan(x) ? x : fmax(x, 0.0); }
FN double am_silu_f64(double x) {
    double e = exp(-fabs(x));
    return x * ((x < 0 ? e : 1.0) / (1.0 + e));
}
FN double am_erf_f64(double x) { return special_erf(x); }
FN double am_erfc_f64(double x) { return special_erfc(x); }
FN double am_log_normal_cdf_f64(double x) { return logNormalCdf(x); }
FN double am_inverse_mills_f64(double x) { return 0.7978845608028654 / special_erfcx(-x * 0.7071067811865476); }
FN double am_normal_quantile_f64(double x) { return normalQuantile(x); }
FN double am_gelu_f64(double x) { return x * normalCdf(x); }
FN double am_lgamma_f64(double x) { return special_lgamma(x); }
FN double am_polygamma_f64(double x, int n) { return polygamma(n, x); }
FN double am_leaky_relu_f64(double x, double slope) { return x > 0 ? x : slope * x; }
FN double am_elu_f64(double x, double alpha) { return x > 0 ? x : alpha * expm1(x); }
FN double am_clamp_f64(double x, double low, double high) { return nan_min(nan_max(x, low), high); }
FN double am_pow_f64(double a, double b) { return pow(a, b); }
FN double am_min_f64(double a, double b) { return nan_min(a, b); }
FN double am_max_f64(double a, double b) { return nan_max(a, b); }
FN double am_log_bessel_f64(double x) { return log_bessel(x); }
FN double am_bessel_rest_f64(double x) { return bessel_rest(x); }

FN int am_sign_i32(int x) { return (x > 0) - (x < 0); }
FN int am_div_i32(int a, int b) {
    if (b == 0) {
        return 0;
    }
    if (b == -1) {
        return (int) (0u - (unsigned) a);
    }
    int q = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}
FN int am_pow_i32(int a, int b) {
    double r = pow((double) a, (double) b);
    return isnan(r) ? 0 : (int) r;
}
FN int am_cast_f64_i32(double x) { return isnan(x) ? 0 : (int) x; }
