package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.CustomGradient;
import org.amortis.tensor.Key;
import org.amortis.tensor.Node;
import org.amortis.tensor.Random;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.tensor.Unary;

/**
 * Von Mises distributions of angles in [-pi, pi], one for each element of the parameters: density proportional to
 * e^(k cos(x - location)). It is formed as -2 k sin((x - location) / 2)^2 minus the logarithm of the scaled Bessel function, so
 * that it keeps its digits for any concentration k, from 0 (uniform) on. Outside of [-pi, pi] the density is 0: wrap angles
 * first.
 *
 * <p>Draws are made by rejection, in a loop that stops when all are accepted (at least 63% of attempts are). Their gradient
 * with respect to the concentration is implicit: it costs an integral of 32 points for each draw. Gradients along draws are
 * those of means of periodic functions; of others the jump from pi to -pi has a share that they miss.
 */
public final class VonMises implements Distribution {
    /** Attempts at a draw; that all fail has a chance below 1e-27. */
    private static final int ATTEMPTS = 64;

    private final Tensor location;
    private final Tensor concentration;
    private final Shape batch;

    private VonMises(Tensor location, Tensor concentration) {
        this.location = location;
        this.concentration = concentration;
        this.batch = Draws.common("vonMises", location, concentration);
    }

    /**
     * By location and concentration.
     *
     * @param location direction of the largest density, any angle
     * @param concentration concentration, not negative; large ones are close to a variance of 1 / concentration
     * @return the distributions, one for each element of the common shape
     * @throws ShapeException if the parameters do not broadcast or differ in type
     */
    public static VonMises of(Tensor location, Tensor concentration) {
        return new VonMises(location, concentration);
    }

    /**
     * The same everywhere.
     *
     * @param location direction of the largest density
     * @param concentration concentration
     * @param dtype F32 or F64
     * @param batch shape
     * @return the distributions
     * @throws PlanException if the concentration is not positive or a parameter not finite
     */
    public static VonMises of(double location, double concentration, DType dtype, Shape batch) {
        Draws.finite("vonMises", "location", location);
        Draws.positive("vonMises", "concentration", concentration);
        return new VonMises(Tensors.fill(location, dtype, batch), Tensors.fill(concentration, dtype, batch));
    }

    /**
     * The location as given, not broadcast.
     *
     * @return location
     */
    public Tensor location() {
        return location;
    }

    /**
     * The concentration as given, not broadcast.
     *
     * @return concentration
     */
    public Tensor concentration() {
        return concentration;
    }

    @Override
    public Shape batchShape() {
        return batch;
    }

    @Override
    public Shape eventShape() {
        return Shape.SCALAR;
    }

    @Override
    public DType dtype() {
        return location.dtype();
    }

    @Override
    public Support support() {
        return Support.interval(-Math.PI, Math.PI);
    }

    /** log(I0(k) e^-k) + log 2 pi. */
    private Tensor normaliser() {
        return Node.of(Unary.LOG_BESSEL, concentration).result(0).add(Math.log(2 * Math.PI));
    }

    /** 1 - I1(k) / I0(k). */
    private Tensor rest() {
        return rest(concentration);
    }

    private static Tensor rest(Tensor k) {
        return Node.of(Unary.BESSEL_REST, k).result(0);
    }

    /** 1 - cos(d). */
    private static Tensor versine(Tensor d) {
        return d.mul(0.5).sin().square().mul(2);
    }

    @Override
    public Tensor logProb(Tensor x) {
        Tensor inside = support().contains(x);
        Tensor d = Tensors.where(inside, x, 0).sub(location);
        Tensor density = concentration.mul(versine(d)).add(normaliser()).neg();
        return Tensors.where(inside, density, Double.NEGATIVE_INFINITY);
    }

    /**
     * From concentration 1/2 on candidates are normal with the variance pi^2 / (4 k), whose density lies above the wanted one
     * since sin(d / 2) is at least d / pi; below, they are uniform.
     */
    @Override
    public Tensor sample(Key key, int n) {
        return rsample(key, n).stopGradient();
    }

    @Override
    public boolean reparameterized() {
        return true;
    }

    @Override
    public Tensor rsample(Key key, int n) {
        Tensor offset = CustomGradient.of(
                        all -> Draws.of((keys, dtype, shape) -> offsets(keys, shape), key, dtype(), n, batch),
                        (all, d, cotangent) -> new Tensor[] {
                            cotangent
                                    .mul(VonMisesSlope.of(d, all[0], rest(all[0])))
                                    .sum(0)
                        })
                .apply(concentration.broadcastTo(batch));
        Tensor x = offset.add(location);
        Tensor turns = x.add(Math.PI).mul(0.5 / Math.PI).floor().stopGradient();
        Tensor inside = x.sub(turns.mul(2 * Math.PI));
        // rounding alone takes it past the ends, where a clamp would take its gradient away
        return inside.add(inside.clamp(-Math.PI, Math.PI).sub(inside).stopGradient());
    }

    private Tensor offsets(Key keys, Shape shape) {
        int k = keys.tensor().shape().rank();
        Tensor c = concentration
                .broadcastTo(batch)
                .expandDims(k)
                .broadcastTo(shape)
                .stopGradient();
        Tensor wide = c.lt(0.5);
        Tensor std = Tensors.where(wide, Tensors.scalarLike(c, 1), c).rsqrt().mul(Math.PI / 2);
        return Scan.until(ATTEMPTS)
                .carry(Tensors.zeros(dtype(), shape))
                .body((step, carry, none) -> {
                    Key now = keys.fold(step);
                    Tensor normal =
                            Random.normal(now.fold("normal"), dtype(), shape).mul(std);
                    Tensor flat = Random.uniform(now.fold("uniform"), dtype(), shape)
                            .mul(2)
                            .sub(1)
                            .mul(Math.PI);
                    Tensor d = Tensors.where(wide, flat, normal);
                    Tensor log =
                            Random.uniform(now.fold("accept"), dtype(), shape).log();
                    Tensor above = Tensors.where(
                            wide,
                            Tensors.scalarLike(c, 0),
                            d.mul(1 / Math.PI).square().mul(2));
                    Tensor accepted =
                            log.le(c.mul(above.sub(versine(d)))).and(d.abs().le(Math.PI));
                    return Scan.Step.of(d).doneWhen(accepted);
                })
                .last(0);
    }

    /**
     * The location, wrapped: the mean direction, not the mean of the numbers in [-pi, pi].
     *
     * @return [batch]
     */
    public Tensor meanDirection() {
        Tensor turns = location.add(Math.PI).mul(0.5 / Math.PI).floor();
        return location.sub(turns.mul(2 * Math.PI)).broadcastTo(batch);
    }

    /**
     * The circular variance 1 - I1(k) / I0(k): one minus the mean of cos(x - location).
     *
     * @return [batch], in [0, 1]
     */
    public Tensor circularVariance() {
        return rest().broadcastTo(batch);
    }

    @Override
    public Optional<Tensor> entropy() {
        return Optional.of(concentration.mul(rest()).add(normaliser()).broadcastTo(batch));
    }

    /** With r = 1 - I1(k1) / I0(k1): the mean of 1 - cos(x - m2) is r cos(m1 - m2) + 1 - cos(m1 - m2). */
    Tensor kl(VonMises other) {
        Tensor v = versine(location.sub(other.location));
        Tensor versine = rest().mul(v.rsub(1)).add(v);
        Tensor logs = other.normaliser().sub(normaliser());
        return other.concentration.mul(versine).sub(concentration.mul(rest())).add(logs);
    }

    @Override
    public VonMises stopGradient() {
        return new VonMises(location.stopGradient(), concentration.stopGradient());
    }

    @Override
    public String toString() {
        return "VonMises" + batch;
    }
}
