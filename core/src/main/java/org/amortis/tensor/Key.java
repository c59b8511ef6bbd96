package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.math.Fnv1a;

/**
 * A key of the counter-based generator, or several of one shape. Derive a key for each purpose with {@link #fold}; two
 * different draws from one key are refused when the program is compiled.
 */
public final class Key {
    private final Tensor tensor;

    private Key(Tensor tensor) {
        this.tensor = tensor;
    }

    /**
     * A constant key.
     *
     * @param seed 64 bits
     * @return the key
     */
    public static Key of(long seed) {
        return new Key(Tensors.constant(
                HostArray.wrap(DType.KEY, new int[] {(int) seed, (int) (seed >>> 32)}, Shape.SCALAR)));
    }

    /**
     * The key or keys that a tensor of type KEY holds.
     *
     * @param tensor a tensor of type KEY
     * @return the key
     * @throws DTypeException if it is not of type KEY
     */
    public static Key of(Tensor tensor) {
        if (tensor.dtype() != DType.KEY) {
            throw new DTypeException("Key.of(" + tensor.describe() + "): not of type KEY" + Messages.at());
        }
        return new Key(tensor);
    }

    /**
     * A key for a named purpose. The same name gives the same key, for ever (FNV-1a of the UTF-8 bytes).
     *
     * @param name purpose
     * @return derived key of the same shape
     */
    public Key fold(String name) {
        return new Key(Node.of(new RandomOp.FoldConstant(Fnv1a.hash64(name), 1), tensor)
                .result(0));
    }

    /**
     * A key for a numbered purpose; the same as folding in a tensor of that value.
     *
     * @param number number
     * @return derived key of the same shape
     */
    public Key fold(int number) {
        return new Key(Node.of(new RandomOp.FoldConstant(number & 0xffffffffL, 0), tensor)
                .result(0));
    }

    /**
     * A key for each number.
     *
     * @param numbers I32 [] or [B]
     * @return derived key, or a key per row
     */
    public Key fold(Tensor numbers) {
        return new Key(Node.of(new RandomOp.FoldIndex(), tensor, numbers).result(0));
    }

    /**
     * Several independent keys along a new last axis.
     *
     * @param n how many
     * @return keys [.., n]
     */
    public Key split(int n) {
        return new Key(Node.of(new RandomOp.Split(n), tensor).result(0));
    }

    /**
     * One of several keys.
     *
     * @param i position along the first axis
     * @return the key there
     */
    public Key at(int i) {
        return new Key(tensor.at(0, i));
    }

    /**
     * The formula.
     *
     * @return tensor of type KEY
     */
    public Tensor tensor() {
        return tensor;
    }
}
