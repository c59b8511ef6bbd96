// The regularised incomplete gamma functions, their inverse, and gamma variates with their derivative, formula by formula those
// of org.amortis.math (IncompleteGamma, GammaSampler, GammaDerivative).
#pragma once
#include "special.cuh"

#define INFINITE __longlong_as_double(0x7ff0000000000000LL)
#define NOT_A_NUMBER __longlong_as_double(0x7ff8000000000000LL)

// Row k: Taylor coefficients in eta of C_k of Temme's expansion, DLMF 8.12.
static __device__ const double TEMME[7][16] = {
    {-0.3333333333333333, 0.08333333333333333, -0.014814814814814815, 0.0011574074074074073, 0.0003527336860670194, -0.0001787551440329218, 3.919263178522438e-05, -2.185448510679992e-06, -1.85406221071516e-06, 8.296711340953087e-07, -1.7665952736826078e-07, 6.707853543401498e-09, 1.0261809784240309e-08, -4.382036018453353e-09, 9.14769958223679e-10, -2.5514193994946248e-11},
    {-0.001851851851851852, -0.003472222222222222, 0.0026455026455026454, -0.0009902263374485596, 0.00020576131687242798, -4.018775720164609e-07, -1.8098550334489977e-05, 7.64916091608111e-06, -1.6120900894563446e-06, 4.647127802807434e-09, 1.378633446915721e-07, -5.752545603517705e-08, 1.1951628599778148e-08, -1.7543241719747647e-11},
    {0.004133597883597883, -0.0026813271604938273, 0.0007716049382716049, 2.0093878600823047e-06, -0.0001073665322636516, 5.2923448829120125e-05, -1.2760635188618728e-05, 3.423578734096138e-08, 1.3721957309062934e-06, -6.298992138380055e-07, 1.4280614206064242e-07, -2.0477098421990866e-10},
    {0.0006494341563786008, 0.00022947209362139917, -0.0004691894943952557, 0.00026772063206283885, -7.561801671883977e-05, -2.396505113867297e-07, 1.1082654115347302e-05, -5.6749528269915965e-06, 1.4230900732435883e-06, -2.7861080291528143e-11, -1.6958404091930278e-07},
    {-0.0008618882909167117, 0.0007840392217200666, -0.0002990724803031902, -1.4638452578843418e-06, 6.641498215465122e-05, -3.968365047179435e-05, 1.1375726970678419e-05, 2.507497226237533e-10, -1.6954149536558305e-06},
    {-0.00033679855336635813, -6.972813758365857e-05, 0.0002772753244959392, -0.00019932570516188847, 6.797780477937208e-05, 1.419062920643967e-07, -1.3594048189768693e-05, 8.018470256334202e-06},
    {0.0005313079364639922, -0.0005921664373536939, 0.0002708782096718045, 7.902353232660328e-07, -8.153969367561969e-05, 5.61168275310625e-05}};
static __device__ const int TEMME_TERMS[] = {16, 14, 12, 11, 9, 8, 6};

static constexpr double EPS = 0x1p-53;
static constexpr double BELOW_ONE = 0x1.fffffffffffffp-1;
static constexpr double TWO_PI = 6.283185307179586;

// ln(1 + m) - m for |m| at most 0.5.
static __device__ __noinline__ double log1pMinus(double m) {
    double r = m / (2 + m);
    double r2 = r * r;
    double sum = 0;
#pragma unroll 1
    for (int k = 35; k >= 3; k -= 2) {
        sum = sum * r2 + 1.0 / k;
    }
    return r * (2 * r2 * sum - m);
}

static __device__ __forceinline__ double logGamma1p(double a) { return a <= 0.5 ? lgamma1p(a) : special_lgamma(1 + a); }

// x - a - a ln(x / a), without cancellation where x is near a.
static __device__ __noinline__ double distance(double a, double x) {
    double mu = (x - a) / a;
    return fabs(mu) < 0.5 ? -a * log1pMinus(mu) : x - a - a * log(x / a);
}

// x^a e^-x / Gamma(a + 1).
static __device__ __noinline__ double prefix(double a, double x) {
    if (x > 2000 && a < 8) {
        return 0;
    }
    if (a < 8) {
        double half = exp(-0.5 * x);
        return pow(x, a) / gamma1p(a) * half * half;
    }
    return exp(-distance(a, x) - stirlingError(a)) / sqrt(TWO_PI * a);
}

static __device__ __noinline__ double logPrefix(double a, double x) {
    if (a < 8) {
        return a * log(x) - x - logGamma1p(a);
    }
    return -distance(a, x) - stirlingError(a) - HALF_LOG_2PI - 0.5 * log(a);
}

static __device__ __noinline__ double powerSeries(double a, double x) {
    double term = 1;
    double sum = 1;
    for (int n = 1; n < 5000 && term > EPS * sum; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum;
}

static __device__ __noinline__ double fraction(double a, double x) {
    double b = x + 1 - a;
    double c = 1e300;
    double d = 1 / b;
    double h = d;
    for (int n = 1; n < 5000; n++) {
        double an = n * (a - n);
        b += 2;
        d = b + an * d;
        c = b + an / c;
        d = 1 / d;
        double step = c * d;
        h *= step;
        if (fabs(step - 1) <= 2 * EPS) {
            break;
        }
    }
    return h;
}

static __device__ __noinline__ double smallUpper(double a, double x) {
    double p = a * log(x) - logGamma1p(a);
    double term = 1;
    double sum = 0;
    for (int n = 1; n < 40; n++) {
        term *= -x / n;
        sum += term / (a + n);
        if (fabs(term) < EPS * fabs(sum)) {
            break;
        }
    }
    return -expm1(p) - exp(p) * a * sum;
}

static __device__ __noinline__ double uniformRatio(double a, double x) {
    double mu = (x - a) / a;
    double half = -log1pMinus(mu);
    double eta = copysign(sqrt(2 * half), mu);
    double s = 1 / a;
    double sum = 0;
    for (int k = 6; k >= 0; k--) {
        sum = sum * s + poly_n(TEMME[k], TEMME_TERMS[k], eta);
    }
    double side = x > a ? sum : -sum;
    return (special_erfcx(sqrt(a * half)) * 0.5 * sqrt(TWO_PI * a) + side) * exp(stirlingError(a));
}

// Temme's expansion holds there.
static __device__ __forceinline__ bool isUniform(double a, double x) { return a >= 100 && fabs(x - a) <= 0.3 * a; }

static __device__ __forceinline__ double lowerRatio(double a, double x) {
    return isUniform(a, x) ? uniformRatio(a, x) : powerSeries(a, x);
}

static __device__ __forceinline__ double upperRatio(double a, double x) {
    return isUniform(a, x) ? uniformRatio(a, x) : a * fraction(a, x);
}

// ln P(a, x) and ln Q(a, x) for a > 0 and finite. P is 0 at x = 0 and 1 at infinity.
static __device__ __noinline__ double logLower(double a, double x) {
    if (x == 0 || isinf(x)) {
        return x == 0 ? -INFINITE : 0;
    }
    if (!(x <= fmax(a, 1.0))) {
        return log1p(-prefix(a, x) * upperRatio(a, x));
    }
    double ratio = lowerRatio(a, x);
    double p = prefix(a, x) * ratio;
    if (p > 0.5 && x <= 1) {
        return log1p(-smallUpper(a, x));
    }
    return p > 1e-280 ? log(p) : logPrefix(a, x) + log(ratio);
}

static __device__ __noinline__ double logUpper(double a, double x) {
    if (x == 0 || isinf(x)) {
        return x == 0 ? 0 : -INFINITE;
    }
    if (!(x <= fmax(a, 1.0))) {
        double ratio = upperRatio(a, x);
        double q = prefix(a, x) * ratio;
        return q > 1e-280 ? log(q) : logPrefix(a, x) + log(ratio);
    }
    double p = prefix(a, x) * lowerRatio(a, x);
    return p < 0.5 || x > 1 ? log1p(-p) : log(smallUpper(a, x));
}

// ln x with P(a, x) = p and Q(a, x) = q = 1 - p, for p strictly between 0 and 1.
static __device__ __noinline__ double logQuantile(double a, double p, double q) {
    bool lower = p < 0.5;
    double logP = lower ? log(p) : log1p(-q);
    double start = (logP + logGamma1p(a)) / a;
    if (start < -37) {
        return start;
    }
    double y = start;
    if (a > 0.5) {
        double z = lower ? normalQuantile(p) : -normalQuantile(q);
        double root = 1 - 1 / (9 * a) + z / (3 * sqrt(a));
        if (root > 0) {
            y = fmax(y, log(a) + 3 * log(root));
        }
    }
    double target = lower ? logP : log(q);
#pragma unroll 1
    for (int i = 0; i < 100; i++) {
        double x = exp(y);
        double value = lower ? logLower(a, x) : logUpper(a, x);
        double slope = a * exp(logPrefix(a, x) - value);
        double step = (target - value) / (lower ? slope : -slope);
        step = fmax(-2.0, fmin(2.0, step));
        y += step;
        if (fabs(step) < 1e-15 * fmax(1.0, fabs(y))) {
            break;
        }
    }
    return y;
}

// The logarithm of a variate of shape 1 or more from four words, NaN where the attempt fails.
static __device__ __noinline__ double attempt(double shape, unsigned w0, unsigned w1, unsigned w2, unsigned w3) {
    double d = shape - 1.0 / 3;
    double z = normalQuantile(fmin(uniform(w0, w1), BELOW_ONE));
    double v = z / sqrt(9 * d);
    if (!(v > -1)) {
        return NOT_A_NUMBER;
    }
    double rest = fabs(v) < 0.5 ? log1pMinus(v) : log1p(v) - v;
    double bound = 0.5 * z * z + d * (3 * rest - v * v * (3 + v));
    return log(uniform(w2, w3)) < bound ? log(d) + 3 * log1p(v) : NOT_A_NUMBER;
}

#define ATTEMPTS 7

// The logarithm of element index of a field of variates, which owns the blocks 8 index to 8 index + 7 of the stream.
static __device__ __noinline__ double logSample(double alpha, uint2 key, int index) {
    if (!(alpha > 0) || isinf(alpha)) {
        return NOT_A_NUMBER;
    }
    double shape = alpha < 1 ? alpha + 1 : alpha;
    unsigned long long first = 8ull * index;
    double log = NOT_A_NUMBER;
#pragma unroll 1
    for (int t = 0; t < ATTEMPTS && isnan(log); t++) {
        unsigned long long at = first + t;
        uint4 w = philox(key.x, key.y, (unsigned) at, (unsigned) (at >> 32), DRAW, 0);
        log = attempt(shape, w.x, w.y, w.z, w.w);
    }
    if (alpha >= 1 && !isnan(log)) {
        return log;
    }
    unsigned long long at = first + ATTEMPTS;
    uint4 w = philox(key.x, key.y, (unsigned) at, (unsigned) (at >> 32), DRAW, 0);
    if (isnan(log)) {
        double p = fmin(uniform(w.z, w.w), BELOW_ONE);
        log = logQuantile(shape, p, 1 - p);
    }
    return alpha < 1 ? log + ::log(uniform(w.x, w.y)) / alpha : log;
}

// Nodes and weights of the double exponential rule v = exp(t - e^-t), t = -3.6 + 0.1 i.
static __device__ const double NODE[] = {
    3.484404764056937e-18, 1.2534622584305382e-16, 3.2370950804040642e-15, 6.193822232940768e-14, 9.034729747035326e-13,
    1.0309541591073734e-11, 9.420603004412962e-11, 7.040685661293072e-10, 4.386883498906535e-9, 2.3185662966704513e-8,
    1.0558621277913589e-7, 4.2021726546172006e-7, 1.4804323556692522e-6, 4.670789443677599e-6, 1.3336398926823528e-5,
    3.4790370732313444e-5, 8.363436155539918e-5, 1.8672111045454491e-4, 3.8988939391398274e-4, 7.662918989190076e-4,
    0.0014257854496221775, 0.002524558532037155, 0.004274022033554722, 0.006948033093291887, 0.010887750568537418,
    0.016503776855327033, 0.024275641750774683, 0.03474904771759826, 0.0485315620637696, 0.06628758147059673,
    0.08873340975927323, 0.11663320475407388, 0.15079639980864137, 0.19207702652725714, 0.24137518829026366,
    0.2996407811106026, 0.36787944117144233, 0.44716062090178965, 0.5386276554106422, 0.6435096726912336,
    0.7631352168481083, 0.8989474862671128, 1.0525211316036143, 1.2255806065095527, 1.420020113405291,
    1.6379252349154663, 1.8815963875316466, 2.1535742771969653, 2.456667576996124, 2.793983085541821,
    3.168958661772535, 3.585399268624976, 4.047516495359574, 4.559971967125797, 5.127925091543837,
    5.7570856364937395, 6.453771681742985, 7.224973540281526, 8.07842430402537, 9.022677733653772,
    10.067194284538292, 11.222436140814086, 12.499972218498506, 13.91259419710649, 15.4744447484554,
    17.20115925240011, 19.11002242330409, 21.220141419476487, 23.552637172065996, 26.130855851636635,
    28.98060259166891, 32.13039981053327, 35.61177271928903, 39.45956487442175, 43.71228693505587};
static __device__ const double WEIGHT[] = {
    1.310074672156812e-17, 4.2762431459520993e-16, 1.0023373593256812e-14, 1.7412468797340676e-13, 2.3067951008890162e-12,
    2.3916024356372477e-11, 1.986384724882422e-10, 1.3499913037018671e-9, 7.652763306437882e-9, 3.681821077745869e-8,
    1.5271713217453694e-7, 5.539511564132453e-7, 1.779949933182016e-6, 5.125809556294051e-6, 1.3369757927524463e-5,
    3.188944494536057e-5, 7.016133508864926e-5, 1.4351187450988e-4, 2.7485827772072094e-4, 4.960933440308393e-4,
    8.48774701183159e-4, 0.0013838844912496782, 0.002160603604231924, 0.0032442427769016034, 0.0047036355481672966,
    0.006608386255089403, 0.009026367759608722, 0.012021791359354423, 0.01565405397603612, 0.019977437812868065,
    0.025041622390439965, 0.030892885030203883, 0.03757581933585599, 0.045135389251808475, 0.0536191509019422,
    0.06307950582635115, 0.07357588823428847, 0.08517682825659215, 0.09796186813536249, 0.1120233363405828,
    0.12746800505371497, 0.14441866981597182, 0.163015697586253, 0.1834185924313959, 0.205807627998731,
    0.23038559403555886, 0.25737970150869927, 0.2870436880671827, 0.319660163177973, 0.3555432305551237,
    0.3950414246622099, 0.43854099816293296, 0.4864695982298603, 0.5393003715662018, 0.597556540805961,
    0.6618164985890573, 0.7327194700236102, 0.8109717994246703, 0.8973539231502421, 0.9927280970513388,
    1.0980469545398477, 1.2143629795989603, 1.3428389882746155, 1.4847597223663098, 1.641544670269945,
    1.8147622423170227, 2.0061454416204545, 2.2176091865102405, 2.4512694572702203, 2.7094644582350225,
    2.9947780065573606, 3.310065381312434, 3.6584818912926953, 4.043514447110259, 4.469016453339126};

// ln(x / a), accurate where x is near a.
static __device__ __noinline__ double logRatio(double a, double x) {
    double mu = (x - a) / a;
    return fabs(mu) < 0.5 ? log1p(mu) : log(x / a);
}

// e^v - 1 - v.
static __device__ __noinline__ double curvature(double v) {
    if (fabs(v) > 0.3) {
        return expm1(v) - v;
    }
    double sum = 1;
#pragma unroll 1
    for (int k = 13; k > 2; k--) {
        sum = 1 + sum * v / k;
    }
    return 0.5 * v * v * sum;
}

static __device__ __noinline__ double derivativeSeries(double a, double x, double logX) {
    double term = 1 / a;
    double bracket = digamma(a + 1) - logX;
    double sum = term * bracket;
    for (int n = 1; n < 1000; n++) {
        bracket += 1 / (a + n);
        term *= x / (a + n);
        double next = term * bracket;
        sum += next;
        if (n > x && next <= EPS * sum) {
            break;
        }
    }
    return sum;
}

// Left of a with side -1, right of it with side 1.
static __device__ __noinline__ double derivativeIntegral(double a, double x, double side) {
    double gap = side * (x - a);
    double scale = 1 / (gap + sqrt(side > 0 ? x : a));
    double start = side * (logRatio(a, x) - digammaMinusLog(a));
    double sum = 0;
#pragma unroll 1
    for (int i = 0; i < 75; i++) {
        double v = scale * NODE[i];
        sum += WEIGHT[i] * (start + v) * exp(-gap * v - x * curvature(side * v));
    }
    return scale * sum;
}

static __device__ __noinline__ double derivativeSmallRight(double a, double x, double logX) {
    double scale = 1 / (x - a + sqrt(x));
    double start = logX - digamma(a);
    double sum = 0;
#pragma unroll 1
    for (int i = 0; i < 75; i++) {
        double u = scale * NODE[i];
        double v = log1p(u);
        sum += WEIGHT[i] * (start + v) * exp((a - 1) * v - x * u);
    }
    return scale * sum;
}

// d ln x / da with the distribution function held fixed; x = exp(logX) may have underflowed.
static __device__ __noinline__ double derivativeOfLog(double a, double x, double logX) {
    if (!(a > 0) || isnan(x) || isnan(logX)) {
        return NOT_A_NUMBER;
    }
    if (isinf(x) || isinf(a)) {
        return isinf(a) ? NOT_A_NUMBER : 0;
    }
    if (x == 0) {
        return (digamma(a + 1) - logX) / a;
    }
    if (x > fmax(a, 2.5)) {
        return a < 30 ? derivativeSmallRight(a, x, logX) : derivativeIntegral(a, x, 1);
    }
    return a < 30 ? derivativeSeries(a, x, logX) : derivativeIntegral(a, x, -1);
}
