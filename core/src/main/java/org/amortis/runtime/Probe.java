package org.amortis.runtime;

import java.util.List;
import java.util.Locale;
import org.amortis.array.NonFiniteException;
import org.amortis.array.Shape;
import org.amortis.backend.Binder;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Plan;
import org.amortis.spi.View;
import org.amortis.tensor.Node;
import org.jspecify.annotations.Nullable;

/**
 * Runs a failed step again, one instruction at a time, and names the first operation whose result is not finite. A NaN
 * is looked for first: infinities are legal in between.
 */
final class Probe {
    private final Plan plan;
    private final Slab slab;
    private final Binder binder;

    Probe(Plan plan, Slab slab, Binder binder) {
        this.plan = plan;
        this.slab = slab;
        this.binder = binder;
    }

    /** The exception for a guard that is not finite. Inputs and states are as they were, so the step can be repeated. */
    NonFiniteException explain(int guard, double value) {
        String what = "step: guard " + guard + " (" + plan.guards().get(guard).type() + ") is " + value;
        String where = find(plan.compute(), Double.isNaN(value));
        return new NonFiniteException(
                what + (where == null ? "" : "; first at " + where) + "; no state was written by this step");
    }

    private @Nullable String find(List<Instruction> instructions, boolean nan) {
        // bound anew: kernels of a probe may be slow, those of the replay stay untouched
        Kernel[] kernels = binder.bind(instructions);
        for (int i = 0; i < kernels.length; i++) {
            kernels[i].run(0, kernels[i].parts(), 0);
            kernels[i].finish();
            for (View v : instructions.get(i).writes()) {
                int at = first(v, nan);
                if (at >= 0) {
                    // the result may lie where an operand lay: bring the operands back
                    for (int k = 0; k < i; k++) {
                        kernels[k].run(0, kernels[k].parts(), 0);
                        kernels[k].finish();
                    }
                    return name(instructions.get(i), v, at, nan);
                }
            }
        }
        return null;
    }

    private int first(View v, boolean nan) {
        if (!v.type().dtype().isFloat()) {
            return -1;
        }
        Object a = slab.array(v);
        int o = slab.offset(v);
        for (int i = 0; i < v.size(); i++) {
            double x = a instanceof float[] f ? f[o + i] : ((double[]) a)[o + i];
            if (nan ? Double.isNaN(x) : !Double.isFinite(x)) {
                return i;
            }
        }
        return -1;
    }

    private String name(Instruction i, View v, int at, boolean nan) {
        if (i instanceof Instruction.Loop l) {
            String inside = find(l.body().instructions(), nan);
            return describe(l.origin(), at, v.type().shape()) + (inside == null ? "" : ", in its body at " + inside);
        }
        if (i instanceof Instruction.Fused f) {
            // of a row sum, the elements of the row
            int row = v.size() == 0 ? 1 : f.shape().size() / v.size();
            for (int e = at * row; e < (at + 1) * row; e++) {
                Node n = firstOf(f, e, nan);
                if (n != null) {
                    return describe(n, e, f.shape());
                }
            }
        }
        return describe(i.origin(), at, v.type().shape());
    }

    /** Evaluates a fused group at one element and returns the operation that went wrong first. */
    private @Nullable Node firstOf(Instruction.Fused f, int at, boolean nan) {
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
            r[m.target()] = m.op().apply(a[0], a[1], a[2]);
            if (nan ? Double.isNaN(r[m.target()]) : !Double.isFinite(r[m.target()])) {
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

    private static String describe(Node n, int at, Shape shape) {
        return String.format(
                Locale.ROOT,
                "%s, element %d of %s%s",
                n.op().name(),
                at,
                n.result(0).type().withShape(shape),
                n.source() == null ? "" : " at " + n.source());
    }
}
