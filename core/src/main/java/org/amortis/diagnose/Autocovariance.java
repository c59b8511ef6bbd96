package org.amortis.diagnose;

/** Autocovariances of a series at all lags, by a fast Fourier transform of twice the length. */
final class Autocovariance {
    private Autocovariance() {}

    /**
     * Sums of products about the mean divided by n, not by n - t: noise at large lags is damped.
     *
     * @param x n numbers
     * @return n autocovariances, the first the variance with divisor n
     */
    static double[] of(double[] x) {
        int n = x.length;
        int size = Integer.highestOneBit(Math.max(1, 2 * n - 1));
        size = size < 2 * n ? 2 * size : size;
        double mean = mean(x);
        double[] re = new double[size];
        double[] im = new double[size];
        for (int i = 0; i < n; i++) {
            re[i] = x[i] - mean;
        }
        transform(re, im);
        for (int i = 0; i < size; i++) {
            re[i] = re[i] * re[i] + im[i] * im[i];
            im[i] = 0;
        }
        // the spectrum is real and even, so the transform is its own inverse up to a factor
        transform(re, im);
        double[] out = new double[n];
        for (int t = 0; t < n; t++) {
            out[t] = re[t] / size / n;
        }
        return out;
    }

    static double mean(double... x) {
        double s = 0;
        for (double v : x) {
            s += v;
        }
        return s / x.length;
    }

    /** Discrete Fourier transform in place, of a length that is a power of two. */
    private static void transform(double[] re, double[] im) {
        int n = re.length;
        for (int i = 1, j = 0; i < n; i++) {
            int bit = n >> 1;
            while ((j & bit) != 0) {
                j ^= bit;
                bit >>= 1;
            }
            j |= bit;
            if (i < j) {
                double r = re[i];
                re[i] = re[j];
                re[j] = r;
                double s = im[i];
                im[i] = im[j];
                im[j] = s;
            }
        }
        double[] cos = new double[n / 2];
        double[] sin = new double[n / 2];
        for (int i = 0; i < n / 2; i++) {
            cos[i] = Math.cos(2 * Math.PI * i / n);
            sin[i] = -Math.sin(2 * Math.PI * i / n);
        }
        for (int half = 1; half < n; half *= 2) {
            int stride = n / (2 * half);
            for (int start = 0; start < n; start += 2 * half) {
                for (int k = 0; k < half; k++) {
                    int a = start + k;
                    int b = a + half;
                    double c = cos[k * stride];
                    double s = sin[k * stride];
                    double r = re[b] * c - im[b] * s;
                    double i = re[b] * s + im[b] * c;
                    re[b] = re[a] - r;
                    im[b] = im[a] - i;
                    re[a] += r;
                    im[a] += i;
                }
            }
        }
    }
}
