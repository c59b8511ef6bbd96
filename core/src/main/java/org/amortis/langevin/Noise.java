package org.amortis.langevin;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;

/** Where the standard normal numbers of a path come from. */
public interface Noise {
    /**
     * Of the start.
     *
     * @param shape [.., d]
     * @return standard normal numbers
     */
    Tensor start(Shape shape);

    /**
     * Of the first momentum.
     *
     * @param shape [.., d]
     * @return standard normal numbers
     */
    Tensor momentum(Shape shape);

    /**
     * Of a kernel.
     *
     * @param k index of the step, I32 scalar
     * @param draw which of the step's draws, from 0
     * @param shape [.., d]
     * @return standard normal numbers
     */
    Tensor step(Tensor k, int draw, Shape shape);

    /**
     * Counter-based noise: nothing is stored for the gradient, since a step's numbers are made again from the key and
     * the number of the step.
     *
     * @param key one key; or a key for each of B tasks, for shapes [n, B, d]: numbers of a task then do not depend on
     *     the others
     * @param dtype float type
     * @return noise
     */
    static Noise of(Key key, DType dtype) {
        return new Noise() {
            @Override
            public Tensor start(Shape shape) {
                return draw(key.fold("start"), shape);
            }

            @Override
            public Tensor momentum(Shape shape) {
                return draw(key.fold("momentum"), shape);
            }

            @Override
            public Tensor step(Tensor k, int draw, Shape shape) {
                return draw(key.fold("steps").fold(draw).fold(k), shape);
            }

            private Tensor draw(Key of, Shape shape) {
                if (of.tensor().shape().rank() == 0) {
                    return Random.normal(of, dtype, shape);
                }
                int n = shape.dim(0);
                Shape behind = shape.drop(0).insert(1, n);
                return Random.normal(of, dtype, behind).transpose(1, 0, 2);
            }
        };
    }
}
