package org.amortis.bench.peers;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The JVM of one library in one round: {@code KIND THREADS ROWS}, where ROWS is an expression found in the identifiers of
 * the rows to measure. Prints a line for each, see {@link #LINE}; other lines are the library's own.
 */
public final class PeerJvm {
    /** What lines of results begin with; then, separated by tabs, row, median and best in microseconds, error. */
    static final String LINE = "amortis-row";

    /** What the line with name and version of the library and the multiply-add rate begins with. */
    static final String VERSION = "amortis-peer";

    private PeerJvm() {}

    /**
     * Measures and leaves; threads of native libraries would keep the JVM alive.
     *
     * @param args kind, threads, rows
     */
    public static void main(String[] args) {
        PeerKind kind = PeerKind.valueOf(args[0]);
        int threads = Integer.parseInt(args[1]);
        Pattern rows = Pattern.compile(args[2]);
        List<Row> chosen = Row.TABLE.stream()
                .filter(r -> r.threads() == threads && rows.matcher(r.id()).find())
                .toList();
        Peer peer = kind.load();
        peer.start(threads);
        System.out.println(VERSION + "\t" + peer.version() + "\t" + peer.peak());
        for (Row row : chosen) {
            Work work = peer.work(row);
            if (work == null) {
                continue;
            }
            work.run();
            // before the timing and not after it: steps go on training
            double error = work.error();
            Sampler.Times t = Sampler.measure(work, row.op().isStep(), kind.isJava());
            if (row.op().isStep()) {
                work.error();
            }
            System.out.printf(Locale.ROOT, "%s\t%s\t%.5f\t%.5f\t%.3g%n", LINE, row.id(), t.median(), t.best(), error);
            System.out.flush();
        }
        System.exit(0);
    }
}
