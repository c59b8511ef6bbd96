/** Tensors as formulas, their gradients, compiled programs, training and the inference methods built on them. */
module org.amortis.core {
    requires static transitive org.jspecify;

    exports org.amortis.array;
    exports org.amortis.grad;
    exports org.amortis.math;
    exports org.amortis.tensor;
}
