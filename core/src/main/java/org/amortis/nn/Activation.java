package org.amortis.nn;

import java.util.function.UnaryOperator;
import org.amortis.param.Initializer;
import org.amortis.tensor.Tensor;

/** Elementwise functions between layers. */
public enum Activation {
    /** Hyperbolic tangent. */
    TANH(Tensor::tanh, false),
    /** max(x, 0). */
    RELU(Tensor::relu, true),
    /** x where positive, e^x - 1 elsewhere. */
    ELU(Tensor::elu, true),
    /** x sigmoid(x). */
    SILU(Tensor::silu, true),
    /** x times the normal distribution function of x. */
    GELU(Tensor::gelu, true),
    /** 1/(1+e^-x). */
    SIGMOID(Tensor::sigmoid, false),
    /** log(1+e^x). */
    SOFTPLUS(Tensor::softplus, true),
    /** x where positive, 0.01 x elsewhere. */
    LEAKY_RELU(x -> x.leakyRelu(0.01), true),
    /** x. */
    IDENTITY(x -> x, false);

    private final UnaryOperator<Tensor> function;
    private final boolean rectifier;

    Activation(UnaryOperator<Tensor> function, boolean rectifier) {
        this.function = function;
        this.rectifier = rectifier;
    }

    /**
     * The function applied to each element.
     *
     * @param x argument
     * @return tensor of this shape
     */
    public Tensor apply(Tensor x) {
        return function.apply(x);
    }

    /**
     * The initialiser that keeps the scale of signals in layers followed by this function: He's for rectifiers, Glorot's
     * for the rest.
     *
     * @return initialiser
     */
    public Initializer initializer() {
        return rectifier ? Initializer.heNormal() : Initializer.glorotUniform();
    }
}
