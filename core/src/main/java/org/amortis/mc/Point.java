package org.amortis.mc;

import java.util.ArrayList;
import java.util.List;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Where chains are, with what a transition needs and would otherwise compute again.
 *
 * @param z positions [.., d]
 * @param values log densities there [..], one for each part of the target
 * @param gradients their gradients [.., d]
 */
public record Point(Tensor z, List<Tensor> values, List<Tensor> gradients) {
    /** Copies the lists. */
    public Point {
        values = List.copyOf(values);
        gradients = List.copyOf(gradients);
    }

    /**
     * One of two points for each chain.
     *
     * @param mask BOOL [..]
     * @param a where true
     * @param b where false
     * @return the selection
     */
    public static Point where(Tensor mask, Point a, Point b) {
        Tensor wide = mask.expandDims(-1);
        List<Tensor> values = new ArrayList<>();
        List<Tensor> gradients = new ArrayList<>();
        for (int i = 0; i < a.values.size(); i++) {
            values.add(Tensors.where(mask, a.values.get(i), b.values.get(i)));
            gradients.add(Tensors.where(wide, a.gradients.get(i), b.gradients.get(i)));
        }
        return new Point(Tensors.where(wide, a.z, b.z), values, gradients);
    }

    /** All tensors, positions first, as carries of a loop. */
    List<Tensor> flat() {
        List<Tensor> all = new ArrayList<>();
        all.add(z);
        all.addAll(values);
        all.addAll(gradients);
        return all;
    }

    /** Back from carries. */
    static Point of(List<Tensor> flat) {
        int n = (flat.size() - 1) / 2;
        return new Point(flat.get(0), flat.subList(1, 1 + n), flat.subList(1 + n, 1 + 2 * n));
    }

    /** Number of carries for a target of so many parts. */
    static int size(int parts) {
        return 1 + 2 * parts;
    }
}
