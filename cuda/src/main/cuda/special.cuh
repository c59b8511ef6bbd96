// Special functions in double, formula by formula those of org.amortis.math, so that both sides agree to rounding.
#pragma once

template <int N> static __device__ double poly_at(const double (&c)[N], double x) {
    double r = c[N - 1];
    for (int k = N - 2; k >= 0; k--) {
        r = r * x + c[k];
    }
    return r;
}

static __device__ double poly_n(const double *c, int n, double x) {
    double r = c[n - 1];
    for (int k = n - 2; k >= 0; k--) {
        r = r * x + c[k];
    }
    return r;
}

template <int N, int M> static __device__ double poly_ratio(const double (&p)[N], const double (&q)[M], double x) {
    return poly_at(p, x) / poly_at(q, x);
}

template <int N> static __device__ double poly_chebyshev(const double (&c)[N], double t) {
    double b1 = 0;
    double b2 = 0;
    for (int k = N - 1; k > 0; k--) {
        double b = c[k] + 2 * t * b1 - b2;
        b2 = b1;
        b1 = b;
    }
    return c[0] + t * b1 - b2;
}

static __device__ __noinline__ double special_erf(double x);
static __device__ __noinline__ double special_erfc(double x);
static __device__ __noinline__ double upper(double x);
static __device__ __noinline__ double special_erfcx(double x);
static __device__ __noinline__ double erfcxUpper(double x);
static __device__ __noinline__ double expMinusSquare(double x);
static __device__ __noinline__ double normalCdf(double x);
static __device__ __noinline__ double lowerNormal(double x);
static __device__ __noinline__ double logNormalCdf(double x);
static __device__ __noinline__ double normalQuantile(double p);
static __device__ __noinline__ double erfInverse(double y);
static __device__ __noinline__ double erfcInverse(double y);
static __device__ __noinline__ double centre(double q);
static __device__ __noinline__ double upperQuantile(double p);
static __device__ __noinline__ double special_lgamma(double x);
static __device__ __noinline__ double lgamma1p(double w);
static __device__ __noinline__ double upperLgamma(double z);
static __device__ __noinline__ double negativeLgamma(double x);
static __device__ __noinline__ double gamma1p(double a);
static __device__ __noinline__ double stirlingError(double x);
static __device__ __noinline__ double stirlingSeries(double x);
static __device__ __noinline__ double digamma(double x);
static __device__ __noinline__ double digamma1p(double w);
static __device__ __noinline__ double digammaMinusLog(double x);
static __device__ __noinline__ double negativeDigamma(double x);
static __device__ __noinline__ double cotangentOfPi(double r);
static __device__ __noinline__ double polygamma(int n, double x);
static __device__ __noinline__ double positivePolygamma(int n, double x);
static __device__ __noinline__ double power(double x, int n);
static __device__ __noinline__ double i0e(double x);
static __device__ __noinline__ double i1e(double x);

static __device__ const double FACTORIAL[] = {1.0, 1.0, 2.0, 6.0, 24.0, 120.0, 720.0, 5040.0, 40320.0, 362880.0, 3628800.0, 39916800.0, 479001600.0, 6227020800.0, 87178291200.0, 1307674368000.0, 20922789888000.0, 355687428096000.0, 6402373705728000.0, 1.21645100408832e+17, 2.43290200817664e+18};
static __device__ const double COTANGENT[21][22] = {
    {0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {0.0, 2.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {2.0, 0.0, 8.0, 0.0, 6.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {0.0, 16.0, 0.0, 40.0, 0.0, 24.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {16.0, 0.0, 136.0, 0.0, 240.0, 0.0, 120.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {0.0, 272.0, 0.0, 1232.0, 0.0, 1680.0, 0.0, 720.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {272.0, 0.0, 3968.0, 0.0, 12096.0, 0.0, 13440.0, 0.0, 5040.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {0.0, 7936.0, 0.0, 56320.0, 0.0, 129024.0, 0.0, 120960.0, 0.0, 40320.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {7936.0, 0.0, 176896.0, 0.0, 814080.0, 0.0, 1491840.0, 0.0, 1209600.0, 0.0, 362880.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {0.0, 353792.0, 0.0, 3610112.0, 0.0, 12207360.0, 0.0, 18627840.0, 0.0, 13305600.0, 0.0, 3628800.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {353792.0, 0.0, 11184128.0, 0.0, 71867136.0, 0.0, 191431680.0, 0.0, 250145280.0, 0.0, 159667200.0, 0.0, 39916800.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {0.0, 22368256.0, 0.0, 309836800.0, 0.0, 1436058624.0, 0.0, 3149752320.0, 0.0, 3597834240.0, 0.0, 2075673600.0, 0.0, 479001600.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {22368256.0, 0.0, 951878656.0, 0.0, 8109803520.0, 0.0, 29228559360.0, 0.0, 54428774400.0, 0.0, 55212917760.0, 0.0, 29059430400.0, 0.0, 6227020800.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {0.0, 1903757312.0, 0.0, 34342971392.0, 0.0, 207810570240.0, 0.0, 610801551360.0, 0.0, 987559372800.0, 0.0, 900842342400.0, 0.0, 435891456000.0, 0.0, 87178291200.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {1903757312.0, 0.0, 104932671488.0, 0.0, 1142081765376.0, 0.0, 5314663710720.0, 0.0, 13163645214720.0, 0.0, 18797300121600.0, 0.0, 15575854694400.0, 0.0, 6974263296000.0, 0.0, 1307674368000.0, 0.0, 0.0, 0.0, 0.0, 0.0},
    {0.0, 209865342976.0, 0.0, 4778192404480.0, 0.0, 36456309325824.0, 0.0, 137197143982080.0, 0.0, 293282162933760.0, 0.0, 374883257548800.0, 0.0, 284549942476800.0, 0.0, 118562476032000.0, 0.0, 20922789888000.0, 0.0, 0.0, 0.0, 0.0},
    {209865342976.0, 0.0, 14544442556416.0, 0.0, 196616123842560.0, 0.0, 1142661554503680.0, 0.0, 3599919474278400.0, 0.0, 6763255299440640.0, 0.0, 7822865085235200.0, 0.0, 5477586392678400.0, 0.0, 2134124568576000.0, 0.0, 355687428096000.0, 0.0, 0.0, 0.0},
    {0.0, 29088885112832.0, 0.0, 815553380483072.0, 0.0, 7642433822392320.0, 0.0, 3.565532512124928e+16, 0.0, 9.64319087886336e+16, 0.0, 1.615069340172288e+17, 0.0, 1.7056059052032e+17, 0.0, 1.108322025947136e+17, 0.0, 4.0548366802944e+16, 0.0, 6402373705728000.0, 0.0, 0.0},
    {29088885112832.0, 0.0, 2475749026562048.0, 0.0, 4.065882925341082e+16, 0.0, 2.8779944496070656e+17, 0.0, 1.1174744549464474e+18, 0.0, 2.644463453287219e+18, 0.0, 3.993863950953677e+18, 0.0, 3.879770715684864e+18, 0.0, 2.351805274570752e+18, 0.0, 8.1096733605888e+17, 0.0, 1.21645100408832e+17, 0.0},
    {0.0, 4951498053124096.0, 0.0, 1.6758681506676736e+17, 0.0, 1.8894319867778826e+18, 0.0, 1.0666592309335818e+19, 0.0, 3.538443017244377e+19, 0.0, 7.437100194431631e+19, 0.0, 1.0224315743103222e+20, 0.0, 9.194567441272013e+19, 0.0, 5.222629644219187e+19, 0.0, 1.703031405723648e+19, 0.0, 2.43290200817664e+18}};

static constexpr double SQRT2 = 1.4142135623730951;
static constexpr double SQRT1_2 = 0.7071067811865476;

// special_erf(x) / x in x^2 on [0, 0.75^2], 5e-17.
static __device__ const double ERF_P[] = {
    1.1283791670955126, 0.13859395483540593, 0.04058123967183082, 0.0012821541979025524, 6.468825998909707e-05
};
static __device__ const double ERF_Q[] = {
    1.0, 0.45615902781343914, 0.08801719653726327, 0.008668966100600447, 0.00037656391452084106
};

// special_erfcx(x) on [0.7, 2.5], 1e-20.
static __device__ const double ERFCX1_P[] = {
    0.9999999999801616,
    1.6916145004826082,
    1.4283575054283173,
    0.7444937812172813,
    0.25520699543753805,
    0.05727060729208724,
    0.007812794213457585,
    0.0005054181799967715
};
static __device__ const double ERFCX1_Q[] = {
    1.0,
    2.8199936672799697,
    3.6103796130659185,
    2.7506300229344833,
    1.3699290989020194,
    0.45926233128075034,
    0.10195773375839391,
    0.013847802320053648,
    0.0008958307473349179
};

// special_erfcx(x) on [2.5, 7], 2e-17.
static __device__ const double ERFCX2_P[] = {
    1.0000517020859947,
    1.883928956428247,
    1.721996083584182,
    0.9581696112834177,
    0.3448610972300216,
    0.07691621575253374,
    0.009492149019510135
};
static __device__ const double ERFCX2_Q[] = {
    1.0,
    3.012640846832094,
    4.12033016614031,
    3.3493571293203237,
    1.7664775849343926,
    0.6196625347991052,
    0.13633044402432978,
    0.016824396066919715
};

// x special_erfcx(x) in 1 / x^2 on [0, 1 / 49], 2e-18.
static __device__ const double ERFCX3_P[] = {
    0.5641895835477563, 9.10076541068689, 41.20010077721984, 53.12295361452124, 9.410302361554615
};
static __device__ const double ERFCX3_Q[] = {
    1.0, 16.630686698359685, 80.59062062947483, 123.85527898802295, 42.78404048517901
};

// normalQuantile(0.5 + q) / q in 0.425^2 - q^2 on [0, 0.425^2], 6e-17.
static __device__ const double CENTRE_P[] = {
    3.3871328727963665,
    148.75654077063152,
    2548.2248573022625,
    21627.48116049056,
    95692.73551269759,
    213550.16248438213,
    214247.3801984238,
    74060.81462563902,
    3907.007639023816
};
static __device__ const double CENTRE_Q[] = {
    1.0,
    46.92338689522055,
    871.2838940641986,
    8176.878340636071,
    41169.98166790856,
    109244.70555458817,
    140376.82723612545,
    72342.69749284587,
    9398.46451720659
};

// -normalQuantile(exp(-r^2)) in r - 1.6 for r in [1.6, 4], 4e-19.
static __device__ const double TAIL1_P[] = {
    1.4234371107496835,
    4.763256703788505,
    6.239428855567124,
    4.303268624266295,
    1.7428098806026031,
    0.42906554416256454,
    0.0623358630374074,
    0.004729504356173557,
    0.0001346618361571396
};
static __device__ const double TAIL1_Q[] = {
    1.0,
    2.1465704325071298,
    1.8944935885043854,
    0.8966167636375244,
    0.24697178956487617,
    0.03923137729083602,
    0.0031929081021269353,
    9.520850634540175e-05,
    1.1980227400502507e-10
};

// The same in r - 4 for r in [4, 10], 7e-20.
static __device__ const double TAIL2_P[] = {
    5.177341220537704,
    5.903209969511066,
    2.8086934340132825,
    0.7320134262019692,
    0.11477670525497898,
    0.011065962004597939,
    0.0006306565857732097,
    1.8724783094520577e-05,
    2.0856384440956712e-07
};
static __device__ const double TAIL2_Q[] = {
    1.0,
    0.8518223015691735,
    0.2997403690931536,
    0.056830144835644504,
    0.006272399211990118,
    0.0003958120413304059,
    1.265111874133854e-05,
    1.4747406613977549e-07,
    1.1560654961510819e-14
};

// The same in r - 10 for r in [10, 27.5], 3e-17; r is 27.3 at the smallest double.
static __device__ const double TAIL3_P[] = {
    13.888476033003887,
    5.7773904724796825,
    0.969819515171694,
    0.08397773948188665,
    0.003970550368665726,
    9.949238966911821e-05,
    1.1683082822565507e-06,
    4.602539974516932e-09
};
static __device__ const double TAIL3_Q[] = {
    1.0,
    0.3128277051289889,
    0.03766781501595096,
    0.002185638051727319,
    6.242826798407993e-05,
    7.935778008325774e-07,
    3.254483164914731e-09
};

static __device__ __noinline__ double special_erf(double x) {
    double a = fabs(x);
    if (a < 0.75) {
        return x * poly_ratio(ERF_P, ERF_Q, x * x);
    }
    if (isnan(x)) {
        return x;
    }
    return copysign(a > 6 ? 1 : 1 - upper(a), x);
}

static __device__ __noinline__ double special_erfc(double x) {
    if (fabs(x) < 0.7) {
        return 1 - x * poly_ratio(ERF_P, ERF_Q, x * x);
    }
    if (x < 0) {
        return x < -6 ? 2 : 2 - upper(-x);
    }
    return upper(x);
}

static __device__ __noinline__ double upper(double x) {
    return expMinusSquare(x) * erfcxUpper(x);
}

static __device__ __noinline__ double special_erfcx(double x) {
    if (x < 0.7) {
        return x < -26.7 ? __longlong_as_double(0x7ff0000000000000LL) : special_erfc(x) / expMinusSquare(x);
    }
    return erfcxUpper(x);
}

static __device__ __noinline__ double erfcxUpper(double x) {
    if (x < 2.5) {
        return poly_ratio(ERFCX1_P, ERFCX1_Q, x);
    }
    if (x < 7) {
        return poly_ratio(ERFCX2_P, ERFCX2_Q, x);
    }
    double s = 1 / x;
    return poly_ratio(ERFCX3_P, ERFCX3_Q, s * s) * s;
}

static __device__ __noinline__ double expMinusSquare(double x) {
    double hi = x * x;
    if (hi > 750) {
        return 0;
    }
    double lo = fma(x, x, -hi);
    double e = exp(-hi);
    return e - e * lo;
}

static __device__ __noinline__ double normalCdf(double x) {
    if (x < -1) {
        return lowerNormal(x);
    }
    if (x > 1) {
        return 1 - lowerNormal(-x);
    }
    return 0.5 * special_erfc(-x * SQRT1_2);
}

static __device__ __noinline__ double lowerNormal(double x) {
    double hi = x * x;
    if (hi > 1500) {
        return 0;
    }
    double lo = fma(x, x, -hi);
    double e = exp(-0.5 * hi);
    return 0.5 * (e - 0.5 * lo * e) * erfcxUpper(-x * SQRT1_2);
}

static __device__ __noinline__ double logNormalCdf(double x) {
    if (x < -1) {
        return log(0.5 * erfcxUpper(-x * SQRT1_2)) - 0.5 * x * x;
    }
    if (x > 1) {
        return log1p(-lowerNormal(-x));
    }
    double half = 0.5 * x * SQRT1_2 * poly_ratio(ERF_P, ERF_Q, 0.5 * x * x);
    return x > 0 ? log1p(half - 0.5) : log(0.5 + half);
}

static __device__ __noinline__ double normalQuantile(double p) {
    double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        return centre(q);
    }
    return q < 0 ? -upperQuantile(p) : upperQuantile(1 - p);
}

static __device__ __noinline__ double erfInverse(double y) {
    double q = 0.5 * y;
    if (fabs(q) <= 0.425) {
        return centre(q) * SQRT1_2;
    }
    return copysign(upperQuantile(0.5 - fabs(q)) * SQRT1_2, y);
}

static __device__ __noinline__ double erfcInverse(double y) {
    double q = 0.5 - 0.5 * y;
    if (fabs(q) <= 0.425) {
        return centre(q) * SQRT1_2;
    }
    return q > 0 ? upperQuantile(0.5 * y) / SQRT2 : -upperQuantile(1 - 0.5 * y) / SQRT2;
}

static __device__ __noinline__ double centre(double q) {
    return q * poly_ratio(CENTRE_P, CENTRE_Q, 0.180625 - q * q);
}

static __device__ __noinline__ double upperQuantile(double p) {
    if (p == 0) {
        return __longlong_as_double(0x7ff0000000000000LL);
    }
    double r = sqrt(-log(p));
    if (r < 4) {
        return poly_ratio(TAIL1_P, TAIL1_Q, r - 1.6);
    }
    if (r < 10) {
        return poly_ratio(TAIL2_P, TAIL2_Q, r - 4);
    }
    return poly_ratio(TAIL3_P, TAIL3_Q, r - 10);
}

static constexpr double HALF_LOG_2PI = 0.9189385332046728;

static constexpr double LOG_PI = 1.1447298858494002;

// special_lgamma(1 + w) / (w (w - 1)) for w in [-0.3, 0.5], 2e-16.
static __device__ const double ONE_P[] = {
    0.5772156649015329,
    1.566671317554922,
    1.5698011610404352,
    0.7081223332724298,
    0.13859595543318184,
    0.009036684321111248,
    4.927380590694736e-05
};
static __device__ const double ONE_Q[] = {
    1.0,
    3.1390739999868136,
    3.7840779839880248,
    2.1887824502135738,
    0.617510914018485,
    0.07582413708890706,
    0.002823461643857128
};

// special_lgamma(2 + z) / (z (z + 1)) for z in [-0.5, 1], 5e-17.
static __device__ const double TWO_P[] = {
    0.42278433509846713,
    0.5645913144608875,
    0.27720518322189835,
    0.0609408281964409,
    0.0057724418306060515,
    0.0001798588975021022,
    4.248351889557227e-07
};
static __device__ const double TWO_Q[] = {
    1.0,
    1.572689811178513,
    0.9508587415739809,
    0.2764267105316925,
    0.03934775929872803,
    0.0024531407049850212,
    4.682577882553526e-05
};

// The positive zero of digamma is ROOT + ROOT_LOW.
static constexpr double ROOT = 1.4616321449683622;
static constexpr double ROOT_LOW = 9.549995429965697e-17;

// digamma(1 + w) / (1 + w - root) for w in [0, 1], 7e-20.
static __device__ const double PSI1_P[] = {
    1.2503801375034054,
    1.8675925104074453,
    0.9711327526262392,
    0.21631407251432455,
    0.01996408274151926,
    0.0005811135063985677,
    1.0894678528383955e-06
};
static __device__ const double PSI1_Q[] = {
    1.0,
    2.1771665986671342,
    1.6630736963665909,
    0.5710455727133128,
    0.09111902253303285,
    0.006100975692434821,
    0.00012043151172286901
};

// digamma(2 + z) / (2 + z - root) for z in [0, 1], 3e-18.
static __device__ const double PSI2_P[] = {
    0.7853075386041053,
    0.6822384757262653,
    0.19647018191121188,
    0.021432677019405544,
    0.0007106194753292011,
    1.5155654715124591e-06
};
static __device__ const double PSI2_Q[] = {
    1.0, 1.200774708065863, 0.5100664228901842, 0.09307634109023832, 0.00692004955233437, 0.00015069625232146463
};

// B(2), B(4), ... B(20).
static __device__ const double BERNOULLI[] = {
    1.0 / 6,
    -1.0 / 30,
    1.0 / 42,
    -1.0 / 30,
    5.0 / 66,
    -691.0 / 2730,
    7.0 / 6,
    -3617.0 / 510,
    43867.0 / 798,
    -174611.0 / 330
};

// B(2k) / (2k (2k - 1)) in 1 / x^2: special_lgamma(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2) times x. The first term left
// out
// is 5e-18 of lgamma at x = 8.
static __device__ const double STIRLING[] = {
    1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400
};

// B(2k) / 2k in 1 / x^2: ln x - 1 / (2 x) - digamma(x) times x^2.
static __device__ const double PSI_TAIL[] = {
    1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12, -3617.0 / 8160
};

static __device__ __noinline__ double special_lgamma(double x) {
    if (x < -0.2) {
        return negativeLgamma(x);
    }
    if (x < 0.5) {
        return lgamma1p(x) - log(fabs(x));
    }
    if (x < 0.8) {
        return upperLgamma(x - 1) - log(x);
    }
    if (x <= 3) {
        return x < 1.5 ? lgamma1p(x - 1) : upperLgamma(x - 2);
    }
    if (x < 8) {
        double y = x - 1;
        double product = y;
        while (y > 3) {
            y -= 1;
            product *= y;
        }
        return upperLgamma(y - 2) + log(product);
    }
    if (x == __longlong_as_double(0x7ff0000000000000LL)) {
        return x;
    }
    // In this form nothing overflows before the result does.
    return (x - 0.5) * (log(x) - 1) + (HALF_LOG_2PI - 0.5) + stirlingSeries(x);
}

static __device__ __noinline__ double lgamma1p(double w) {
    return w * (w - 1) * poly_ratio(ONE_P, ONE_Q, w);
}

static __device__ __noinline__ double upperLgamma(double z) {
    return z * (z + 1) * poly_ratio(TWO_P, TWO_Q, z);
}

static __device__ __noinline__ double negativeLgamma(double x) {
    if (x == rint(x)) {
        return __longlong_as_double(0x7ff0000000000000LL);
    }
    return LOG_PI - log(fabs(x * sin(3.141592653589793 * (x - rint(x))))) - special_lgamma(-x);
}

static __device__ __noinline__ double gamma1p(double a) {
    double product = 1;
    double y = a;
    while (y > 1) {
        product *= y;
        y -= 1;
    }
    return product * exp(y <= 0.5 ? lgamma1p(y) : upperLgamma(y - 1));
}

static __device__ __noinline__ double stirlingError(double x) {
    if (x < 8) {
        return special_lgamma(x) - ((x - 0.5) * log(x) - x + HALF_LOG_2PI);
    }
    return stirlingSeries(x);
}

static __device__ __noinline__ double stirlingSeries(double x) {
    double s = 1 / x;
    return s * poly_at(STIRLING, s * s);
}

static __device__ __noinline__ double digamma(double x) {
    if (x < 0) {
        return negativeDigamma(x);
    }
    if (x < 1) {
        // (x - (ROOT - 1)) is exact near the zero of digamma(1 + x), whose rounding would be lost in 1 + x.
        return digamma1p(x) - 1 / x;
    }
    if (x < 2) {
        return digamma1p(x - 1);
    }
    if (x < 10) {
        double y = x;
        double sum = 0;
        while (y >= 3) {
            y -= 1;
            sum += 1 / y;
        }
        return sum + (y - ROOT - ROOT_LOW) * poly_ratio(PSI2_P, PSI2_Q, y - 2);
    }
    return isinf(x) ? x : log(x) + digammaMinusLog(x);
}

static __device__ __noinline__ double digamma1p(double w) {
    return (w - (ROOT - 1) - ROOT_LOW) * poly_ratio(PSI1_P, PSI1_Q, w);
}

static __device__ __noinline__ double digammaMinusLog(double x) {
    double s = 1 / x;
    double s2 = s * s;
    return -0.5 * s - s2 * poly_at(PSI_TAIL, s2);
}

static __device__ __noinline__ double negativeDigamma(double x) {
    double r = x - rint(x);
    if (r == 0) {
        return __longlong_as_double(0x7ff8000000000000LL);
    }
    if (x > -0.05) {
        return digamma1p(x) - 1 / x;
    }
    return digamma(1 - x) - 3.141592653589793 * cotangentOfPi(r);
}

static __device__ __noinline__ double cotangentOfPi(double r) {
    double a = fabs(r);
    double c = a < 0.25 ? 1 / tan(3.141592653589793 * a) : tan(3.141592653589793 * (0.5 - a));
    return r < 0 ? -c : c;
}

static __device__ __noinline__ double polygamma(int n, double x) {
    if (n == 0) {
        return digamma(x);
    }
    double sign = (n & 1) == 0 ? -1 : 1;
    if (x < 0) {
        double r = x - rint(x);
        if (r == 0) {
            return sign > 0 ? __longlong_as_double(0x7ff0000000000000LL) : __longlong_as_double(0x7ff8000000000000LL);
        }
        if (isnan(r)) {
            return r;
        }
        double c = cotangentOfPi(r);
        double poles = pow(3.141592653589793, n + 1.0) * poly_n(COTANGENT[n], n + 2, c);
        return sign * poles - positivePolygamma(n, 1 - x);
    }
    if (x == 0) {
        return sign > 0 ? __longlong_as_double(0x7ff0000000000000LL) : -1 / x;
    }
    return sign * positivePolygamma(n, x);
}

static __device__ __noinline__ double positivePolygamma(int n, double x) {
    int up = 12 + n;
    double sum = 0;
    double y = x;
    if (x < up) {
        int steps = (int) ceil(up - x);
        y = x + steps;
        for (int j = steps - 1; j >= 0; j--) {
            sum += 1 / power(x + j, n + 1);
        }
        sum *= FACTORIAL[n];
    }
    if (isinf(y)) {
        return 0;
    }
    // DLMF 5.15.8: (n - 1)! / y^n * (1 + n / (2 y) + sum over k of B(2k) (2k + n - 1)! / ((2k)! (n - 1)! y^2k)).
    double s = 1 / y;
    double s2 = s * s;
    double term = 1;
    double series = 0;
    for (int k = 1; k <= 10; k++) {
        term *= s2 * (2 * k + n - 1) * (2 * k + n - 2) / (2.0 * k * (2 * k - 1));
        series += BERNOULLI[k - 1] * term;
    }
    double lead = series + 0.5 * n * s + 1;
    double p = power(y, n);
    double tail = isinf(p)
            ? lead * FACTORIAL[n - 1] / power(y, n / 2) / power(y, n - n / 2)
            : lead * FACTORIAL[n - 1] / p;
    return sum + tail;
}

static __device__ __noinline__ double power(double x, int n) {
    return n == 1 ? x : n == 2 ? x * x : pow(x, (double) n);
}

// I0(x) in x^2 / 4, 4e-19.
static __device__ const double I0[] = {
    1.0,
    1.0,
    0.2500000000000001,
    0.027777777777777565,
    0.0017361111111113758,
    6.944444444424399e-05,
    1.9290123457790406e-06,
    3.936759885673581e-08,
    6.151187413177668e-10,
    7.594056846699174e-12,
    7.594079950279469e-14,
    6.275862820937522e-16,
    4.3600362269175774e-18,
    2.5698743857514957e-20,
    1.35095827969477e-22,
    4.940670282542572e-25,
    3.6454386812677436e-27
};

// I1(x) / x in x^2 / 4, 2e-20.
static __device__ const double I1[] = {
    0.5,
    0.25,
    0.04166666666666667,
    0.0034722222222222164,
    0.0001736111111111183,
    5.787037037031587e-06,
    1.3778659612264924e-07,
    2.460474929770153e-09,
    3.417326316154766e-11,
    3.7970287838556324e-13,
    3.451850596478968e-15,
    2.61497440972266e-17,
    1.6767521603667608e-19,
    9.185784328456186e-22,
    4.481903304500602e-24,
    1.5795348772797387e-26,
    1.0451756649154198e-28
};

// sqrt(x) e^-x I0(x) in Chebyshev polynomials of 16 / x - 1.
static __device__ const double I0_FAR[] = {
    0.4022452055070544,
    0.0033691164782556943,
    6.889758346916825e-05,
    2.8913705208347567e-06,
    2.0489185894690638e-07,
    2.266668990498178e-08,
    3.3962320257083865e-09,
    4.94060238822497e-10,
    1.1889147107846439e-11,
    -3.1499165279632416e-11,
    -1.3215811840447713e-11,
    -1.7941785315068062e-12,
    7.180124451383666e-13,
    3.8527783827421426e-13,
    1.54008621752141e-14,
    -4.150569347287222e-14,
    -9.554846698828307e-15,
    3.8116806693526224e-15,
    1.7725601330565263e-15,
    -3.425485619677219e-16,
    -2.8276239805165836e-16,
    3.461222867697461e-17,
    4.46562142029676e-17,
    -4.830504485944178e-18,
    -7.23318048787476e-18,
    9.921475412173676e-19,
    1.1936508908460063e-18
};

// sqrt(x) e^-x I1(x) in the same.
static __device__ const double I1_FAR[] = {
    0.38928811750914005,
    -0.009761097491361469,
    -0.00011058893876262371,
    -3.882564808877691e-06,
    -2.512236237870209e-07,
    -2.6314688468895196e-08,
    -3.835380385964237e-09,
    -5.589743462196584e-10,
    -1.8974958123505413e-11,
    3.2526035830154884e-11,
    1.4125807436613782e-11,
    2.0356285441470896e-12,
    -7.198551776245908e-13,
    -4.0835511110921974e-13,
    -2.1015418427726643e-14,
    4.272440016711951e-14,
    1.0420276984128802e-14,
    -3.8144030724370075e-15,
    -1.8803547755107825e-15,
    3.3082023109209285e-16,
    2.96262899764595e-16,
    -3.209525921993424e-17,
    -4.650305368489358e-17,
    4.414348323071704e-18,
    7.517296310842111e-18,
    -9.314178867326863e-19,
    -1.2421932751949152e-18
};

static __device__ __noinline__ double i0e(double x) {
    double a = fabs(x);
    if (a <= 8) {
        double h = 0.5 * a;
        return exp(-a) * poly_at(I0, h * h);
    }
    return poly_chebyshev(I0_FAR, 16 / a - 1) / sqrt(a);
}

static __device__ __noinline__ double i1e(double x) {
    double a = fabs(x);
    if (a <= 8) {
        double h = 0.5 * a;
        return exp(-a) * poly_at(I1, h * h) * x;
    }
    return copysign(poly_chebyshev(I1_FAR, 16 / a - 1) / sqrt(a), x);
}
