package org.amortis.mc;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.tensor.Indexing;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Slice sampling (Neal 2003) along one direction after the other, without gradients: an interval of the width of the step
 * size is put around the point, stepped out until both ends are below the level, and shrunk towards the point until a
 * proposal is above it. The directions are the columns of the metric's factor: the coordinates, scaled, for a diagonal
 * one.
 *
 * @param steps most steps out, shared between the ends
 * @param shrinks most proposals along one direction; the chain stays where it is after that, which counts as divergent
 */
public record Slice(int steps, int shrinks) implements Transition {
    /** Checks the numbers. */
    public Slice {
        if (steps < 0 || shrinks < 1) {
            throw new PlanException("slice(steps=" + steps + ", shrinks=" + shrinks
                    + "): no negative number of steps, at least one proposal");
        }
    }

    /**
     * At most 16 steps out and 100 proposals.
     *
     * @return the transition
     */
    public static Slice standard() {
        return new Slice(16, 100);
    }

    @Override
    public Moved move(Point now, Tempered target, Tensor step, Metric metric, Key key) {
        DType dtype = now.z().dtype();
        int c = now.z().shape().dim(0);
        int d = now.z().shape().dim(1);
        int size = Point.size(target.parts().size());
        Shape lanes = Shape.of(c);
        Tensor width = step.broadcastTo(lanes);
        List<Tensor> carries = new ArrayList<>(now.flat());
        carries.add(Tensors.zeros(dtype, lanes));
        carries.add(Tensors.zeros(DType.BOOL, lanes));
        carries.add(Tensors.zeros(DType.BOOL, lanes));
        List<Tensor> r = Scan.of(d)
                .carry(carries)
                .body((axis, carry, none) -> {
                    Point at = Point.of(carry.subList(0, size));
                    Tensor direction =
                            metric.velocity(Indexing.oneHot(axis, d, dtype).expandDims(0));
                    Along line = new Along(at, target, direction, key.fold(axis));
                    List<Tensor> next = new ArrayList<>(line.draw(this, width).flat());
                    next.add(carry.get(size).add(line.evaluations));
                    next.add(carry.get(size + 1).or(line.lost));
                    next.add(carry.get(size + 2).or(line.infinite));
                    return Scan.Step.of(next);
                })
                .finals();
        Point end = Point.of(r.subList(0, size));
        return new Moved(
                end,
                Tensors.ones(dtype, lanes),
                target.value(end).neg(),
                r.get(size),
                Tensors.zeros(dtype, lanes),
                r.get(size + 1),
                r.get(size + 2));
    }

    @Override
    public boolean usesGradient() {
        return false;
    }

    /** The line through the points of all chains in one direction. */
    private static final class Along {
        private final Point from;
        private final Tempered target;
        private final Tensor direction;
        private final Key key;
        private final DType dtype;
        private final Shape lanes;
        private Tensor evaluations;
        private Tensor lost;
        private Tensor infinite;

        Along(Point from, Tempered target, Tensor direction, Key key) {
            this.from = from;
            this.target = target;
            this.direction = direction;
            this.key = key;
            this.dtype = from.z().dtype();
            this.lanes = from.z().shape().drop(-1);
            this.evaluations = Tensors.zeros(dtype, lanes);
            this.lost = Tensors.zeros(DType.BOOL, lanes);
            this.infinite = lost;
        }

        private Point at(Tensor distance) {
            return target.at(from.z().add(direction.mul(distance.expandDims(-1))));
        }

        Point draw(Slice settings, Tensor width) {
            Tensor u = Random.uniform(key.fold("start"), dtype, Shape.of(lanes.dim(0), 3));
            Tensor level = target.value(from).add(u.at(1, 0).log());
            Tensor low = u.at(1, 1).mul(width).neg();
            Tensor high = low.add(width);
            if (settings.steps > 0) {
                // the steps are shared between the ends at random before the first is taken
                Tensor left = u.at(1, 2).mul(settings.steps + 1).floor();
                Scan.Result out = Scan.until(settings.steps)
                        .carry(low, high, left, left.rsub(settings.steps), evaluations)
                        .body((t, carry, none) -> {
                            Tensor down = target.value(at(carry.get(0)))
                                    .gt(level)
                                    .and(carry.get(2).gt(0));
                            Tensor up = target.value(at(carry.get(1)))
                                    .gt(level)
                                    .and(carry.get(3).gt(0));
                            Tensor a = down.cast(dtype);
                            Tensor b = up.cast(dtype);
                            return Scan.Step.of(
                                            carry.get(0).sub(a.mul(width)),
                                            carry.get(1).add(b.mul(width)),
                                            carry.get(2).sub(a),
                                            carry.get(3).sub(b),
                                            carry.get(4).add(2))
                                    .doneWhen(down.or(up).not());
                        });
                low = out.last(0);
                high = out.last(1);
                evaluations = out.last(4);
            }
            Key proposals = key.fold("proposal");
            int size = from.flat().size();
            List<Tensor> carries = new ArrayList<>(from.flat());
            carries.addAll(List.of(low, high, evaluations, lost, lost));
            Scan.Result in = Scan.until(settings.shrinks).carry(carries).body((t, carry, none) -> {
                Tensor a = carry.get(size);
                Tensor b = carry.get(size + 1);
                Tensor x = a.add(Random.uniform(proposals.fold(t), dtype, lanes).mul(b.sub(a)));
                Point p = at(x);
                Tensor value = target.value(p);
                // false where the density is not a number: such a proposal shrinks the interval
                Tensor inside = value.gt(level);
                List<Tensor> next = new ArrayList<>(Point.where(inside, p, from).flat());
                next.add(Tensors.where(x.lt(0), x, a));
                next.add(Tensors.where(x.lt(0), b, x));
                next.add(carry.get(size + 2).add(1));
                next.add(inside);
                next.add(carry.get(size + 4).or(value.eq(Double.POSITIVE_INFINITY)));
                return Scan.Step.of(next).doneWhen(inside);
            });
            evaluations = in.last(size + 2);
            lost = in.last(size + 3).not();
            infinite = in.last(size + 4);
            return Point.of(in.finals().subList(0, size));
        }
    }
}
