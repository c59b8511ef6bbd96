/** Tensors as formulas, their gradients, compiled programs, training and the inference methods built on them. */
module org.amortis.core {
    requires static org.jspecify;

    uses org.amortis.spi.BackendProvider;

    exports org.amortis.array;
    exports org.amortis.backend;
    exports org.amortis.check;
    exports org.amortis.compile;
    exports org.amortis.diagnose;
    exports org.amortis.dist;
    exports org.amortis.flow;
    exports org.amortis.flow.ode;
    exports org.amortis.grad;
    exports org.amortis.io;
    exports org.amortis.langevin;
    exports org.amortis.math;
    exports org.amortis.mc;
    exports org.amortis.mc.target;
    exports org.amortis.nn;
    exports org.amortis.optim;
    exports org.amortis.param;
    exports org.amortis.runtime;
    exports org.amortis.spi;
    exports org.amortis.tensor;
    exports org.amortis.train;
    exports org.amortis.vae;
    exports org.amortis.vi;
}
