package org.amortis.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.amortis.array.DType;
import org.amortis.array.NonFiniteException;
import org.amortis.array.Shape;
import org.amortis.backend.Binder;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Loops;
import org.amortis.spi.Plan;
import org.amortis.spi.View;
import org.amortis.tensor.Node;
import org.jspecify.annotations.Nullable;

/**
 * Runs a failed step again, one instruction at a time, loops step by step, and names the first operation whose result is
 * not finite. A NaN is looked for first: infinities are legal in between.
 */
final class Probe {
    private final Plan plan;
    private final Slab slab;
    private final Binder binder;
    private final ArrayDeque<Frame> frames = new ArrayDeque<>();
    private boolean nan;
    private boolean watching = true;
    private @Nullable String found;

    /** Instructions that run one after the other, over and over in the body of a loop. */
    private static final class Frame {
        final List<Instruction> instructions;
        final List<Kernel> ran = new ArrayList<>();
        int step;

        Frame(List<Instruction> instructions) {
            this.instructions = instructions;
        }
    }

    Probe(Plan plan, Slab slab, Loops loops) {
        this.plan = plan;
        this.slab = slab;
        // bound anew: kernels of a probe may be slow, those of the replay stay untouched
        this.binder = new Binder(slab, loops, 1, k -> () -> execute(k));
    }

    /** The exception for a guard that is not finite. Inputs and states are as they were, so the step can be repeated. */
    NonFiniteException explain(int guard, double value) {
        nan = Double.isNaN(value);
        String what = "step: guard " + guard + " (" + plan.guards().get(guard).type() + ") is " + value;
        Kernel[] kernels = binder.bind(plan.compute());
        frames.push(new Frame(plan.compute()));
        for (int i = 0; i < kernels.length && found == null; i++) {
            execute(kernels[i]);
        }
        return new NonFiniteException(
                what + (found == null ? "" : "; first at " + found) + "; no state was written by this step");
    }

    /** Runs the next instruction of the innermost frame and looks at what it wrote. */
    private void execute(Kernel k) {
        if (!watching) {
            k.run();
            return;
        }
        if (found != null) {
            return;
        }
        Frame f = frames.element();
        if (f.ran.size() == f.instructions.size()) {
            f.ran.clear();
            f.step++;
        }
        Instruction i = f.instructions.get(f.ran.size());
        if (i instanceof Instruction.Loop l) {
            frames.push(new Frame(l.body().instructions()));
            k.run();
            frames.pop();
        } else {
            k.run();
        }
        for (View v : i.writes()) {
            int at = found == null ? first(v) : -1;
            if (at >= 0) {
                // the result may lie where an operand lay: bring the operands back
                watching = false;
                f.ran.forEach(Kernel::run);
                found = name(i, v, at) + (frames.size() > 1 ? ", in step " + f.step + " of its loop" : "");
            }
        }
        f.ran.add(k);
    }

    private boolean bad(double x) {
        return nan ? Double.isNaN(x) : !Double.isFinite(x);
    }

    private int first(View v) {
        if (!v.type().dtype().isFloat()) {
            return -1;
        }
        Object a = slab.array(v);
        int o = slab.offset(v);
        for (int i = 0; i < v.size(); i++) {
            double value = switch (a) {
                case float[] f -> f[o + i];
                case double[] d -> d[o + i];
                default -> throw new IllegalStateException();
            };
            if (bad(value)) {
                return i;
            }
        }
        return -1;
    }

    private String name(Instruction i, View v, int at) {
        if (i instanceof Instruction.Fused f) {
            boolean sum = f.sums().stream().anyMatch(s -> s.to().equals(v));
            // of a row sum, the elements of the row
            int row = sum ? f.shape().size() / v.size() : 1;
            for (int e = at * row; e < (at + 1) * row; e++) {
                Node n = firstOf(f, e);
                if (n != null) {
                    return describe(n.op().name(), n, e, f.shape());
                }
            }
            return describe(
                    (sum ? "sum of " : "") + f.origin().op().name(),
                    f.origin(),
                    at,
                    v.type().shape());
        }
        return describe(i.origin().op().name(), i.origin(), at, v.type().shape());
    }

    /** Evaluates a fused group at one element and returns the operation that went wrong first. */
    private @Nullable Node firstOf(Instruction.Fused f, int at) {
        double[] r = new double[f.registers()];
        int[] own = f.shape().strides();
        for (Instruction.MicroOp m : f.micro()) {
            double[] a = new double[3];
            for (int k = 0; k < m.operands().size(); k++) {
                a[k] = switch (m.operands().get(k)) {
                    case Instruction.Source.Register x -> r[x.index()];
                    case Instruction.Source.Immediate x -> x.value();
                    case Instruction.Source.Input x -> element(f.in().get(x.index()), own, f, at);
                };
            }
            double y = m.op().apply(a[0], a[1], a[2]);
            // what overflows in F32 is finite in double
            r[m.target()] = m.node().result(0).dtype() == DType.F32 ? (float) y : y;
            if (bad(r[m.target()])) {
                return m.node();
            }
        }
        return null;
    }

    private double element(Instruction.FusedInput in, int[] own, Instruction.Fused f, int at) {
        int o = slab.offset(in.view());
        for (int a = 0; a < own.length; a++) {
            o += (at / own[a]) % f.shape().dim(a) * in.strides().get(a);
        }
        return switch (slab.array(in.view())) {
            case float[] x -> x[o];
            case double[] x -> x[o];
            case int[] x -> x[o];
            default -> throw new IllegalStateException();
        };
    }

    private static String describe(String name, Node n, int at, Shape shape) {
        return String.format(
                Locale.ROOT,
                "%s, element %d of %s%s",
                name,
                at,
                n.result(0).type().withShape(shape),
                n.source() == null ? "" : " at " + n.source());
    }
}
