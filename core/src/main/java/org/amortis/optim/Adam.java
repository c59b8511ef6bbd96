package org.amortis.optim;

import java.util.List;
import java.util.Locale;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.param.ParamSpec;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019): m and v are averages of the gradient and its square,
 * the update is rate m^ / (sqrt(v^) + epsilon), with decoupled decay rate decay p added where a parameter has the decay
 * tag.
 *
 * <p>Values that decay for ever end as denormals, which cost a hundred cycles each on some processors and, rounded, never
 * reach zero: v is kept above a floor and m set to zero below it.
 *
 * @param rate learning rate
 * @param beta1 decay of m
 * @param beta2 decay of v
 * @param epsilon added to the root of v
 * @param decay decoupled weight decay, 0 for Adam
 * @param decayTag tag of the parameters that decay; empty for all
 * @param secondMomentStart first value of v: 0, or 1 as the published IWAE recipe has it
 * @param correctBias whether m and v are divided by 1 - beta^t
 */
public record Adam(
        Schedule rate,
        double beta1,
        double beta2,
        double epsilon,
        double decay,
        String decayTag,
        double secondMomentStart,
        boolean correctBias)
        implements Transform {

    /** Checks the constants. */
    public Adam {
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon >= 0 && secondMomentStart >= 0)) {
            throw new PlanException(String.format(
                    Locale.ROOT,
                    "adam(beta1=%s, beta2=%s, epsilon=%s, secondMomentStart=%s): betas lie in [0, 1), the rest is not"
                            + " negative",
                    beta1,
                    beta2,
                    epsilon,
                    secondMomentStart));
        }
    }

    static Adam of(Schedule rate) {
        return new Adam(rate, 0.9, 0.999, 1e-8, 0, "", 0, true);
    }

    /**
     * With other decays of the averages.
     *
     * @param first decay of m, 0.9 unless set
     * @param second decay of v, 0.999 unless set
     * @return a copy
     */
    public Adam betas(double first, double second) {
        return new Adam(rate, first, second, epsilon, decay, decayTag, secondMomentStart, correctBias);
    }

    /**
     * With another epsilon.
     *
     * @param value added to the root of v, 1e-8 unless set
     * @return a copy
     */
    public Adam epsilon(double value) {
        return new Adam(rate, beta1, beta2, value, decay, decayTag, secondMomentStart, correctBias);
    }

    /**
     * With decoupled weight decay.
     *
     * @param value decay a step, times the rate
     * @param tag tag of the parameters that decay; empty for all
     * @return a copy
     */
    public Adam decay(double value, String tag) {
        return new Adam(rate, beta1, beta2, epsilon, value, tag, secondMomentStart, correctBias);
    }

    /**
     * With another first value of v.
     *
     * @param value 0 unless set; 1 in the published IWAE recipe
     * @return a copy
     */
    public Adam secondMomentStart(double value) {
        return new Adam(rate, beta1, beta2, epsilon, decay, decayTag, value, correctBias);
    }

    /**
     * With or without division by 1 - beta^t.
     *
     * @param value true unless set
     * @return a copy
     */
    public Adam correctBias(boolean value) {
        return new Adam(rate, beta1, beta2, epsilon, decay, decayTag, secondMomentStart, value);
    }

    @Override
    public String name() {
        return decay == 0 ? "adam" : "adamW";
    }

    @Override
    public List<Slot> slots(ParamSpec spec) {
        return List.of(
                Slot.filled("m", spec.dtype(), spec.size(), 0),
                Slot.filled("v", spec.dtype(), spec.size(), secondMomentStart));
    }

    @Override
    public Tensor apply(Tensor update, Step step) {
        double floor = floor(step.dtype());
        Tensor m = step.get("m").mul(beta1).add(update.mul(1 - beta1));
        m = Tensors.where(m.abs().lt(floor), Tensors.scalarLike(m, 0), m);
        Tensor v = step.get("v").mul(beta2).add(update.square().mul(1 - beta2)).maximum(floor);
        step.set("m", m);
        step.set("v", v);
        Tensor lr = step.at(rate);
        Tensor root = v.sqrt();
        Tensor scale = lr;
        if (correctBias) {
            // scalars: the rate takes m's correction, the root v's
            Tensor t = step.count().add(1).cast(step.dtype());
            scale = lr.div(correction(beta1, t));
            root = root.mul(correction(beta2, t).rsqrt());
        }
        Tensor u = m.mul(scale).div(root.add(epsilon));
        if (decay == 0) {
            return u;
        }
        Tensor rateDecay = lr.mul(decay);
        Tensor pull = step.params()
                .mul(decayTag.isEmpty() ? rateDecay : step.mask(decayTag).mul(rateDecay));
        return u.add(pull);
    }

    /** 1 - beta^t, with full digits for beta near 1. */
    private static Tensor correction(double beta, Tensor t) {
        return beta == 0
                ? Tensors.scalarLike(t, 1)
                : t.mul(Math.log(beta)).expm1().neg();
    }

    static double floor(DType dtype) {
        return dtype == DType.F32 ? 1e-36 : 1e-300;
    }
}
