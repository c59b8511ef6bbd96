package org.amortis.compiling;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.runtime.Program;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** How the time to compile grows with the size of the formula. */
@Tag("once")
@Isolated("compares times")
final class CompileTimeTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Ten times the nodes: 10 if linear, 100 if quadratic. A graph that outgrows the cache takes 15 to 25 where others compute too. */
    private static final int LIMIT = 40;

    private static final int ROUNDS = 8;

    /** Ten times the bytes if linear; lists that double and bits for each node and buffer add some. No noise moves a count. */
    private static final double BYTES = 12;

    /**
     * Counted in time on the processor, which other work on the machine does not lengthen as it does the time on the clock; the compiler uses the
     * calling thread only. Small and large take turns, so that both see the same machine, until the least of each are in proportion: noise only adds.
     */
    @Test
    void unrolledGraphsCompileInNearlyLinearTime() {
        for (int i = 0; i < 4; i++) {
            compile(10_000);
        }
        Time small = compile(10_000);
        Time large = compile(100_000);
        for (int i = 0; i < ROUNDS && large.processor > LIMIT / 2 * small.processor; i++) {
            small = small.least(compile(10_000));
            large = large.least(compile(100_000));
        }
        String text = "compile: 10^4 nodes " + small + ", 10^5 nodes " + large;
        System.getLogger("org.amortis.test").log(System.Logger.Level.INFO, text);
        assertTrue(large.processor <= LIMIT * small.processor, text);
        assertTrue(large.bytes <= BYTES * small.bytes, text);
    }

    /** Unrolled steps of a small recurrence, ten nodes each, products among them. */
    private static Time compile(int nodes) {
        Tensor w = Tensors.input("w", DType.F32, 4, 4);
        Tensor h = Tensors.input("h", DType.F32, 3, 4);
        Tensor sum = Tensors.zeros(DType.F32, Shape.of());
        for (int i = 0; i < nodes / 10; i++) {
            Tensor a = h.matmul(w).add(0.01 * (i % 7));
            h = a.tanh().mul(0.9).add(h.mul(0.1)).sub(a.square().mul(0.01));
            sum = sum.add(h.sum());
        }
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long before = THREADS.getCurrentThreadCpuTime();
        Program p = Program.of(sum);
        long processor = THREADS.getCurrentThreadCpuTime() - before;
        bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
        assertTrue(p.plan().statistics().nodes() > 0.9 * nodes, p.toString());
        return new Time(processor, p.plan().statistics().compileNanos(), bytes);
    }

    private record Time(long processor, long clock, long bytes) {
        Time least(Time other) {
            return new Time(
                    Math.min(processor, other.processor), Math.min(clock, other.clock), Math.min(bytes, other.bytes));
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%.0f ms of processor, %.0f ms, %.2f MB",
                    processor * 1e-6,
                    clock * 1e-6,
                    bytes * 1e-6);
        }
    }
}
