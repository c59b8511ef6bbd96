package org.amortis.param;

import org.amortis.array.Shape;

/**
 * How many inputs feed one output of a layer and how many outputs one input feeds: what initialisers scale by.
 *
 * @param in inputs of one output
 * @param out outputs of one input
 */
public record Fans(int in, int out) {
    /**
     * Fans of a weight whose last two axes are inputs and outputs, such as [in, out] of a linear layer; a vector counts
     * as its own length on both sides.
     *
     * @param shape shape of the weight
     * @return fans, at least 1
     */
    public static Fans of(Shape shape) {
        int r = shape.rank();
        int out = r == 0 ? 1 : shape.dim(-1);
        int in = r < 2 ? out : shape.dim(-2);
        int field = r < 3 ? 1 : shape.product(0, r - 2);
        return new Fans(Math.max(1, in * field), Math.max(1, out * field));
    }
}
