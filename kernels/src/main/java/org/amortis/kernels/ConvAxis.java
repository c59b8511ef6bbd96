package org.amortis.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One direction of a convolution as sums at stride 1. The source is split into {@link #split} lines, line r with the source's
 * elements {@code split * i + r - lead}, zeros where there are none. The result is made of phases, each with neighbouring sums
 * over its taps.
 */
final class ConvAxis {
    /** Elements of the source. */
    final int source;

    /** Lines of the source. */
    final int split;

    /** Zeros before the source; below 0 if its first elements are not read. */
    final int lead;

    /** Largest offset of a tap. */
    final int reach;

    /** Phases of the result, by their first element. */
    final List<Phase> phases;

    /** One past the last place of a sum. */
    final int places;

    /** For each line, its first element that is in the source, and one past the last. */
    final int[] firstIn;

    final int[] endIn;

    /** The least distance of lines one after the other: zeros behind the source in one are those before it in the next. */
    final int pitch;

    /** Elements of the result. */
    private final int size;

    /** Elements of the result from one of a phase to the next. */
    final int step;

    /** How many elements before the result place 0 begins. */
    private final int shift;

    private ConvAxis(int source, int split, int lead, int reach, List<Phase> phases, int step, int shift) {
        this.source = source;
        this.split = split;
        this.lead = lead;
        this.reach = reach;
        this.phases = phases;
        this.size = phases.stream().mapToInt(Phase::count).sum();
        this.step = step;
        this.shift = shift;
        this.places = phases.stream().mapToInt(Phase::end).max().orElse(0);
        this.firstIn = new int[split];
        this.endIn = new int[split];
        int read = places + reach;
        int distance = phases.stream().mapToInt(Phase::count).max().orElse(1);
        for (int line = 0; line < split; line++) {
            int first = Math.clamp(Math.ceilDiv(lead - line, split), 0, read);
            int end = Math.clamp(Math.ceilDiv(source + lead - line, split), first, read);
            firstIn[line] = first;
            endIn[line] = end;
            distance = Math.max(distance, end - first + Math.max(first, read - end));
        }
        this.pitch = distance;
    }

    /**
     * Some elements of the result: element {@code start + step * j}, for j from 0 to {@code count - 1}, is the sum over the
     * taps of line {@code tap.line()} at {@code first + j + tap.offset()}.
     *
     * @param first place of the first sum
     * @param count elements
     * @param start first element of the result
     * @param taps the taps in the order of the weights
     */
    record Phase(int first, int count, int start, List<Tap> taps) {
        /** One past the last place. */
        int end() {
            return first + count;
        }
    }

    /**
     * One weight.
     *
     * @param weight its index
     * @param line line of the source it reads
     * @param offset where
     */
    record Tap(int weight, int line, int offset) {}

    /** The axis of the convolution of an image. */
    static ConvAxis forward(int size, int out, int kernel, int stride, int dilation, int pad) {
        List<Tap> taps = IntStream.range(0, kernel)
                .mapToObj(q -> new Tap(q, q * dilation % stride, q * dilation / stride))
                .toList();
        int reach = (kernel - 1) * dilation / stride;
        return new ConvAxis(size, stride, pad, reach, List.of(new Phase(0, out, 0, taps)), 1, 0);
    }

    /**
     * The axis of its adjoint, from {@code out} outputs back to an image: pixel h is the sum over outputs u and weights p with
     * h + pad = stride u + dilation p. Pixels with one remainder of h + pad are a phase.
     */
    static ConvAxis adjoint(int size, int out, int kernel, int stride, int dilation, int pad) {
        int reach = (kernel - 1) * dilation / stride;
        int origin = pad / stride;
        List<Phase> phases = new ArrayList<>();
        for (int h = 0; h < Math.min(stride, size); h++) {
            int remainder = (h + pad) % stride;
            List<Tap> taps = IntStream.range(0, kernel)
                    .filter(p -> p * dilation % stride == remainder)
                    .mapToObj(p -> new Tap(p, 0, reach - p * dilation / stride))
                    .toList();
            phases.add(new Phase((h + pad) / stride - origin, Math.ceilDiv(size - h, stride), h, taps));
        }
        return new ConvAxis(out, 1, reach - origin, reach, phases, stride, pad % stride);
    }

    /** The first element of the result, of those of all phases, whose place is not before one. */
    int firstAt(int place) {
        return Math.clamp((long) place * step - shift, 0, size);
    }
}
