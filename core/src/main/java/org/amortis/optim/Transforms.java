package org.amortis.optim;

import java.util.List;
import java.util.function.BiFunction;
import org.amortis.array.PlanException;
import org.amortis.param.ParamSpec;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** The transforms of the library, for a static import: {@code optimizer(clipGlobalNorm(10), adam(1e-3))}. */
public final class Transforms {
    private Transforms() {}

    /**
     * A transform without state.
     *
     * @param name short name
     * @param formula update and step to new update
     * @return transform
     */
    public static Transform of(String name, BiFunction<Tensor, Step, Tensor> formula) {
        return new Stateless(name, formula);
    }

    private record Stateless(String name, BiFunction<Tensor, Step, Tensor> formula) implements Transform {
        @Override
        public Tensor apply(Tensor update, Step step) {
            return formula.apply(update, step);
        }
    }

    /**
     * Scales the update so that its Euclidean norm over all parameters is at most a limit.
     *
     * @param limit largest norm
     * @return transform
     */
    public static Transform clipGlobalNorm(double limit) {
        positive("clipGlobalNorm", limit);
        return of("clipGlobalNorm", (u, s) -> {
            // the floor keeps the root differentiable where the gradient is zero: steps are differentiated through
            Tensor norm = u.square().sum().maximum(Adam.floor(s.dtype())).sqrt();
            return u.mul(norm.maximum(limit).rdiv(limit));
        });
    }

    /**
     * Limits each element to [-limit, limit].
     *
     * @param limit largest absolute value
     * @return transform
     */
    public static Transform clipValue(double limit) {
        positive("clipValue", limit);
        return of("clipValue", (u, s) -> u.clamp(-limit, limit));
    }

    /**
     * Multiplies the update.
     *
     * @param factor factor as a schedule
     * @return transform
     */
    public static Transform scale(Schedule factor) {
        return of("scale", (u, s) -> u.mul(s.at(factor)));
    }

    /**
     * Multiplies the update of the parameters under a path; 0 freezes them.
     *
     * @param prefix path
     * @param factor factor
     * @return transform
     */
    public static Transform scale(String prefix, double factor) {
        return of("scale", (u, s) -> {
            Tensor mask = Tensors.resident(s.spec().mask(p -> p.under(prefix)));
            return u.mul(mask.mul(factor - 1).add(1));
        });
    }

    /**
     * Adds decay times the parameters to the update: L2 regularisation when it stands before the optimizer proper.
     *
     * @param decay factor
     * @param tag tag of the parameters that decay; empty for all
     * @return transform
     */
    public static Transform addDecay(double decay, String tag) {
        return of("addDecay", (u, s) -> {
            Tensor p = s.params().mul(decay);
            return u.add(tag.isEmpty() ? p : p.mul(s.mask(tag)));
        });
    }

    /**
     * Plain gradient descent.
     *
     * @param rate learning rate
     * @return transform
     */
    public static Transform sgd(double rate) {
        return sgd(Schedule.constant(rate));
    }

    /**
     * Plain gradient descent.
     *
     * @param rate learning rate
     * @return transform
     */
    public static Transform sgd(Schedule rate) {
        return of("sgd", (u, s) -> u.mul(s.at(rate)));
    }

    /**
     * Gradient descent with momentum: v = momentum v + g; the update is rate v, or rate (g + momentum v) in Nesterov's
     * form.
     *
     * @param rate learning rate
     * @param momentum decay of v
     * @param nesterov whether to look ahead
     * @return transform
     */
    public static Transform momentum(Schedule rate, double momentum, boolean nesterov) {
        return new Momentum(rate, momentum, nesterov);
    }

    private record Momentum(Schedule rate, double momentum, boolean nesterov) implements Transform {
        @Override
        public String name() {
            return nesterov ? "nesterov" : "momentum";
        }

        @Override
        public List<Slot> slots(ParamSpec spec) {
            return List.of(Slot.filled("v", spec.dtype(), spec.size(), 0));
        }

        @Override
        public Tensor apply(Tensor update, Step step) {
            Tensor v = step.get("v").mul(momentum).add(update);
            // decays for ever where the gradient is zero; see Adam on denormals
            v = Tensors.where(v.abs().lt(Adam.floor(step.dtype())), Tensors.scalarLike(v, 0), v);
            step.set("v", v);
            return (nesterov ? update.add(v.mul(momentum)) : v).mul(step.at(rate));
        }
    }

    /**
     * RMSProp (Hinton 2012): v = decay v + (1 - decay) g^2; the update is rate g / (sqrt(v) + epsilon).
     *
     * @param rate learning rate
     * @param decay decay of v
     * @param epsilon added to the root of v
     * @return transform
     */
    public static Transform rmsProp(Schedule rate, double decay, double epsilon) {
        return new RmsProp(rate, decay, epsilon);
    }

    private record RmsProp(Schedule rate, double decay, double epsilon) implements Transform {
        @Override
        public String name() {
            return "rmsProp";
        }

        @Override
        public List<Slot> slots(ParamSpec spec) {
            return List.of(Slot.filled("v", spec.dtype(), spec.size(), 0));
        }

        @Override
        public Tensor apply(Tensor update, Step step) {
            Tensor v =
                    step.get("v").mul(decay).add(update.square().mul(1 - decay)).maximum(Adam.floor(step.dtype()));
            step.set("v", v);
            return update.mul(step.at(rate)).div(v.sqrt().add(epsilon));
        }
    }

    /**
     * Adam with beta 0.9 and 0.999 and epsilon 1e-8; change them on the result.
     *
     * @param rate learning rate
     * @return transform
     */
    public static Adam adam(double rate) {
        return Adam.of(Schedule.constant(rate));
    }

    /**
     * Adam with beta 0.9 and 0.999 and epsilon 1e-8; change them on the result.
     *
     * @param rate learning rate
     * @return transform
     */
    public static Adam adam(Schedule rate) {
        return Adam.of(rate);
    }

    /**
     * Adam with decoupled decay of the parameters tagged "decay": the weights of layers, not biases nor scales.
     *
     * @param rate learning rate
     * @param decay decay a step, times the rate
     * @return transform
     */
    public static Adam adamW(Schedule rate, double decay) {
        return Adam.of(rate).decay(decay, "decay");
    }

    /**
     * Averages the parameters over steps; must be the last of the chain. See {@link Optimizer#average}.
     *
     * @param decay weight of the past, such as 0.999
     * @return transform
     */
    public static Transform ema(double decay) {
        if (!(decay >= 0 && decay < 1)) {
            throw new PlanException("ema(decay=" + decay + "): not in [0, 1)");
        }
        return new Ema(decay);
    }

    private static void positive(String name, double limit) {
        if (!(limit > 0)) {
            throw new PlanException(name + "(limit=" + limit + "): not positive");
        }
    }
}
