// Convolutions of images [N, I, H, W] by weights [O, I, kh, kw] to outputs [N, O, U, V] and their adjoints, without copies of
// the images. A thread makes one output or one element of an image, a block one weight.
#include "common.cuh"

#define ROLLED _Pragma("unroll 1")
#define THREADS 256

struct Conv {
    const void *a;
    const void *b;
    void *y;
    int images;
    int channels;
    int height;
    int width;
    int outputs;
    int kernel_height;
    int kernel_width;
    int out_height;
    int out_width;
    int stride_h;
    int stride_w;
    int pad_top;
    int pad_left;
    int dilation_h;
    int dilation_w;
};

template <class T> static __device__ __forceinline__ void conv(const Conv &c) {
    int t = global_index();
    if (t >= c.images * c.outputs * c.out_height * c.out_width) {
        return;
    }
    int v = t % c.out_width;
    int u = t / c.out_width % c.out_height;
    int o = t / (c.out_width * c.out_height) % c.outputs;
    int n = t / (c.out_width * c.out_height * c.outputs);
    int top = u * c.stride_h - c.pad_top;
    int left = v * c.stride_w - c.pad_left;
    const T *x = (const T *) c.a + (long long) n * c.channels * c.height * c.width;
    const T *k = (const T *) c.b + (long long) o * c.channels * c.kernel_height * c.kernel_width;
    T sum = 0;
    ROLLED for (int i = 0; i < c.channels; i++) {
        ROLLED for (int p = 0; p < c.kernel_height; p++) {
            int h = top + p * c.dilation_h;
            ROLLED for (int q = 0; q < c.kernel_width; q++, k++) {
                int w = left + q * c.dilation_w;
                if (h >= 0 && h < c.height && w >= 0 && w < c.width) {
                    sum += x[h * c.width + w] * k[0];
                }
            }
        }
        x += c.height * c.width;
    }
    ((T *) c.y)[t] = sum;
}

template <class T> static __device__ __forceinline__ void conv_image(const Conv &c) {
    int t = global_index();
    if (t >= c.images * c.channels * c.height * c.width) {
        return;
    }
    int w = t % c.width;
    int h = t / c.width % c.height;
    int i = t / (c.width * c.height) % c.channels;
    int n = t / (c.width * c.height * c.channels);
    int out = c.out_height * c.out_width;
    const T *y = (const T *) c.a + (long long) n * c.outputs * out;
    const T *k = (const T *) c.b + (long long) i * c.kernel_height * c.kernel_width;
    long long step = (long long) c.channels * c.kernel_height * c.kernel_width;
    T sum = 0;
    ROLLED for (int p = 0; p < c.kernel_height; p++) {
        int above = h + c.pad_top - p * c.dilation_h;
        int u = above / c.stride_h;
        ROLLED for (int q = 0; q < c.kernel_width; q++) {
            int before = w + c.pad_left - q * c.dilation_w;
            int v = before / c.stride_w;
            bool seen = above >= 0 && before >= 0 && u * c.stride_h == above && v * c.stride_w == before
                    && u < c.out_height && v < c.out_width;
            ROLLED for (int o = 0; seen && o < c.outputs; o++) {
                sum += y[(long long) o * out + u * c.out_width + v] * k[o * step + p * c.kernel_width + q];
            }
        }
    }
    ((T *) c.y)[t] = sum;
}

template <class T> static __device__ __forceinline__ void conv_weights(const Conv &c) {
    int t = blockIdx.x;
    int q = t % c.kernel_width;
    int p = t / c.kernel_width % c.kernel_height;
    int i = t / (c.kernel_width * c.kernel_height) % c.channels;
    int o = t / (c.kernel_width * c.kernel_height * c.channels);
    int out = c.out_height * c.out_width;
    const T *x = (const T *) c.a + (long long) i * c.height * c.width;
    const T *y = (const T *) c.b + (long long) o * out;
    T sum = 0;
    ROLLED for (int s = threadIdx.x; s < c.images * out; s += THREADS) {
        int n = s / out;
        int r = s - n * out;
        int u = r / c.out_width;
        int h = u * c.stride_h + p * c.dilation_h - c.pad_top;
        int w = (r - u * c.out_width) * c.stride_w + q * c.dilation_w - c.pad_left;
        if (h >= 0 && h < c.height && w >= 0 && w < c.width) {
            sum += x[(long long) n * c.channels * c.height * c.width + h * c.width + w]
                    * y[(long long) n * c.outputs * out + r];
        }
    }
    __shared__ T part[THREADS / 32];
    for (int d = 16; d > 0; d /= 2) {
        sum += __shfl_xor_sync(FULL, sum, d);
    }
    if ((threadIdx.x & 31) == 0) {
        part[threadIdx.x / 32] = sum;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        T all = 0;
        for (int w = 0; w < THREADS / 32; w++) {
            all += part[w];
        }
        ((T *) c.y)[t] = all;
    }
}

KERNEL am_conv_f32(const Conv c) { conv<float>(c); }
KERNEL am_conv_f64(const Conv c) { conv<double>(c); }
KERNEL am_conv_image_f32(const Conv c) { conv_image<float>(c); }
KERNEL am_conv_image_f64(const Conv c) { conv_image<double>(c); }
KERNEL am_conv_weights_f32(const Conv c) { conv_weights<float>(c); }
KERNEL am_conv_weights_f64(const Conv c) { conv_weights<double>(c); }
