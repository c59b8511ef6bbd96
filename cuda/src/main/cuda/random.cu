// Draws and derived keys. Built without contraction: float normals have the bits of the SIMD backend, which is the same formula
// of fused and plain operations; double normals use the library's logarithm and sine.
#include "random.cuh"

static __device__ __forceinline__ float uniform(unsigned w) {
    float u = __fmul_rn(__fadd_rn((float) (int) (w >> 8), 0.5f), 0x1p-24f);
    return fminf(u, 0x1.fffffep-1f);
}

// sin and cos of a quarter turn count: bits of both, swapped and negated by quadrant.
static __device__ __forceinline__ float in_quadrant(float sin, float cos, int quadrant) {
    float v = quadrant & 1 ? cos : sin;
    return __int_as_float(__float_as_int(v) ^ ((quadrant & 2) << 30));
}

// Two normals of a radius word and an angle word.
static __device__ __forceinline__ void normals(unsigned wr, unsigned wa, float &first, float &second) {
    float whole = (float) (int) (wr >> 8);
    float half = __fadd_rn(whole, 0.5f);
    float lost_half = __fadd_rn(-__fsub_rn(half, whole), 0.5f);
    float u = __fmul_rn(half, 0x1p-24f);
    float lost_u = __fmul_rn(lost_half, 0x1p-24f);
    int bits = __float_as_int(u);
    int e = (bits - 0x3f3504f3) >> 23;
    float m = __int_as_float(bits - (e << 23));
    int scale = -min(e, 126);
    float z = __fmaf_rn(lost_u, __int_as_float((scale + 127) << 23), __fsub_rn(m, 1.0f));
    float n = (float) e;
    float p = __fmaf_rn(z, -0x1.38c908p-4f, 0x1.055e6p-3f);
    p = __fmaf_rn(p, z, -0x1.0d8232p-3f);
    p = __fmaf_rn(p, z, 0x1.22d936p-3f);
    p = __fmaf_rn(p, z, -0x1.54728cp-3f);
    p = __fmaf_rn(p, z, 0x1.99a01cp-3f);
    p = __fmaf_rn(p, z, -0x1.000226p-2f);
    p = __fmaf_rn(p, z, 0x1.555554p-2f);
    float tail = __fmaf_rn(n, -0x1.05c61p-29f, __fmul_rn(__fmul_rn(z, z), __fmaf_rn(z, p, -0.5f)));
    float log = __fmaf_rn(n, 0x1.62e43p-1f, __fadd_rn(tail, z));
    float square = __fmul_rn(log, -2.0f);
    float r = __fsqrt_rn(square);
    float lost = __fdiv_rn(__fmaf_rn(-r, r, square), __fadd_rn(r, r));
    int j = (int) (wa >> 7) | 1;
    int quarter = (int) ((unsigned) (j + (1 << 22)) >> 23);
    float t = __fmul_rn((float) (j - (quarter << 23)), 0x1p-23f);
    float tt = __fmul_rn(t, t);
    float s = __fmaf_rn(tt, 0x1.44510cp-13f, -0x1.32adccp-8f);
    s = __fmaf_rn(s, tt, 0x1.466b78p-4f);
    s = __fmaf_rn(s, tt, -0x1.4abbcep-1f);
    float sin = __fmaf_rn(t, 0x1.921fb6p+0f, __fmul_rn(t, __fmaf_rn(tt, s, -0x1.777a5cp-25f)));
    float c = __fmaf_rn(tt, 0x1.d4f7eep-11f, -0x1.55b2b6p-6f);
    c = __fmaf_rn(c, tt, 0x1.03c1bp-2f);
    c = __fmaf_rn(c, tt, -0x1.3bd3ccp+0f);
    float cos = __fmaf_rn(tt, c, 1.0f);
    float x = in_quadrant(sin, cos, quarter + 1);
    float y = in_quadrant(sin, cos, quarter);
    first = __fmaf_rn(r, x, __fmul_rn(lost, x));
    second = __fmaf_rn(r, y, __fmul_rn(lost, y));
}

// One block of four words a thread; the last of a row may be cut.
struct Place {
    int row;
    int at;
    uint4 w;
};

static __device__ __forceinline__ bool place(const Draw &a, int i, int per, Place &p) {
    int blocks = (a.n + per - 1) / per;
    if (i >= a.rows * blocks) {
        return false;
    }
    p.row = i / blocks;
    int block = i - p.row * blocks;
    p.at = block * per;
    uint2 key = key_of(a, p.row);
    p.w = philox(key.x, key.y, block, 0, DRAW, 0);
    return true;
}

static __device__ __forceinline__ void store(const Draw &a, const Place &p, uint4 v) {
    unsigned *y = (unsigned *) a.y + (long long) p.row * a.n + p.at;
    int left = a.n - p.at;
    y[0] = v.x;
    if (left > 1) {
        y[1] = v.y;
    }
    if (left > 2) {
        y[2] = v.z;
    }
    if (left > 3) {
        y[3] = v.w;
    }
}

static __device__ __forceinline__ uint4 words(float v0, float v1, float v2, float v3) {
    return make_uint4(__float_as_uint(v0), __float_as_uint(v1), __float_as_uint(v2), __float_as_uint(v3));
}

// Keys, words, and floats.
KERNEL am_draw_f32(const Draws all) {
    int i;
    const Draw &a = draw_of(all, i);
    if (a.kind == KEYS) {
        keep_key(a, i);
        return;
    }
    Place p;
    if (!place(a, i, 4, p)) {
        return;
    }
    uint4 v = p.w;
    if (a.kind == UNIFORM) {
        v = words(uniform(p.w.x), uniform(p.w.y), uniform(p.w.z), uniform(p.w.w));
    } else if (a.kind == NORMAL) {
        float v0, v1, v2, v3;
        normals(p.w.x, p.w.y, v0, v1);
        normals(p.w.z, p.w.w, v2, v3);
        v = words(v0, v1, v2, v3);
    }
    store(a, p, v);
}

// Two normals. The angle is reduced exactly before it meets pi.
static __device__ __forceinline__ void normals(uint4 w, double &first, double &second) {
    double r = sqrt(-2 * log(uniform(w.x, w.y)));
    double v = uniform(w.z, w.w);
    int quarter = (int) rint(4 * v);
    double t = 6.283185307179586 * (v - 0.25 * quarter);
    double s = sin(t);
    double c = cos(t);
    double x = quarter & 1 ? s : c;
    double y = quarter & 1 ? c : s;
    int q = quarter & 3;
    first = r * (q == 1 || q == 2 ? -x : x);
    second = r * (q >= 2 ? -y : y);
}

// Keys and doubles.
KERNEL am_draw_f64(const Draws all) {
    int i;
    const Draw &a = draw_of(all, i);
    if (a.kind == KEYS) {
        keep_key(a, i);
        return;
    }
    Place p;
    if (!place(a, i, 2, p)) {
        return;
    }
    double v0, v1;
    if (a.kind == NORMAL) {
        normals(p.w, v0, v1);
    } else {
        v0 = uniform(p.w.x, p.w.y);
        v1 = uniform(p.w.z, p.w.w);
    }
    double *y = (double *) a.y + (long long) p.row * a.n + p.at;
    y[0] = v0;
    if (a.n - p.at > 1) {
        y[1] = v1;
    }
}
