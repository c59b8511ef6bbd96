package org.amortis.langevin;

import org.amortis.array.PlanException;
import org.amortis.langevin.Controls.Arrangement;

/** The published methods, each a choice of integrator, drifts and controls. */
public enum Method {
    /** Unadjusted Langevin annealing (Thin et al. 2021). */
    ULA(Integrator.EULER, Drift.ANNEALED, Arrangement.NONE),
    /** Monte Carlo diffusion (Doucet et al. 2022): the backward kernel is learned. */
    MCD(Integrator.EULER, Drift.ANNEALED, Arrangement.BACKWARD),
    /** Controlled Monte Carlo diffusion (Vargas et al. 2024): one network steers both kernels. */
    CMCD(Integrator.EULER, Drift.ANNEALED, Arrangement.MIRRORED),
    /** Diffusion bridge with the annealed drift and a network for each kernel. */
    DBS(Integrator.EULER, Drift.ANNEALED, Arrangement.BOTH),
    /** General bridge: both kernels are networks alone. */
    GBS(Integrator.EULER, Drift.NONE, Arrangement.BOTH),
    /** Time-reversed diffusion (Berner et al. 2022) with kernels: the process relaxes to q0, a network steers it. */
    DIS(Integrator.EULER, Drift.INITIAL, Arrangement.FORWARD),
    /** Denoising diffusion sampler (Vargas et al. 2023). */
    DDS(Integrator.EXACT_OU, Drift.NONE, Arrangement.FORWARD),
    /** Path integral sampler (Zhang and Chen 2022). */
    PIS(Integrator.BROWNIAN, Drift.NONE, Arrangement.FORWARD),
    /** Uncorrected Hamiltonian annealing (Geffner and Domke 2021) with Euler's refreshment: LDVI without network. */
    UHA(Integrator.OBAB, Drift.ANNEALED, Arrangement.NONE),
    /** Uncorrected Hamiltonian annealing with exact refreshment, as published. */
    UHA_EXACT(Integrator.OBAB_EXACT, Drift.ANNEALED, Arrangement.NONE),
    /** Differentiable annealed importance sampling (Zhang et al. 2021): one gradient a step. */
    DAIS(Integrator.DAIS_HALF, Drift.ANNEALED, Arrangement.NONE),
    /** Langevin diffusion variational inference (Geffner and Domke 2022). */
    LDVI(Integrator.OBAB, Drift.ANNEALED, Arrangement.BACKWARD),
    /** CMCD with momentum. */
    CMCD_UD(Integrator.OBAB, Drift.ANNEALED, Arrangement.MIRRORED),
    /** Underdamped diffusion bridge (Blessing et al. 2025). */
    DBS_UD(Integrator.OBABO, Drift.ANNEALED, Arrangement.BOTH),
    /** DIS with momentum. */
    DIS_UD(Integrator.OBABO, Drift.INITIAL, Arrangement.FORWARD);

    private final Integrator integrator;
    private final Drift drift;
    private final Arrangement arrangement;

    Method(Integrator integrator, Drift drift, Arrangement arrangement) {
        this.integrator = integrator;
        this.drift = drift;
        this.arrangement = arrangement;
    }

    /**
     * How kernels move.
     *
     * @return integrator
     */
    public Integrator integrator() {
        return integrator;
    }

    /**
     * Drift of both kernels.
     *
     * @return f and b
     */
    public Drift drift() {
        return drift;
    }

    /**
     * How controls are made of networks.
     *
     * @return arrangement
     */
    public Arrangement arrangement() {
        return arrangement;
    }

    /**
     * The path of the method.
     *
     * @param steps number of kernels K
     * @param networks as many as its arrangement takes
     * @return the path, its loop written out up to {@value Path#UNROLLED} kernels
     */
    public Path path(int steps, Control... networks) {
        if (networks.length != arrangement.networks()) {
            throw new PlanException(
                    "path(method=" + this + ", networks=" + networks.length + "): takes " + arrangement.networks());
        }
        Controls c = new Controls(
                arrangement, networks.length > 0 ? networks[0] : null, networks.length > 1 ? networks[1] : null);
        return new Path(integrator, 1, drift, drift, c, steps, Double.POSITIVE_INFINITY, Path.UNROLLED, 0);
    }

    /**
     * The method of a name, in any case, with - or _.
     *
     * @param name such as "cmcd-ud"
     * @return the method
     * @throws PlanException if there is none
     */
    public static Method named(String name) {
        String wanted = name.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
        for (Method m : values()) {
            if (m.name().equals(wanted)) {
                return m;
            }
        }
        throw new PlanException("method(name=" + name + "): unknown; there are " + java.util.List.of(values()));
    }
}
