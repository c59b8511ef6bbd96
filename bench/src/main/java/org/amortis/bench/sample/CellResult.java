package org.amortis.bench.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.study.StudyResult;
import org.amortis.io.Npz;
import org.amortis.langevin.PathStatistics;

/** What came out of a cell; kept in a file until the study is complete. */
final class CellResult {
    private static final int STATISTICS = 7;

    private final Cell cell;
    private final Map<String, HostArray> arrays;

    private CellResult(Cell cell, Map<String, HostArray> arrays) {
        this.cell = cell;
        this.arrays = arrays;
    }

    /** Numbers and curves. */
    static CellResult of(
            Cell cell,
            PathStatistics s,
            PathStatistics start,
            double[] eubo,
            double modes,
            double seconds,
            double evaluationSeconds,
            Map<String, HostArray> curves) {
        Map<String, HostArray> a = new LinkedHashMap<>(curves);
        a.put("statistics", vector(numbers(s)));
        a.put("start", vector(numbers(start)));
        a.put("eubo", vector(eubo));
        a.put("scalars", vector(modes, seconds, evaluationSeconds));
        return new CellResult(cell, a);
    }

    private static double[] numbers(PathStatistics s) {
        return new double[] {
            s.paths(), s.elbo(), s.elboError(), s.logZ(), s.logZError(), s.ess(), s.essError(),
        };
    }

    static HostArray vector(double... v) {
        return HostArray.wrap(v.clone(), Shape.of(v.length));
    }

    static CellResult read(Cell cell, Path folder) throws IOException {
        return new CellResult(cell, Npz.read(file(cell, folder)));
    }

    static boolean exists(Cell cell, Path folder) {
        return Files.exists(file(cell, folder));
    }

    private static Path file(Cell cell, Path folder) {
        return folder.resolve(cell.name() + ".npz");
    }

    void write(Path folder) throws IOException {
        Npz.write(file(cell, folder), arrays);
    }

    Cell cell() {
        return cell;
    }

    HostArray array(String name) {
        return Objects.requireNonNull(arrays.get(name), name);
    }

    boolean has(String name) {
        return arrays.containsKey(name);
    }

    PathStatistics statistics() {
        return statistics("statistics");
    }

    /** Of q0 alone. */
    PathStatistics start() {
        return statistics("start");
    }

    private PathStatistics statistics(String name) {
        HostArray v = array(name);
        if (v.shape().size() != STATISTICS) {
            throw new IllegalStateException(cell + ": " + v);
        }
        return new PathStatistics((int) v.get(0), v.get(1), v.get(2), v.get(3), v.get(4), v.get(5), v.get(6));
    }

    /** Mean and standard error of the upper bound; NaN without exact draws. */
    double eubo(int which) {
        return array("eubo").get(which);
    }

    /** Share of the known modes that draws lie nearest to; NaN where they are not known. */
    double modes() {
        return array("scalars").get(0);
    }

    double seconds() {
        return array("scalars").get(1);
    }

    /** Adds the numbers under a prefix, which may be empty. */
    void into(StudyResult r, String prefix) {
        PathStatistics s = statistics();
        r.put(prefix + "elbo.mean", s.elbo())
                .put(prefix + "elbo.standardError", s.elboError())
                .put(prefix + "logZ.mean", s.logZ())
                .put(prefix + "logZ.standardError", s.logZError())
                .put(prefix + "ess.mean", s.ess())
                .put(prefix + "ess.standardError", s.essError());
        if (Double.isFinite(eubo(0))) {
            r.put(prefix + "eubo.mean", eubo(0)).put(prefix + "eubo.standardError", eubo(1));
        }
        r.put(prefix + "start.elbo.mean", start().elbo()).put(prefix + "start.elbo.standardError", start().elboError());
        if (Double.isFinite(modes())) {
            r.put(prefix + "modes", modes());
        }
        r.put(prefix + "paths", s.paths());
        HostArray d = array("steps");
        r.put(prefix + "firstStepSize", d.shape().size() == 0 ? Double.NaN : d.get(0));
        if (has("damping") && array("damping").shape().size() > 0) {
            r.put(prefix + "damping", array("damping").get(0));
        }
        r.put(prefix + "trainingSeconds", seconds());
    }
}
