package org.amortis.mc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.Distribution;
import org.amortis.dist.MultivariateNormal;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** What a run of an {@link Annealer} found. */
public final class Annealed {
    private static final String PARTICLES = "mc/particles";
    private static final String WEIGHTS = "mc/weights";
    private static final String NUMBERS = "mc/found";

    private final double logZ;
    private final double[] logWeights;
    private final HostArray particles;
    private final Ladder ladder;
    private final double acceptance;
    private final int resamplings;

    Annealed(double logZ, double[] logWeights, HostArray particles, Ladder ladder, double acceptance, int resamplings) {
        this.logZ = logZ;
        this.logWeights = logWeights;
        this.particles = particles;
        this.ladder = ladder;
        this.acceptance = acceptance;
        this.resamplings = resamplings;
    }

    /**
     * Writes all of it to a file.
     *
     * @param file the file
     * @param run what the run was, asked for again by {@link #load}
     * @throws IOException if it cannot be written
     */
    public void save(Path file, String run) throws IOException {
        Map<String, HostArray> all = new LinkedHashMap<>();
        ladder.put(all);
        all.put(PARTICLES, particles);
        all.put(WEIGHTS, HostArray.of(logWeights));
        all.put(NUMBERS, HostArray.of(logZ, acceptance, resamplings));
        McArrays.write(file, run, all);
    }

    /**
     * Reads what {@link #save} has written.
     *
     * @param file the file
     * @param run what the run was
     * @return the same bits
     * @throws IOException if it cannot be read
     * @throws org.amortis.array.FormatException if the file belongs to another run
     */
    public static Annealed load(Path file, String run) throws IOException {
        McArrays all = McArrays.read(file, run);
        double[] numbers = all.doubles(NUMBERS);
        return new Annealed(
                numbers[0], all.doubles(WEIGHTS), all.array(PARTICLES), Ladder.of(all), numbers[1], (int) numbers[2]);
    }

    /**
     * Estimated log normaliser of the target relative to the start. Its expectation is a lower bound of the true one, or
     * for a run from exact draws an upper bound.
     *
     * @return log Z
     */
    public double logZ() {
        return logZ;
    }

    /**
     * Logarithms of the weights of the particles at the end, whose mean is 1; without resampling they hold all that
     * happened.
     *
     * @return [particles]
     */
    public double[] logWeights() {
        return logWeights.clone();
    }

    /**
     * The log weights of the particles of several runs, each with the log normaliser of its run: the mean of the weights is
     * the normaliser.
     *
     * @param runs runs of one ladder
     * @return [runs * particles]
     */
    public static double[] logWeights(List<Annealed> runs) {
        return runs.stream()
                .flatMapToDouble(a -> Arrays.stream(a.logWeights).map(w -> w + a.logZ))
                .toArray();
    }

    /**
     * Effective share of the particles.
     *
     * @return (sum w)^2 / (n sum w^2)
     */
    public double effective() {
        return LogSums.effectiveSamples(logWeights) / logWeights.length;
    }

    /**
     * Standard error of log Z of a run without resampling, from the spread of its weights.
     *
     * @return standard deviation of the weights over their mean, by the root of their number
     */
    public double standardError() {
        return LogSums.standardError(logWeights);
    }

    /**
     * Where the particles are at the end.
     *
     * @return [particles, d]
     */
    public HostArray particles() {
        return particles;
    }

    /**
     * The temperatures, step sizes and metrics used, for runs that learn nothing.
     *
     * @return the ladder
     */
    public Ladder ladder() {
        return ladder;
    }

    /**
     * Mean acceptance of all moves.
     *
     * @return between 0 and 1
     */
    public double acceptance() {
        return acceptance;
    }

    /**
     * How often the particles were resampled.
     *
     * @return how often
     */
    public int resamplings() {
        return resamplings;
    }

    /**
     * The normal distribution of mean and covariance of the weighted particles: a start from which a target with one mode
     * is near. Wider than the target it leaves no tail of it out.
     *
     * @param kind DIAGONAL for the variances alone, UNIT for the mean alone with variance 1
     * @param inflation factor of the covariance; 1.3 to 1.8 worked on every smooth target tried
     * @return distribution of vectors [d] of the type of the particles
     */
    public Distribution normal(Metric.Kind kind, double inflation) {
        if (!(inflation > 0) || Double.isInfinite(inflation)) {
            throw new PlanException("normal(inflation=" + inflation + "): not positive");
        }
        int n = particles.shape().dim(0);
        int d = particles.shape().dim(1);
        double[] z = particles.toDoubles();
        MassEstimate e = new MassEstimate(kind, d);
        double share = effective();
        for (int i = 0; i < n; i++) {
            e.add(z, i * d, Math.exp(logWeights[i]) * share);
        }
        double[] scale = new double[kind.shape(d).size()];
        double count = n * share;
        e.factor(count / (count + d), scale);
        double root = Math.sqrt(inflation);
        for (int i = 0; i < scale.length; i++) {
            scale[i] *= root;
        }
        DType dtype = particles.dtype();
        Tensor mean = Tensors.resident(HostArray.wrap(e.mean(), Shape.of(d)).cast(dtype));
        return switch (kind) {
            case UNIT -> MultivariateNormal.ofMeanStd(mean, Tensors.fill(root, dtype, Shape.of(d)));
            case DIAGONAL ->
                MultivariateNormal.ofMeanStd(
                        mean,
                        Tensors.resident(HostArray.wrap(scale, Shape.of(d)).cast(dtype)));
            case DENSE ->
                MultivariateNormal.ofMeanCholesky(
                        mean,
                        Tensors.resident(HostArray.wrap(scale, Shape.of(d, d)).cast(dtype)));
        };
    }

    @Override
    public String toString() {
        return "Annealed(logZ=" + logZ + ", effective=" + effective() + ", " + ladder + ", acceptance=" + acceptance
                + ", resamplings=" + resamplings + ")";
    }
}
