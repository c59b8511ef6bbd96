package org.amortis.flow;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** Which elements of a vector a coupling layer keeps and which it changes. Ranges and strides are slices, no gathers. */
public final class Split {
    private final int size;
    private final int[] kept;
    private final int[] changed;

    private Split(int size, int[] kept, int[] changed) {
        this.size = size;
        this.kept = kept;
        this.changed = changed;
    }

    /**
     * By a mask.
     *
     * @param changed true where an element is changed; at least one
     * @return split
     * @throws ShapeException if nothing is changed
     */
    public static Split of(boolean... changed) {
        boolean[] mask = changed.clone();
        int[] on = IntStream.range(0, mask.length).filter(i -> mask[i]).toArray();
        int[] off = IntStream.range(0, mask.length).filter(i -> !mask[i]).toArray();
        if (on.length == 0) {
            throw new ShapeException("split(mask of " + mask.length + "): no element is changed");
        }
        return new Split(mask.length, off, on);
    }

    /**
     * Keeps the first half, rounded down, and changes the rest. A single element is changed.
     *
     * @param size elements
     * @return split
     */
    public static Split half(int size) {
        return halves(size, 0);
    }

    /**
     * Halves that change places from layer to layer: even layers change the second half, odd layers the first. A single
     * element is changed in every layer.
     *
     * @param size elements
     * @param layer number of the layer
     * @return split
     */
    public static Split halves(int size, int layer) {
        boolean[] mask = new boolean[size];
        boolean first = layer % 2 != 0 && size > 1;
        Arrays.fill(mask, first ? 0 : size / 2, first ? (size + 1) / 2 : size, true);
        return of(mask);
    }

    /**
     * Every other element, those of odd index in even layers, those of even index in odd layers. A single element is
     * changed in every layer.
     *
     * @param size elements
     * @param layer number of the layer
     * @return split
     */
    public static Split alternating(int size, int layer) {
        boolean[] mask = new boolean[size];
        for (int i = 0; i < size; i++) {
            mask[i] = size == 1 || i % 2 != layer % 2;
        }
        return of(mask);
    }

    /**
     * Number of elements.
     *
     * @return D
     */
    public int size() {
        return size;
    }

    /**
     * Number of elements that are kept.
     *
     * @return 0 or more
     */
    public int kept() {
        return kept.length;
    }

    /**
     * Number of elements that are changed.
     *
     * @return 1 or more
     */
    public int changed() {
        return changed.length;
    }

    /** The elements that are kept [.., kept]. */
    Tensor kept(Tensor x) {
        return pick(x, kept);
    }

    /** The elements that are changed [.., changed]. */
    Tensor changed(Tensor x) {
        return pick(x, changed);
    }

    private static Tensor pick(Tensor x, int[] index) {
        int n = index.length;
        int step = n < 2 ? 1 : index[1] - index[0];
        for (int i = 1; i < n; i++) {
            if (index[i] - index[i - 1] != step) {
                return x.gather(-1, Tensors.constant(HostArray.wrap(index.clone(), Shape.of(n))));
            }
        }
        return n == 0 ? x.slice(-1, 0, 0) : x.slice(-1, index[0], index[n - 1] + 1, step);
    }

    /** Both parts in their places [.., D]; leading axes are broadcast. */
    Tensor join(Tensor keptPart, Tensor changedPart) {
        Tensor k = keptPart;
        Tensor c = changedPart;
        Shape lead = Shape.broadcastOrNull(k.shape().drop(-1), c.shape().drop(-1));
        if (lead == null) {
            throw new ShapeException(
                    "split.join(" + k.describe() + ", " + c.describe() + "): batches do not broadcast");
        }
        k = k.broadcastTo(lead.insert(lead.rank(), kept.length));
        c = c.broadcastTo(lead.insert(lead.rank(), changed.length));
        if (kept.length == 0) {
            return c;
        }
        if (kept[kept.length - 1] < changed[0]) {
            return Tensors.concat(-1, k, c);
        }
        if (changed[changed.length - 1] < kept[0]) {
            return Tensors.concat(-1, c, k);
        }
        int[] place = new int[size];
        for (int i = 0; i < kept.length; i++) {
            place[kept[i]] = i;
        }
        for (int i = 0; i < changed.length; i++) {
            place[changed[i]] = kept.length + i;
        }
        return Tensors.concat(-1, k, c).gather(-1, Tensors.constant(HostArray.wrap(place, Shape.of(size))));
    }

    @Override
    public String toString() {
        return "split of " + size + " that changes " + Arrays.toString(changed);
    }
}
