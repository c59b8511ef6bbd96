package org.amortis.mc;

import java.util.Optional;
import org.amortis.array.DTypeException;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.ShapeException;
import org.amortis.dist.LogDensity;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A log density over unconstrained vectors that samplers are tried on, with what is known about it. The density is a
 * formula over [.., d] for both float types and need not be normalised; its own log Z belongs to it.
 *
 * <pre>{@code
 * Target t = Target.of("ring", 2, z -> z.square().sum(-1).sqrt().sub(3).square().mul(-2));
 * }</pre>
 */
public final class Target implements LogDensity {
    private final String name;
    private final int dimension;
    private final LogDensity density;
    private final @Nullable LogZ logZ;
    private final @Nullable TargetSampler sampler;
    private final @Nullable TargetMoments moments;
    private final @Nullable HostArray modes;
    private final double scale;

    private Target(
            String name,
            int dimension,
            LogDensity density,
            @Nullable LogZ logZ,
            @Nullable TargetSampler sampler,
            @Nullable TargetMoments moments,
            @Nullable HostArray modes,
            double scale) {
        this.name = name;
        this.dimension = dimension;
        this.density = density;
        this.logZ = logZ;
        this.sampler = sampler;
        this.moments = moments;
        this.modes = modes;
        this.scale = scale;
    }

    /**
     * A target of which no more is known.
     *
     * @param name what messages and reports call it
     * @param dimension d, at least 1
     * @param density formula of [.., d] to [..]
     * @return the target
     */
    public static Target of(String name, int dimension, LogDensity density) {
        if (dimension < 1) {
            throw new PlanException("target(name=" + name + ", dimension=" + dimension + "): at least 1");
        }
        return new Target(name, dimension, density, null, null, null, null, 1);
    }

    /**
     * What it is called.
     *
     * @return name
     */
    public String name() {
        return name;
    }

    /**
     * Number of coordinates.
     *
     * @return d
     */
    public int dimension() {
        return dimension;
    }

    /**
     * The formula, after a check of the values.
     *
     * @param z values [.., d], F32 or F64
     * @return log density [..]
     * @throws ShapeException if the last axis is not d
     * @throws DTypeException if the values are no floats
     */
    @Override
    public Tensor logDensity(Tensor z) {
        if (z.shape().rank() < 1 || z.shape().dim(-1) != dimension) {
            throw new ShapeException(
                    "logDensity(target=" + name + ", z=" + z.describe() + "): needs [.., " + dimension + "]");
        }
        if (!z.dtype().isFloat()) {
            throw new DTypeException("logDensity(target=" + name + ", z=" + z.describe() + "): needs F32 or F64");
        }
        return density.logDensity(z);
    }

    /**
     * What is known of its log normalising constant.
     *
     * @return log Z; empty if nothing is known
     */
    public Optional<LogZ> logZ() {
        return Optional.ofNullable(logZ);
    }

    /**
     * Independent exact draws.
     *
     * @return the sampler; empty if there is none
     */
    public Optional<TargetSampler> sampler() {
        return Optional.ofNullable(sampler);
    }

    /**
     * Means and standard deviations of its coordinates.
     *
     * @return the moments; empty if they are not known
     */
    public Optional<TargetMoments> moments() {
        return Optional.ofNullable(moments);
    }

    /**
     * Places that a sampler must find, one for each mode.
     *
     * @return F64 [modes, d]; empty if they are not known, or if there is one
     */
    public Optional<HostArray> modes() {
        return Optional.ofNullable(modes);
    }

    /**
     * Standard deviation of a normal distribution about 0 that covers the target roughly: where annealing begins.
     *
     * @return 1 if nothing else was said
     */
    public double scale() {
        return scale;
    }

    /**
     * With a known normalising constant.
     *
     * @param z log Z
     * @return a copy
     */
    public Target logZ(LogZ z) {
        return new Target(name, dimension, density, z, sampler, moments, modes, scale);
    }

    /**
     * With exact draws.
     *
     * @param s the sampler
     * @return a copy
     */
    public Target sampler(TargetSampler s) {
        return new Target(name, dimension, density, logZ, s, moments, modes, scale);
    }

    /**
     * With known moments.
     *
     * @param m moments of d coordinates
     * @return a copy
     */
    public Target moments(TargetMoments m) {
        if (m.mean().shape().size() != dimension) {
            throw new ShapeException("moments(target=" + name + ", mean="
                    + m.mean().shape() + "): the target has " + dimension + " coordinates");
        }
        return new Target(name, dimension, density, logZ, sampler, m, modes, scale);
    }

    /**
     * With known modes.
     *
     * @param m F64 [modes, d]
     * @return a copy
     */
    public Target modes(HostArray m) {
        if (m.shape().rank() != 2 || m.shape().dim(1) != dimension) {
            throw new ShapeException(
                    "modes(target=" + name + ", modes=" + m.shape() + "): needs [modes, " + dimension + "]");
        }
        return new Target(name, dimension, density, logZ, sampler, moments, m, scale);
    }

    /**
     * With a scale.
     *
     * @param s standard deviation, positive
     * @return a copy
     */
    public Target scale(double s) {
        if (!(s > 0 && s < Double.POSITIVE_INFINITY)) {
            throw new PlanException("scale(target=" + name + ", scale=" + s + "): not positive");
        }
        return new Target(name, dimension, density, logZ, sampler, moments, modes, s);
    }

    @Override
    public String toString() {
        return name + " [" + dimension + "]";
    }
}
