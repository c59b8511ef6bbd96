// Stable sorts with their order: -0 before 0, NaN last. Keys are made unique by their position, so any network is stable.
#include "common.cuh"

struct Sort {
    const void *x;
    void *y;
    int *order;
    void *keys;   // workspace of the large form: 8 bytes a slot
    int *indices; // workspace of the large form
    int lines;
    int n;
    int inner;
    int padded; // power of two, at least n
    int wide;   // of the large form: width of the pairs to be merged
    int apart;  // of the large form: distance of what is compared
};

static __device__ __forceinline__ long long sort_key(float f) {
    int b = isnan(f) ? 0x7fc00000 : __float_as_int(f);
    return (long long) (b ^ (b >> 31 & 0x7fffffff));
}
static __device__ __forceinline__ long long sort_key(double f) {
    long long b = isnan(f) ? 0x7ff8000000000000LL : __double_as_longlong(f);
    return b ^ (b >> 63 & 0x7fffffffffffffffLL);
}
static __device__ __forceinline__ long long sort_key(int f) { return f; }

static __device__ __forceinline__ void exchange(long long *keys, int *at, int i, int other, bool up) {
    long long k = keys[i];
    long long l = keys[other];
    int p = at[i];
    int q = at[other];
    bool after = k > l || (k == l && p > q);
    if (after == up) {
        keys[i] = l;
        keys[other] = k;
        at[i] = q;
        at[other] = p;
    }
}

// A block sorts a line of at most 1024 elements in shared memory.
template <class T> static __device__ __forceinline__ void sort_block(const Sort &a) {
    __shared__ long long keys[1024];
    __shared__ int at[1024];
    long long base = (long long) (blockIdx.x / a.inner) * a.n * a.inner + blockIdx.x % a.inner;
    const T *x = (const T *) a.x + base;
    for (int i = threadIdx.x; i < a.padded; i += blockDim.x) {
        keys[i] = i < a.n ? sort_key(x[(long long) i * a.inner]) : 0x7fffffffffffffffLL;
        at[i] = i;
    }
    for (int wide = 2; wide <= a.padded; wide *= 2) {
        for (int apart = wide / 2; apart > 0; apart /= 2) {
            __syncthreads();
            for (int p = threadIdx.x; p < a.padded / 2; p += blockDim.x) {
                int i = p / apart * 2 * apart + p % apart;
                exchange(keys, at, i, i + apart, (i & wide) == 0);
            }
        }
    }
    __syncthreads();
    for (int i = threadIdx.x; i < a.n; i += blockDim.x) {
        int from = at[i];
        ((T *) a.y)[base + (long long) i * a.inner] = x[(long long) from * a.inner];
        a.order[base + (long long) i * a.inner] = from;
    }
}

KERNEL am_sort_f32(const Sort a) { sort_block<float>(a); }
KERNEL am_sort_f64(const Sort a) { sort_block<double>(a); }
KERNEL am_sort_i32(const Sort a) { sort_block<int>(a); }

// Long lines: keys in device memory, one launch a stage of the network.
template <class T> static __device__ __forceinline__ void sort_load(const Sort &a) {
    int i = global_index();
    if (i < a.padded) {
        int line = blockIdx.y;
        long long base = (long long) (line / a.inner) * a.n * a.inner + line % a.inner;
        long long to = (long long) line * a.padded + i;
        ((long long *) a.keys)[to] =
            i < a.n ? sort_key(((const T *) a.x)[base + (long long) i * a.inner]) : 0x7fffffffffffffffLL;
        a.indices[to] = i;
    }
}

KERNEL am_sort_load_f32(const Sort a) { sort_load<float>(a); }
KERNEL am_sort_load_f64(const Sort a) { sort_load<double>(a); }
KERNEL am_sort_load_i32(const Sort a) { sort_load<int>(a); }

KERNEL am_sort_stage(const Sort a) {
    int p = global_index();
    if (p < a.padded / 2) {
        long long line = (long long) blockIdx.y * a.padded;
        int i = p / a.apart * 2 * a.apart + p % a.apart;
        exchange((long long *) a.keys + line, a.indices + line, i, i + a.apart, (i & a.wide) == 0);
    }
}

template <class T> static __device__ __forceinline__ void sort_store(const Sort &a) {
    int i = global_index();
    if (i < a.n) {
        int line = blockIdx.y;
        long long base = (long long) (line / a.inner) * a.n * a.inner + line % a.inner;
        int from = a.indices[(long long) line * a.padded + i];
        ((T *) a.y)[base + (long long) i * a.inner] = ((const T *) a.x)[base + (long long) from * a.inner];
        a.order[base + (long long) i * a.inner] = from;
    }
}

KERNEL am_sort_store_f32(const Sort a) { sort_store<float>(a); }
KERNEL am_sort_store_f64(const Sort a) { sort_store<double>(a); }
KERNEL am_sort_store_i32(const Sort a) { sort_store<int>(a); }
