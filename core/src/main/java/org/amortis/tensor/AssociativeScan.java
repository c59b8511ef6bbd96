package org.amortis.tensor;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.PlanException;
import org.amortis.array.ShapeException;

/**
 * Running combinations by pairs (Blelloch 1990, Prefix sums and their applications): neighbours are combined, the pairs
 * are scanned, and what lies between takes its neighbour before it. 2 n combinations in 2 log2 n formulas.
 */
final class AssociativeScan {
    private final Scan.Combination combination;

    AssociativeScan(Scan.Combination combination) {
        this.combination = combination;
    }

    List<Tensor> run(List<Tensor> elements) {
        if (elements.isEmpty()) {
            throw new PlanException("Scan.associative: no elements" + Messages.at());
        }
        int n = -1;
        for (Tensor t : elements) {
            if (t.shape().rank() == 0 || (n >= 0 && t.shape().dim(0) != n)) {
                throw new ShapeException("Scan.associative(" + elements.get(0).describe() + ", " + t.describe()
                        + "): needs one first axis, that of the elements" + Messages.at());
            }
            n = t.shape().dim(0);
        }
        return scan(elements, n);
    }

    private List<Tensor> scan(List<Tensor> x, int n) {
        if (n < 2) {
            return x;
        }
        int pairs = n / 2;
        List<Tensor> odd = scan(combine(every(x, 0, pairs), every(x, 1, pairs)), pairs);
        int between = (n - 1) / 2;
        List<Tensor> even = between == 0 ? List.of() : combine(range(odd, 0, between), every(x, 2, between));
        List<Tensor> r = new ArrayList<>();
        for (int i = 0; i < x.size(); i++) {
            Tensor first = x.get(i).slice(0, 0, 1);
            Tensor left = between == 0 ? first : Tensors.concat(0, first, even.get(i));
            r.add(interleave(left, odd.get(i)));
        }
        return r;
    }

    private List<Tensor> combine(List<Tensor> earlier, List<Tensor> later) {
        List<Tensor> r = combination.of(earlier, later);
        if (r.size() != earlier.size()) {
            throw new PlanException("Scan.associative: the combination of " + earlier.size() + " tensors has "
                    + r.size() + Messages.at());
        }
        for (int i = 0; i < r.size(); i++) {
            if (!r.get(i).type().equals(earlier.get(i).type())) {
                throw new ShapeException("Scan.associative: tensor " + i + " enters as "
                        + earlier.get(i).type() + " and leaves as " + r.get(i).type() + "; both must be the same"
                        + Messages.at());
            }
        }
        return r;
    }

    private static List<Tensor> every(List<Tensor> x, int from, int count) {
        return x.stream().map(t -> t.slice(0, from, from + 2 * count - 1, 2)).toList();
    }

    private static List<Tensor> range(List<Tensor> x, int from, int to) {
        return x.stream().map(t -> t.slice(0, from, to)).toList();
    }

    /** Elements of both in turns; the first has as many as the second or one more. */
    private static Tensor interleave(Tensor even, Tensor odd) {
        int m = odd.shape().dim(0);
        Tensor pairs = Tensors.stack(1, even.slice(0, 0, m), odd);
        Tensor r = pairs.reshape(odd.shape().with(0, 2 * m));
        return even.shape().dim(0) == m ? r : Tensors.concat(0, r, even.slice(0, m, m + 1));
    }
}
