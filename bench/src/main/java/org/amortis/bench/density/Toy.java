package org.amortis.bench.density;

import java.util.Locale;
import java.util.random.RandomGenerator;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.math.SpecialFunctions;
import org.jspecify.annotations.Nullable;

/** Densities of the plane that are known exactly, so that no flow can look better than it is. */
enum Toy {
    /** Eight normals of standard deviation 0.2 on a circle of radius 2. */
    EIGHT_GAUSSIANS(-1.698061, -3, 3, -3, 3) {
        @Override
        void draw(RandomGenerator r, double[] into, int at) {
            double angle = r.nextInt(8) * Math.PI / 4;
            noisy(2 * Math.cos(angle), 2 * Math.sin(angle), 0.2, r, into, at);
        }

        @Override
        double logDensity(double x, double y) {
            double[] terms = new double[8];
            for (int k = 0; k < 8; k++) {
                double a = x - 2 * Math.cos(k * Math.PI / 4);
                double b = y - 2 * Math.sin(k * Math.PI / 4);
                terms[k] = -(a * a + b * b) / (2 * 0.2 * 0.2);
            }
            return logMean(terms) - Math.log(2 * Math.PI * 0.2 * 0.2);
        }
    },
    /** Two half circles that reach into each other, with normal noise of 0.1. */
    TWO_MOONS(-1.007572, -1.75, 2.75, -1.25, 1.75) {
        private static final int NODES = 400;

        @Override
        void draw(RandomGenerator r, double[] into, int at) {
            double t = Math.PI * r.nextDouble();
            if (r.nextBoolean()) {
                noisy(Math.cos(t), Math.sin(t), 0.1, r, into, at);
            } else {
                noisy(1 - Math.cos(t), 0.5 - Math.sin(t), 0.1, r, into, at);
            }
        }

        // the integral along the half circles, at points that lie dense against the noise
        @Override
        double logDensity(double x, double y) {
            double[] terms = new double[2 * NODES];
            for (int i = 0; i < NODES; i++) {
                double t = (i + 0.5) * Math.PI / NODES;
                double c = Math.cos(t);
                double s = Math.sin(t);
                terms[2 * i] = -((x - c) * (x - c) + (y - s) * (y - s)) / (2 * 0.1 * 0.1);
                terms[2 * i + 1] = -((x - 1 + c) * (x - 1 + c) + (y - 0.5 + s) * (y - 0.5 + s)) / (2 * 0.1 * 0.1);
            }
            return logMean(terms) - Math.log(2 * Math.PI * 0.1 * 0.1);
        }
    },
    /** Uniform on the eight dark squares, of side 2, of a board on [-4, 4]^2. */
    CHECKERBOARD(-Math.log(32), -4.5, 4.5, -4.5, 4.5) {
        @Override
        void draw(RandomGenerator r, double[] into, int at) {
            int row = r.nextInt(4);
            int column = 2 * r.nextInt(2) + row % 2;
            into[at] = -4 + 2 * (column + r.nextDouble());
            into[at + 1] = -4 + 2 * (row + r.nextDouble());
        }

        @Override
        double logDensity(double x, double y) {
            int column = (int) Math.floor((x + 4) / 2);
            int row = (int) Math.floor((y + 4) / 2);
            boolean on = column >= 0 && column < 4 && row >= 0 && row < 4 && (row + column) % 2 == 0;
            return on ? -Math.log(32) : Double.NEGATIVE_INFINITY;
        }
    },
    /** Circles of radius 1, 2 and 3 about the origin, equally likely, with normal noise of 0.15. */
    RINGS(-3.051258, -3.75, 3.75, -3.75, 3.75) {
        @Override
        void draw(RandomGenerator r, double[] into, int at) {
            int radius = 1 + r.nextInt(3);
            double angle = 2 * Math.PI * r.nextDouble();
            noisy(radius * Math.cos(angle), radius * Math.sin(angle), 0.15, r, into, at);
        }

        @Override
        double logDensity(double x, double y) {
            double r = Math.hypot(x, y);
            double[] terms = new double[3];
            for (int k = 0; k < 3; k++) {
                double d = r - k - 1;
                terms[k] =
                        -d * d / (2 * 0.15 * 0.15) + Math.log(SpecialFunctions.besselI0e(r * (k + 1) / (0.15 * 0.15)));
            }
            return logMean(terms) - Math.log(2 * Math.PI * 0.15 * 0.15);
        }
    };

    private final double best;
    private final double left;
    private final double right;
    private final double bottom;
    private final double top;

    Toy(double best, double left, double right, double bottom, double top) {
        this.best = best;
        this.left = left;
        this.right = right;
        this.bottom = bottom;
        this.top = top;
    }

    /** The toy of a name, or null. */
    static @Nullable Toy named(String name) {
        for (Toy t : values()) {
            if (t.toString().equals(name)) {
                return t;
            }
        }
        return null;
    }

    /** Writes a draw to two places. */
    abstract void draw(RandomGenerator r, double[] into, int at);

    /** Logarithm of the density, nats. */
    abstract double logDensity(double x, double y);

    /** The best mean log-likelihood there is: minus the entropy, nats. */
    double best() {
        return best;
    }

    double left() {
        return left;
    }

    double right() {
        return right;
    }

    double bottom() {
        return bottom;
    }

    double top() {
        return top;
    }

    /** Draws [n, 2]. */
    HostArray draws(RandomGenerator r, int n) {
        double[] x = new double[2 * n];
        for (int i = 0; i < n; i++) {
            draw(r, x, 2 * i);
        }
        return HostArray.wrap(x, Shape.of(n, 2));
    }

    private static void noisy(double x, double y, double noise, RandomGenerator r, double[] into, int at) {
        into[at] = x + noise * r.nextGaussian();
        into[at + 1] = y + noise * r.nextGaussian();
    }

    /** log of the mean of exponentials. */
    private static double logMean(double[] terms) {
        double max = Double.NEGATIVE_INFINITY;
        for (double t : terms) {
            max = Math.max(max, t);
        }
        double sum = 0;
        for (double t : terms) {
            sum += Math.exp(t - max);
        }
        return max + Math.log(sum / terms.length);
    }

    /** The name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
