package org.amortis.flow;

import java.util.Arrays;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** A fixed order of the elements of a vector: element i of x is element order[i] of u. */
public final class Permutation implements Bijection {
    private final int[] order;
    private final int[] back;

    private Permutation(int[] order) {
        this.order = order;
        this.back = new int[order.length];
        Arrays.fill(back, -1);
        for (int i = 0; i < order.length; i++) {
            if (order[i] < 0 || order[i] >= order.length || back[order[i]] >= 0) {
                throw new ShapeException("permutation(order=" + Arrays.toString(order) + "): element " + i
                        + " is out of range or there twice");
            }
            back[order[i]] = i;
        }
    }

    /**
     * A given order.
     *
     * @param order which element of u goes to each place of x
     * @return permutation
     * @throws ShapeException if it is no permutation of 0, 1, ..
     */
    public static Permutation of(int... order) {
        return new Permutation(order.clone());
    }

    /**
     * The opposite order.
     *
     * @param size elements
     * @return permutation
     */
    public static Permutation reverse(int size) {
        int[] order = new int[size];
        Arrays.setAll(order, i -> size - 1 - i);
        return new Permutation(order);
    }

    /**
     * A random order, the same for ever for the same key.
     *
     * @param key constant key
     * @param size elements
     * @return permutation
     */
    public static Permutation random(Key key, int size) {
        return new Permutation(Run.eval(Random.permutation(key, size)).ints().clone());
    }

    /**
     * The order.
     *
     * @return which element of u goes to each place of x
     */
    public int[] order() {
        return order.clone();
    }

    @Override
    public Shape inputShape() {
        return Shape.of(order.length);
    }

    @Override
    public Mapped forwardAndLogDet(Tensor u) {
        return reordered(u, order);
    }

    @Override
    public Mapped inverseAndLogDet(Tensor x) {
        return reordered(x, back);
    }

    private Mapped reordered(Tensor v, int[] by) {
        Flows.checkEvent(this, inputShape(), v);
        Tensor zero = Tensors.zeros(v.dtype(), v.shape().drop(-1));
        boolean flip = true;
        for (int i = 0; i < by.length; i++) {
            flip &= by[i] == by.length - 1 - i;
        }
        Tensor y = flip ? v.flip(-1) : v.gather(-1, Tensors.constant(HostArray.wrap(by.clone(), Shape.of(by.length))));
        return new Mapped(y, zero);
    }

    @Override
    public Permutation stopGradient() {
        return this;
    }

    @Override
    public Permutation inverted() {
        return new Permutation(back.clone());
    }

    @Override
    public String toString() {
        return "permutation [" + order.length + "]";
    }
}
