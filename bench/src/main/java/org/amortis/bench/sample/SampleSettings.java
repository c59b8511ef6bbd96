package org.amortis.bench.sample;

import java.util.Locale;
import org.amortis.bench.study.StudyException;
import org.amortis.langevin.GradientMode;
import org.amortis.langevin.PathSettings;
import org.amortis.optim.Schedule;

/**
 * How much work and how it is trained, the same for all cells of a study.
 *
 * @param steps training steps of a path
 * @param startSteps training steps of q0 alone, before the chain is switched on
 * @param rate learning rate of Adam, for the first step
 * @param decay how the rate of a path falls
 * @param paths paths of a step
 * @param evaluation paths of the evaluation
 * @param gradient how the gradient of a path's bound is estimated; that of q0 alone is reparameterised
 * @param stepSizes which step sizes are learned
 * @param profile how they fall along the path at first
 */
record SampleSettings(
        int steps,
        int startSteps,
        double rate,
        Decay decay,
        int paths,
        int evaluation,
        GradientMode gradient,
        PathSettings.StepSizes stepSizes,
        PathSettings.Profile profile) {
    /** How a learning rate falls. */
    enum Decay {
        /** Not at all. */
        CONSTANT,
        /** Along a cosine, to a hundredth at the last step. */
        COSINE
    }

    /** Learning rate of q0 alone. */
    static final double START_RATE = 0.01;

    /** Steps of q0 alone at most. */
    private static final int START_STEPS = 15_000;

    private static final int EVALUATION = 15_000;

    SampleSettings {
        if (steps < 1 || steps > 10_000_000 || paths < 1 || paths > 100_000) {
            throw new StudyException("--steps " + steps + " --paths " + paths + ": at least one of each, at most"
                    + " 10000000 steps of 100000 paths");
        }
        if (!(rate > 0 && rate < 1)) {
            throw new StudyException("--rate " + rate + ": must be between 0 and 1");
        }
        if (gradient != GradientMode.REPARAM && paths < 2) {
            throw new StudyException("--gradient " + word(gradient) + " --paths " + paths
                    + ": compares paths with each other, so it needs at least two");
        }
    }

    static SampleSettings of(
            int steps,
            double rate,
            Decay decay,
            int paths,
            boolean quick,
            GradientMode gradient,
            PathSettings.StepSizes stepSizes,
            PathSettings.Profile profile) {
        return new SampleSettings(
                steps,
                Math.min(steps, quick ? 500 : START_STEPS),
                rate,
                decay,
                paths,
                quick ? 2_000 : EVALUATION,
                gradient,
                stepSizes,
                profile);
    }

    Schedule schedule() {
        return decay == Decay.CONSTANT ? Schedule.constant(rate) : Schedule.cosine(rate, 0.01 * rate, steps);
    }

    static String word(Enum<?> e) {
        return e.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String describe() {
        return String.format(
                Locale.ROOT,
                "%,d training steps of %d paths, Adam at %.1e (%s), after %,d steps of q0 alone; gradient %s, step"
                        + " sizes %s, profile %s; %,d paths of evaluation",
                steps,
                paths,
                rate,
                word(decay),
                startSteps,
                word(gradient),
                word(stepSizes),
                word(profile),
                evaluation);
    }
}
