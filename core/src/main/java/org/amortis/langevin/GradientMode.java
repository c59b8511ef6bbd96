package org.amortis.langevin;

/** How the gradient of the bound is estimated. */
public enum GradientMode {
    /**
     * Through the path: noise is held, states move with the parameters. Low variance, any number of paths; the gradient
     * goes through the score, so it holds products with the Hessian of log g.
     */
    REPARAM,
    /**
     * Paths are held, only their densities are differentiated, with the mean of the other paths as baseline. No second
     * derivatives of the target without momentum; wants hundreds of paths.
     */
    LOGDERIV,
    /**
     * Half the variance of log w over held paths: zero exactly where the bound is tight. Equal in expectation to the
     * others only while both kernels share nothing that is learned; learned step sizes can diverge with it.
     */
    LOGVAR
}
