package org.amortis.mc;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.tensor.Indexing;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * The no-U-turn sampler with multinomial draws along the trajectory (Hoffman and Gelman 2014; Betancourt 2017), all chains
 * in one loop: a step of the loop is one leapfrog step of every chain that is not finished, whatever the depth of its
 * tree. A doubling of 2^j leaves keeps j momenta and sums, those of the left ends of the balanced subtrees that are still
 * open (the iterative form of Phan and Pradhan 2019).
 *
 * <p>The turning criterion is p_left . s and p_right . s, with s the sum of momenta of a subtree less half of its two ends
 * (the trapezoidal rule for the way it went). Where two halves are joined it is asked of the whole, of the left half with the
 * first leaf of the right one, and of the right half with the last leaf of the left one, as Stan does since 2.21: a
 * trajectory whose halves are each half a period does not go on.
 *
 * @param maxDepth most doublings; 10 in published code
 * @param divergence energy error from which a trajectory counts as lost; 1000
 * @param targetAcceptance acceptance that warm-up steers the step size to; 0.8
 */
public record Nuts(int maxDepth, double divergence, double targetAcceptance) implements Transition {
    /** Checks the numbers. */
    public Nuts {
        if (maxDepth < 1 || maxDepth > 20 || !(divergence > 0) || !(targetAcceptance > 0 && targetAcceptance < 1)) {
            throw new PlanException("nuts(maxDepth=" + maxDepth + ", divergence=" + divergence + ", targetAcceptance="
                    + targetAcceptance + "): needs 1 <= maxDepth <= 20, divergence > 0, target between 0 and 1");
        }
    }

    /**
     * As published: at most 10 doublings, energy errors up to 1000, acceptance 0.8.
     *
     * @return settings
     */
    public static Nuts standard() {
        return new Nuts(10, 1000, 0.8);
    }

    /**
     * With another number of doublings.
     *
     * @param doublings at most 20
     * @return a copy
     */
    public Nuts maxDepth(int doublings) {
        return new Nuts(doublings, divergence, targetAcceptance);
    }

    /**
     * With another acceptance for warm-up.
     *
     * @param acceptance between 0 and 1
     * @return a copy
     */
    public Nuts targetAcceptance(double acceptance) {
        return new Nuts(maxDepth, divergence, acceptance);
    }

    @Override
    public Moved move(Point now, Tempered target, Tensor step, Metric metric, Key key) {
        DType dtype = now.z().dtype();
        int c = now.z().shape().dim(0);
        Tensor p = Random.normal(key.fold("momentum"), dtype, now.z().shape());
        // one more than is used: chains that are done stand at the next doubling
        Tensor directions = Random.uniform(key.fold("direction"), dtype, Shape.of(c, maxDepth + 1));
        Tensor energy = Leapfrog.kinetic(p).sub(target.value(now));
        Tree tree = new Tree(this, target, step, metric, key.fold("leaf"), directions, energy);
        Scan.Result r = Scan.until((1 << maxDepth) - 1)
                .carry(tree.start(now, p, target.gradient(now)))
                .body(tree::grow);
        return tree.moved(r.finals());
    }

    /** A loop over leaves. Carries, in their order: both ends, two proposals with their energies, sums, counters. */
    private static final class Tree {
        private static final int ENDS = 6;

        private final Nuts nuts;
        private final Tempered target;
        private final Tensor step;
        private final Metric metric;
        private final Key key;
        private final Tensor directions;
        private final Tensor energy;
        private final Tensor stores;
        private final Tensor checks;
        private final Tensor joins;
        private final int size;
        private final DType dtype;
        private final int chains;

        Tree(Nuts nuts, Tempered target, Tensor step, Metric metric, Key key, Tensor directions, Tensor energy) {
            this.nuts = nuts;
            this.target = target;
            this.step = step;
            this.metric = metric;
            this.key = key;
            this.directions = directions;
            this.energy = energy;
            this.size = Point.size(target.parts().size());
            this.dtype = energy.dtype();
            this.chains = energy.shape().dim(0);
            int leaves = 1 << (nuts.maxDepth - 1);
            int slots = nuts.maxDepth;
            int[] store = new int[leaves * slots];
            int[] check = new int[leaves * slots];
            // as check, without subtrees of two leaves, whose halves have no inner ends
            int[] join = new int[leaves * (slots - 1)];
            for (int n = 0; n < leaves; n++) {
                int top = Integer.bitCount(n >> 1);
                if (n % 2 == 0) {
                    store[n * slots + top] = 1;
                } else {
                    // an odd leaf ends a subtree for each of its trailing ones
                    for (int k = top - Integer.numberOfTrailingZeros(~n) + 1; k <= top; k++) {
                        check[n * slots + k] = 1;
                        if (k < top) {
                            join[n * (slots - 1) + k] = 1;
                        }
                    }
                }
            }
            this.stores = Tensors.resident(HostArray.wrap(store, Shape.of(leaves, slots)));
            this.checks = Tensors.resident(HostArray.wrap(check, Shape.of(leaves, slots)));
            this.joins = Tensors.resident(HostArray.wrap(join, Shape.of(leaves, slots - 1)));
        }

        List<Tensor> start(Point now, Tensor p, Tensor gradient) {
            Shape lanes = energy.shape();
            Shape kept = Shape.of(chains, nuts.maxDepth, p.shape().dim(1));
            Tensor zero = Tensors.zeros(dtype, lanes);
            List<Tensor> all = new ArrayList<>(List.of(now.z(), p, gradient, now.z(), p, gradient));
            all.addAll(now.flat());
            all.addAll(now.flat());
            // energies of the two proposals, log weights of tree and subtree relative to the start, sums of momenta
            all.addAll(List.of(energy, energy, zero, zero, p, p));
            // of the left ends of open subtrees: momentum, sum up to it, momentum of the leaf before it
            all.addAll(List.of(Tensors.zeros(dtype, kept), Tensors.zeros(dtype, kept), Tensors.zeros(dtype, kept)));
            all.addAll(List.of(Tensors.zeros(DType.I32, lanes), Tensors.zeros(DType.I32, lanes), zero, zero));
            all.addAll(List.of(Tensors.zeros(DType.BOOL, lanes), Tensors.zeros(DType.BOOL, lanes)));
            return all;
        }

        Scan.Step grow(Tensor t, List<Tensor> carry, List<Tensor> none) {
            Point taken = Point.of(carry.subList(ENDS, ENDS + size));
            Point inner = Point.of(carry.subList(ENDS + size, ENDS + 2 * size));
            List<Tensor> rest = carry.subList(ENDS + 2 * size, carry.size());
            Tensor takenEnergy = rest.get(0);
            Tensor innerEnergy = rest.get(1);
            Tensor weight = rest.get(2);
            Tensor innerWeight = rest.get(3);
            Tensor sum = rest.get(4);
            Tensor innerSum = rest.get(5);
            Tensor keptMomenta = rest.get(6);
            Tensor keptSums = rest.get(7);
            Tensor keptBefore = rest.get(8);
            Tensor leaf = rest.get(9);
            Tensor depth = rest.get(10);
            Tensor accepted = rest.get(11);
            Tensor count = rest.get(12);

            // one leapfrog step from the end that this doubling extends
            Tensor right = Indexing.takeAlongAxis(directions, depth.expandDims(-1), 1)
                    .reshape(energy.shape())
                    .gt(0.5);
            Tensor wide = right.expandDims(-1);
            Tensor[] from = new Tensor[3];
            for (int i = 0; i < 3; i++) {
                from[i] = Tensors.where(wide, carry.get(3 + i), carry.get(i));
            }
            Tensor signed = Tensors.where(right, step.broadcastTo(energy.shape()), step.neg());
            Leapfrog.End end = Leapfrog.step(from[0], from[1], from[2], target, signed, metric);
            Tensor p = end.p();
            Tensor value = target.value(end.point());
            Tensor gain = energy.sub(Leapfrog.kinetic(p).sub(value));
            Tensor fine = gain.gt(-nuts.divergence);
            Tensor lost = fine.not();
            gain = Tensors.where(fine, gain, -nuts.divergence);

            // the subtree so far: its weight, its draw, its sum of momenta
            Tensor first = leaf.eq(0);
            Tensor grown = Tensors.where(first, gain, logAdd(innerWeight, gain));
            Tensor u = Random.uniform(key.fold(t), dtype, Shape.of(chains, 2)).log();
            Tensor take = u.at(1, 0).lt(gain.sub(grown)).or(first);
            Point proposal = Point.where(take, end.point(), inner);
            Tensor proposalEnergy = Tensors.where(take, energy.sub(gain), innerEnergy);
            Tensor s = Tensors.where(first.expandDims(-1), p, innerSum.add(p));

            // balanced subtrees that end here
            Tensor store = stores.gather(0, leaf).ne(0).expandDims(-1);
            Tensor pWide = p.expandDims(1);
            Tensor sWide = s.expandDims(1);
            // sums hold the left end as a whole
            Tensor turned = turns(keptMomenta, pWide, sWide.sub(keptSums).add(keptMomenta))
                    .and(checks.gather(0, leaf).ne(0))
                    .any(1);
            if (nuts.maxDepth > 1) {
                turned = turned.or(joined(keptMomenta, keptSums, keptBefore, pWide, sWide)
                        .and(joins.gather(0, leaf).ne(0))
                        .any(1));
            }
            Tensor nextMomenta = Tensors.where(store, pWide, keptMomenta);
            Tensor nextSums = Tensors.where(store, sWide, keptSums);
            Tensor nextBefore = Tensors.where(store, from[1].expandDims(1), keptBefore);

            // a subtree that is complete is merged: the new half is taken with the ratio of the weights
            Tensor broken = lost.or(turned);
            Tensor leaves = Tensors.resident(powers()).gather(0, depth);
            Tensor complete = leaf.add(1).eq(leaves).and(broken.not());
            Tensor swap = complete.and(u.at(1, 1).lt(grown.sub(weight)));
            Tensor wholeSum = sum.add(s);
            List<Tensor> next = new ArrayList<>();
            Tensor[] to = {end.point().z(), p, target.gradient(end.point())};
            for (int i = 0; i < 6; i++) {
                next.add(
                        i < 3
                                ? Tensors.where(wide, carry.get(i), to[i])
                                : Tensors.where(wide, to[i - 3], carry.get(i)));
            }
            // the far end of the tree; on both sides of its joint the first leaf of the new half and the one before it
            Tensor far = Tensors.where(wide, next.get(1), next.get(4));
            Tensor firstNew = nextMomenta.at(1, 0);
            Tensor lastOld = nextBefore.at(1, 0);
            Tensor turn = turns(far, p, wholeSum)
                    .or(turns(far, firstNew, sum.add(firstNew)))
                    .or(turns(lastOld, p, s.add(lastOld)));
            next.addAll(Point.where(swap, proposal, taken).flat());
            next.addAll(proposal.flat());
            next.add(Tensors.where(swap, proposalEnergy, takenEnergy));
            next.add(proposalEnergy);
            next.add(Tensors.where(complete, logAdd(weight, grown), weight));
            next.add(grown);
            next.add(Tensors.where(complete.expandDims(-1), wholeSum, sum));
            next.add(s);
            next.add(nextMomenta);
            next.add(nextSums);
            next.add(nextBefore);
            next.add(Tensors.where(complete.or(broken), Tensors.zeros(DType.I32, leaf.shape()), leaf.add(1)));
            Tensor deeper = depth.add(complete.cast(DType.I32));
            next.add(deeper);
            next.add(accepted.add(Tensors.where(fine, gain.minimum(0).exp(), 0)));
            next.add(count.add(1));
            next.add(rest.get(13).or(lost));
            next.add(rest.get(14).or(value.eq(Double.POSITIVE_INFINITY)));
            return Scan.Step.of(next).doneWhen(broken.or(complete.and(turn.or(deeper.eq(nuts.maxDepth)))));
        }

        /** Whether a stretch between two momenta, with the sum of its momenta, has turned. */
        private static Tensor turns(Tensor a, Tensor b, Tensor sum) {
            Tensor way = sum.sub(a.add(b).mul(0.5));
            return a.mul(way).sum(-1).le(0).or(b.mul(way).sum(-1).le(0));
        }

        /** Each open subtree whose right half is the next open one: the left half and a leaf, the right half and a leaf. */
        private Tensor joined(Tensor momenta, Tensor sums, Tensor before, Tensor p, Tensor s) {
            int n = nuts.maxDepth - 1;
            Tensor left = momenta.slice(1, 0, n);
            Tensor middle = momenta.slice(1, 1, n + 1);
            Tensor middleSum = sums.slice(1, 1, n + 1);
            Tensor last = before.slice(1, 1, n + 1);
            Tensor first = middleSum.sub(sums.slice(1, 0, n)).add(left);
            Tensor second = s.sub(middleSum).add(middle).add(last);
            return turns(left, middle, first).or(turns(last, p, second));
        }

        private HostArray powers() {
            int[] n = new int[nuts.maxDepth + 1];
            for (int i = 0; i < n.length; i++) {
                n[i] = 1 << i;
            }
            return HostArray.wrap(n, Shape.of(n.length));
        }

        Moved moved(List<Tensor> finals) {
            List<Tensor> rest = finals.subList(ENDS + 2 * size, finals.size());
            return new Moved(
                    Point.of(finals.subList(ENDS, ENDS + size)),
                    rest.get(11).div(rest.get(12)),
                    rest.get(0),
                    rest.get(12),
                    rest.get(10).cast(dtype),
                    rest.get(13),
                    rest.get(14));
        }

        /** log(e^a + e^b) of finite numbers. */
        private static Tensor logAdd(Tensor a, Tensor b) {
            return a.maximum(b).add(a.sub(b).abs().neg().exp().log1p());
        }
    }
}
