package org.amortis.langevin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.LogDensity;
import org.amortis.param.Weights;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of K kernels from q0 to the target, each with a partner in the other direction: the one loop behind every
 * method of this package. With x_0 from q0 and x_K its end,
 *
 * <pre>log w = log g(x_K) - log q0(x_0) + sum_k log B(s_k | s_k+1) - log F(s_k+1 | s_k)   (and densities of momenta)</pre>
 *
 * has E[w] = Z for every choice of drifts and controls.
 *
 * @param integrator how a kernel moves
 * @param leapfrog leapfrog steps of a kernel; 1 without momentum
 * @param forward drift f of the forward kernel
 * @param backward drift b of the backward kernel; with momentum the same as f, since leapfrog steps are undone
 * @param controls the learned parts
 * @param steps number of kernels K; 0 is plain variational inference
 * @param scoreLimit elements of the target's score are limited to this; infinity for none
 * @param unrolled loops of at most so many steps are written out, which costs memory in proportion and is faster
 * @param checkpoint states are stored at every so many steps for the gradient, those between computed again; 0 for all
 */
public record Path(
        Integrator integrator,
        int leapfrog,
        Drift forward,
        Drift backward,
        Controls controls,
        int steps,
        double scoreLimit,
        int unrolled,
        int checkpoint) {
    /** Loops of at most so many kernels are written out unless said otherwise. */
    public static final int UNROLLED = 16;

    /** Checks what does not fit together. */
    public Path {
        if (steps < 0) {
            throw new PlanException("path(steps=" + steps + "): a negative number of kernels");
        }
        if (integrator.momentum() && forward != backward) {
            throw new PlanException("path(integrator=" + integrator + ", forward=" + forward + ", backward=" + backward
                    + "): with momentum the backward kernel undoes the leapfrog, so its drift is the forward one");
        }
        if (!(scoreLimit > 0)) {
            throw new PlanException("path(scoreLimit=" + scoreLimit + "): not positive");
        }
        if (integrator == Integrator.BROWNIAN
                && (forward != Drift.NONE
                        || backward != Drift.NONE
                        || controls.arrangement().networks() > 0
                                && controls.arrangement() != Controls.Arrangement.FORWARD)) {
            throw new PlanException(
                    "path(integrator=" + integrator + "): takes a forward control only; its backward kernel is fixed");
        }
    }

    /**
     * With integrator of another kind.
     *
     * @param other integrator
     * @return a copy
     */
    public Path integrator(Integrator other) {
        return new Path(other, leapfrog, forward, backward, controls, steps, scoreLimit, unrolled, checkpoint);
    }

    /**
     * With several leapfrog steps in a kernel.
     *
     * @param n how many
     * @return a copy
     */
    public Path leapfrog(int n) {
        return new Path(integrator, n, forward, backward, controls, steps, scoreLimit, unrolled, checkpoint);
    }

    /**
     * With a limited score of the target.
     *
     * @param limit largest absolute value of an element
     * @return a copy
     */
    public Path scoreLimit(double limit) {
        return new Path(integrator, leapfrog, forward, backward, controls, steps, limit, unrolled, checkpoint);
    }

    /**
     * With another limit for written out loops.
     *
     * @param n loops of more kernels are one body; 0 for always
     * @return a copy
     */
    public Path unrolled(int n) {
        return new Path(integrator, leapfrog, forward, backward, controls, steps, scoreLimit, n, checkpoint);
    }

    /**
     * With states stored for the gradient at every so many steps only.
     *
     * @param every steps between stored states; 0 to store all
     * @return a copy
     */
    public Path checkpoint(int every) {
        return new Path(integrator, leapfrog, forward, backward, controls, steps, scoreLimit, unrolled, every);
    }

    Transition transition() {
        return integrator.transition(leapfrog);
    }

    /**
     * Paths from q0.
     *
     * @param values numbers of the path
     * @param target log g, for the drift
     * @param weights weights of the networks; null if there are none
     * @param context embedding of the tasks [B, size]; null for none
     * @param lead leading axes of the draws, [n] or [n, B]
     * @param d size of x
     * @param noise random numbers
     * @return paths
     */
    public PathSample sample(
            PathValues values,
            LogDensity target,
            @Nullable Weights weights,
            @Nullable Tensor context,
            Shape lead,
            int d,
            Noise noise) {
        if (values.first() instanceof FullInitial q) {
            return q.pushed(sample(whitened(values, q), q.pulled(target), weights, context, lead, d, noise));
        }
        Shape s = lead.concat(Shape.of(d));
        Tensor e = noise.start(s);
        Tensor x = values.first().colour(e);
        if (!x.shape().equals(s)) {
            throw new ShapeException(
                    "langevin(first=" + values.first() + "): draws are " + x.describe() + ", the paths " + s);
        }
        Tensor v0 = null;
        Tensor logStart = values.first().logDensityOfNoise(e);
        if (transition().momentum() && steps > 0) {
            Tensor ev = noise.momentum(s);
            v0 = values.mass() == null ? ev : values.mass().sqrt().mul(ev);
        }
        return new Walk(values, target, weights, context).forward(x, v0, logStart, noise, null);
    }

    /**
     * Paths that go on from points drawn elsewhere.
     *
     * @param values numbers of the path; of its first density only the score is used
     * @param target log g, for the drift
     * @param x points [.., d]
     * @param logRatio what their log density is compared to [..], see {@link PathSample#logRatio}
     * @param noise random numbers
     * @return paths without networks
     */
    PathSample continued(PathValues values, LogDensity target, Tensor x, Tensor logRatio, Noise noise) {
        Tensor v0 = null;
        if (transition().momentum() && steps > 0) {
            Tensor ev = noise.momentum(x.shape());
            v0 = values.mass() == null ? ev : values.mass().sqrt().mul(ev);
        }
        return new Walk(values, target, null, null).forward(x, v0, logRatio, noise, null);
    }

    /**
     * The same paths with their random results held constant, so that densities are differentiated with respect to
     * parameters alone: what estimators without reparameterisation need. Points between moves are functions of the
     * parameters where a kernel has momentum.
     *
     * @param values numbers of the path
     * @param target log g, for the drift
     * @param weights weights of the networks; null if there are none
     * @param context embedding of the tasks; null for none
     * @param made paths that were sampled
     * @return paths whose log ratio is evaluated from the states
     */
    public PathSample replay(
            PathValues values,
            LogDensity target,
            @Nullable Weights weights,
            @Nullable Tensor context,
            PathSample made) {
        if (values.first() instanceof FullInitial q) {
            return q.pushed(recorded(
                    whitened(values, q),
                    q.pulled(target),
                    weights,
                    context,
                    q.normal().whiten(made.start()),
                    made));
        }
        return recorded(values, target, weights, context, made.start(), made);
    }

    private PathSample recorded(
            PathValues values,
            LogDensity target,
            @Nullable Weights weights,
            @Nullable Tensor context,
            Tensor start,
            PathSample made) {
        Tensor x = start.stopGradient();
        Tensor v = made.startMomentum() == null ? null : made.startMomentum().stopGradient();
        List<Tensor> results = new ArrayList<>();
        for (Tensor t : made.results()) {
            results.add(t.stopGradient());
        }
        return new Walk(values, target, weights, context)
                .forward(x, v, values.first().logDensity(x), null, results);
    }

    /**
     * Paths from exact draws of the target, run backwards: the mean of log g - logRatio over them is an upper bound of
     * log Z.
     *
     * @param values numbers of the path
     * @param target log g, for the drift
     * @param weights weights of the networks; null if there are none
     * @param context embedding of the tasks; null for none
     * @param exact draws of the target [.., d]
     * @param noise random numbers
     * @return paths, {@code x} the given draws and {@code start} where they came from
     */
    public PathSample backward(
            PathValues values,
            LogDensity target,
            @Nullable Weights weights,
            @Nullable Tensor context,
            Tensor exact,
            Noise noise) {
        if (values.first() instanceof FullInitial q) {
            Tensor z = q.normal().whiten(exact);
            return q.pushed(backward(whitened(values, q), q.pulled(target), weights, context, z, noise));
        }
        Tensor v = null;
        if (transition().momentum() && steps > 0) {
            Tensor ev = noise.momentum(exact.shape());
            v = values.mass() == null ? ev : values.mass().sqrt().mul(ev);
        }
        return new Walk(values, target, weights, context).backward(exact, v, noise);
    }

    /** Numbers of a path in the coordinates in which its first density is standard normal. */
    private static PathValues whitened(PathValues v, FullInitial q) {
        return new PathValues(q.standard(), v.betas(), v.steps(), v.damping(), v.mass());
    }

    /** One run of the loop. */
    private final class Walk {
        private final PathValues values;
        private final @Nullable Weights weights;
        private final @Nullable Tensor context;
        private final Scores scores;
        private final Transition transition = transition();
        private final List<Tensor> sequences = new ArrayList<>();
        private final List<Tensor> times = new ArrayList<>();

        Walk(PathValues values, LogDensity target, @Nullable Weights weights, @Nullable Tensor context) {
            this.values = values;
            this.weights = weights;
            this.context = context;
            this.scores = new Scores(target, values.first(), scoreLimit);
            check("betas", values.betas());
            check("steps", values.steps());
            sequences.add(values.betas());
            sequences.add(values.steps());
            if (transition.usesElapsed()) {
                sequences.add(values.steps().cumsum(0).sub(values.steps()));
            }
            for (Control c : controls.networks()) {
                if (weights == null) {
                    throw new PlanException("langevin(" + Path.this + "): has a network, so it needs weights");
                }
                Tensor t = c.times(weights, steps);
                times.add(t);
                sequences.add(t.slice(0, 0, steps));
                sequences.add(t.slice(0, 1, steps + 1));
            }
        }

        private void check(String name, Tensor t) {
            if (t.shape().rank() < 2 || t.shape().dim(0) != steps) {
                throw new ShapeException("langevin(" + name + "=" + t.describe() + "): needs one slice for each of "
                        + steps + " kernels, [" + steps + ", .., 1]");
            }
        }

        private Frame frame(Tensor k, List<Tensor> slices) {
            int at = 2;
            Tensor elapsed = transition.usesElapsed() ? slices.get(at++) : null;
            int n = times.size();
            Tensor[] starts = new Tensor[n];
            Tensor[] ends = new Tensor[n];
            for (int i = 0; i < n; i++) {
                starts[i] = slices.get(at++);
                ends[i] = slices.get(at++);
            }
            return new Frame(
                    Path.this, values, weights, context, k, slices.get(0), slices.get(1), elapsed, starts, ends);
        }

        PathSample forward(
                Tensor x0,
                @Nullable Tensor v0,
                Tensor logStart,
                @Nullable Noise noise,
                @Nullable List<Tensor> recorded) {
            Shape rows = x0.shape().drop(-1);
            Tensor zero = Tensors.zeros(x0.dtype(), rows);
            boolean score = steps > 0 && transition.carriesScore(Path.this);
            boolean control = steps > 0 && transition.carriesControl(Path.this);
            List<Tensor> carry = new ArrayList<>();
            carry.add(x0);
            if (v0 != null) {
                carry.add(v0);
            }
            Point origin = new Point(scores, x0, null);
            if (score) {
                carry.add(origin.target());
            }
            if (control) {
                List<Tensor> first = new ArrayList<>();
                for (Tensor t : sequences) {
                    first.add(t.at(0, 0));
                }
                Frame f = frame(constant(0), first);
                carry.add(java.util.Objects.requireNonNull(f.forwardControl(origin, null, false)));
            }
            List<Tensor> inputs = new ArrayList<>(sequences);
            if (recorded != null) {
                inputs.addAll(recorded);
            }
            Scan.Result r = run(carry, inputs, false, (k, c, slices) -> {
                Frame f = frame(k, slices);
                int at = 0;
                Tensor x = c.get(at++);
                Tensor v = v0 == null ? null : c.get(at++);
                Tensor a = score ? c.get(at++) : null;
                Tensor u = control ? c.get(at) : null;
                Source source = noise == null
                        ? Source.recorded(k, slices.subList(sequences.size(), slices.size()))
                        : Source.fresh(noise, k);
                Moved m = transition.forward(f, new Point(scores, x, a), v, u, source);
                List<Tensor> next = new ArrayList<>();
                next.add(m.point().x());
                if (v != null) {
                    next.add(java.util.Objects.requireNonNull(m.v()));
                }
                if (score) {
                    next.add(m.point().target());
                }
                if (u != null) {
                    next.add(java.util.Objects.requireNonNull(m.control()));
                }
                List<Tensor> out = new ArrayList<>();
                out.add(m.ratio() == null ? zero : m.ratio());
                out.add(m.point().x());
                if (noise == null) {
                    out.add(java.util.Objects.requireNonNull(m.logForward()));
                } else {
                    out.addAll(source.results());
                }
                return new Scan.Step(next, out, null);
            });
            Tensor x = r.last(0);
            Tensor v = v0 == null ? null : r.last(1);
            Tensor increments = r.output(0);
            Tensor logRatio = logRatio(logStart, x, v0, v, increments);
            Tensor logForward = null;
            if (noise == null) {
                logForward = logStart.add(r.output(2).sum(0));
                if (v0 != null) {
                    logForward = logForward.add(logMomentum(v0));
                }
            }
            List<Tensor> results = noise == null
                    ? java.util.Objects.requireNonNull(recorded)
                    : r.outputs().subList(2, r.outputs().size());
            return new PathSample(x0, x, v, logRatio, logForward, increments, r.output(1), v0, results);
        }

        PathSample backward(Tensor exact, @Nullable Tensor vK, Noise noise) {
            Tensor zero = Tensors.zeros(exact.dtype(), exact.shape().drop(-1));
            List<Tensor> carry = vK == null ? List.of(exact) : List.of(exact, vK);
            Scan.Result r = run(carry, sequences, true, (k, c, slices) -> {
                Tensor v = vK == null ? null : c.get(1);
                Moved m = transition.backward(frame(k, slices), new Point(scores, c.get(0), null), v, noise);
                List<Tensor> next = new ArrayList<>();
                next.add(m.point().x());
                if (v != null) {
                    next.add(java.util.Objects.requireNonNull(m.v()));
                }
                return Scan.Step.of(next)
                        .output(m.ratio() == null ? zero : m.ratio(), m.point().x());
            });
            Tensor x0 = r.last(0);
            Tensor v0 = vK == null ? null : r.last(1);
            Tensor logRatio = logRatio(values.first().logDensity(x0), exact, v0, vK, r.output(0));
            return new PathSample(x0, exact, vK, logRatio, null, r.output(0), r.output(1), v0, List.of());
        }

        private Tensor logRatio(Tensor logStart, Tensor x, @Nullable Tensor v0, @Nullable Tensor v, Tensor increments) {
            // added in double: 256 terms of either sign lose no digit of float32
            Tensor sum = increments.cast(DType.F64).sum(0).cast(increments.dtype());
            Tensor ratio = logStart.sub(sum);
            if (v0 != null && v != null) {
                ratio = ratio.add(logMomentum(v0).sub(logMomentum(v)));
            }
            Tensor end = steps == 0 ? null : transition.end(values, x);
            return end == null ? ratio : ratio.sub(end);
        }

        private Tensor logMomentum(Tensor v) {
            Tensor mass = values.mass();
            if (mass == null) {
                // the constant is that of the other end, and cancels
                return v.square().sum(Tensor.LAST).mul(-0.5);
            }
            return v.square().div(mass).add(mass.log()).sum(Tensor.LAST).mul(-0.5);
        }

        private Scan.Result run(List<Tensor> carry, List<Tensor> inputs, boolean reverse, Scan.Body body) {
            if (steps > 0 && steps <= unrolled) {
                return unrolled(carry, inputs, reverse, body);
            }
            Scan scan = Scan.of(steps).carry(carry).sequences(inputs.toArray(Tensor[]::new));
            if (reverse) {
                scan = scan.reverse();
            }
            return (checkpoint > 0 ? scan.checkpointEvery(checkpoint) : scan).body(body);
        }

        private Scan.Result unrolled(List<Tensor> carry, List<Tensor> inputs, boolean reverse, Scan.Body body) {
            List<Tensor> c = carry;
            List<List<Tensor>> outputs = new ArrayList<>();
            for (int i = 0; i < steps; i++) {
                int k = reverse ? steps - 1 - i : i;
                List<Tensor> slices = new ArrayList<>();
                for (Tensor t : inputs) {
                    slices.add(t.at(0, k));
                }
                Scan.Step s = body.step(constant(k), c, slices);
                c = s.next();
                outputs.add(s.outputs());
            }
            if (reverse) {
                Collections.reverse(outputs);
            }
            List<Tensor> stacked = new ArrayList<>();
            for (int j = 0; j < outputs.get(0).size(); j++) {
                Tensor[] parts = new Tensor[steps];
                for (int k = 0; k < steps; k++) {
                    parts[k] = outputs.get(k).get(j);
                }
                stacked.add(Tensors.stack(0, parts));
            }
            return new Scan.Result(c, stacked, null, null);
        }

        private static Tensor constant(int k) {
            return Tensors.constant(HostArray.wrap(new int[] {k}, Shape.SCALAR));
        }
    }

    @Override
    public String toString() {
        return "Path(" + integrator + ", K=" + steps + ", f=" + forward + ", b=" + backward + ", "
                + controls.arrangement() + ")";
    }
}
