package org.amortis.cuda;

import java.util.List;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;

/** Parts of a program between which the host has something to do. */
sealed interface Segment {
    /** Launches that are captured once and replayed. */
    final class Graph implements Segment {
        final List<Call> calls;
        long graph;

        Graph(List<Call> calls) {
            this.calls = calls;
        }
    }

    /** An instruction on the processor. */
    record Host(Instruction instruction, Kernel kernel) implements Segment {}

    /** A loop that is too long for one graph, or that looks whether it may stop. */
    record Repeat(int times, List<Segment> body, long done, List<Segment> rest, List<Segment> last)
            implements Segment {}
}
