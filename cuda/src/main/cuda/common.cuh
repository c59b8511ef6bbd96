// What all kernels share. Each kernel takes one struct, so that the host writes one block of bytes: pointers first, then
// numbers of four bytes. Offsets and strides are in elements. Nothing here depends on the number of multiprocessors.
#pragma once

#define KERNEL extern "C" __global__ void
#define FULL 0xffffffffu
#define AXES 6

struct Walk {
    int rank;
    int dims[AXES];
    int first[AXES];
    int second[AXES];
};

// Offsets of a linear position along both stride lists; the innermost axis is the last of rank.
static __device__ __forceinline__ void walk_offsets(const Walk &w, int i, int &first, int &second) {
    first = 0;
    second = 0;
#pragma unroll
    for (int a = AXES - 1; a >= 0; a--) {
        if (a < w.rank) {
            int d = w.dims[a];
            int q = i / d;
            int k = i - q * d;
            first += k * w.first[a];
            second += k * w.second[a];
            i = q;
        }
    }
}

static __device__ __forceinline__ int global_index() { return blockIdx.x * blockDim.x + threadIdx.x; }

// The smaller and the larger where NaN wins.
static __device__ __forceinline__ float largest(float a, float b) { return isnan(a) ? a : isnan(b) ? b : fmaxf(a, b); }
static __device__ __forceinline__ double largest(double a, double b) { return isnan(a) ? a : isnan(b) ? b : fmax(a, b); }
static __device__ __forceinline__ int largest(int a, int b) { return a > b ? a : b; }
static __device__ __forceinline__ float smallest(float a, float b) { return isnan(a) ? a : isnan(b) ? b : fminf(a, b); }
static __device__ __forceinline__ double smallest(double a, double b) { return isnan(a) ? a : isnan(b) ? b : fmin(a, b); }
static __device__ __forceinline__ int smallest(int a, int b) { return a < b ? a : b; }
