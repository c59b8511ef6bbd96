package org.amortis.bench.density;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.diagnose.Moments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ToyTest {
    /** On a grid: it integrates to one, and its mean logarithm is the best there is. Draws agree within five errors. */
    @ParameterizedTest
    @EnumSource(Toy.class)
    void densityAndDrawsAgree(Toy toy) {
        // the edges of the checkerboard lie on cell borders of this grid
        int n = 360;
        double side = 9;
        double mass = 0;
        double mean = 0;
        for (int i = 0; i < n * n; i++) {
            double x = (i % n + 0.5) * side / n - side / 2;
            int line = i / n;
            double y = (line + 0.5) * side / n - side / 2;
            double l = toy.logDensity(x, y);
            double p = Math.exp(l) * side * side / n / n;
            mass += p;
            mean += p > 0 ? p * l : 0;
        }
        assertEquals(1, mass, 1e-6);
        assertEquals(toy.best(), mean, 2e-5);
        HostArray x = toy.draws(new SplittableRandom(7), 20_000);
        double[] l = new double[20_000];
        for (int i = 0; i < l.length; i++) {
            l[i] = toy.logDensity(x.get(2 * i), x.get(2 * i + 1));
        }
        Moments m = Moments.of(l);
        assertEquals(toy.best(), m.mean(), 5 * m.standardError() + 1e-12);
        assertEquals(toy, Toy.named(toy.toString()));
    }

    /** The formula for bits of logits, and the one for plain numbers, against the definition on one row. */
    @Test
    void bitsPerDimension() {
        Pixels plain = new Pixels(17, 0);
        HostArray x = HostArray.wrap(new float[] {0.25f, 0.75f}, Shape.of(1, 2));
        // digits' Gaussian: 50.58 nats over 64 dimensions are 2.947 bits
        HostArray wide = HostArray.wrap(new float[64], Shape.of(1, 64));
        assertEquals(2.947, plain.bits(50.58, wide, 0), 5e-4);
        Pixels logit = new Pixels(256, 0.05);
        double s = 0.05 + 0.9 * 0.25;
        double t = 0.05 + 0.9 * 0.75;
        HostArray y = HostArray.wrap(new double[] {Math.log(s / (1 - s)), Math.log(t / (1 - t))}, Shape.of(1, 2));
        double inData = -3 + 2 * Math.log(0.9) - Math.log(s * (1 - s)) - Math.log(t * (1 - t));
        assertEquals(plain.bits(inData, x, 0) + Math.log(256.0 / 17) / Math.log(2), logit.bits(-3, y, 0), 1e-12);
        assertEquals(0.25, logit.brightness(logit.of(0.25 * 255, 0.5)), 1e-12);
    }

    /** Ten thousand normal numbers pass the test, shifted ones do not. */
    @Test
    void normality() {
        SplittableRandom r = new SplittableRandom(3);
        float[] u = new float[20_000];
        for (int i = 0; i < u.length; i++) {
            u[i] = (float) (r.nextGaussian() + (i % 2 == 0 ? 0 : 0.1));
        }
        Normality[] all = Normality.of(HostArray.wrap(u, Shape.of(10_000, 2)));
        assertEquals(3, all.length);
        assertTrue(all[0].p() > 1e-3, all[0].toString());
        assertTrue(all[1].p() < 1e-6, all[1].toString());
        assertEquals(all[1], Normality.worst(all));
        // a shift of 0.1 moves the distribution function by 0.04 at the middle
        assertEquals(0.04, all[1].distance(), 0.02);
    }

    /** The floor of a known normal: minus its entropy, within five standard errors. */
    @Test
    void gaussianFloor() {
        SplittableRandom r = new SplittableRandom(4);
        double[] x = new double[2 * 6_000];
        for (int i = 0; i < x.length; i += 2) {
            double a = r.nextGaussian();
            x[i] = 5 + a;
            x[i + 1] = 3 * a + 0.1 * r.nextGaussian();
        }
        HostArray all = HostArray.wrap(x, Shape.of(6_000, 2));
        Moments m = Moments.of(GaussianFloor.of(all.rows(0, 4_000), all.rows(4_000, 6_000)));
        assertEquals(-Math.log(2 * Math.PI * Math.E) - Math.log(0.1), m.mean(), 5 * m.standardError());
        assertTrue(Double.isNaN(GaussianFloor.of(all.rows(0, 2), all)[0]));
    }
}
