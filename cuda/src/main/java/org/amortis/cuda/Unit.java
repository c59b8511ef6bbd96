package org.amortis.cuda;

import java.util.ArrayList;
import java.util.List;
import org.amortis.spi.Instruction;
import org.amortis.spi.View;

/** What becomes one launch, or what one launch is not enough for. */
sealed interface Unit {
    /** What it reads. */
    List<Operand> reads();

    /** What it writes. */
    List<Operand> writes();

    /** Whether it must not run at the same time as something that reads and writes. */
    default boolean against(List<Operand> reading, List<Operand> writing) {
        return meet(writes(), reading) || meet(writes(), writing) || meet(reads(), writing);
    }

    private static boolean meet(List<Operand> a, List<Operand> b) {
        for (Operand x : a) {
            for (Operand y : b) {
                if (x.overlaps(y)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A generated kernel: lists of parts that are independent of each other. */
    final class Generated implements Unit {
        final boolean gated;
        final List<List<Part>> sections = new ArrayList<>();

        Generated(boolean gated) {
            this.gated = gated;
        }

        @Override
        public List<Operand> reads() {
            return sections.stream()
                    .flatMap(List::stream)
                    .flatMap(p -> p.reads().stream())
                    .toList();
        }

        @Override
        public List<Operand> writes() {
            return sections.stream()
                    .flatMap(List::stream)
                    .flatMap(p -> p.writes().stream())
                    .toList();
        }
    }

    /** Products in one launch; behind a single one, parts that are computed where it is. */
    final class Products implements Unit {
        final List<Job> jobs = new ArrayList<>();
        final List<Part> behind = new ArrayList<>();

        @Override
        public List<Operand> reads() {
            List<Operand> r = new ArrayList<>();
            jobs.forEach(j -> r.addAll(j.reads()));
            behind.forEach(p -> r.addAll(p.reads()));
            return r;
        }

        @Override
        public List<Operand> writes() {
            List<Operand> r = new ArrayList<>();
            jobs.forEach(j -> r.addAll(j.writes()));
            behind.forEach(p -> r.addAll(p.writes()));
            return r;
        }
    }

    /** Draws in one launch. */
    final class Random implements Unit {
        final List<Draw> draws = new ArrayList<>();

        @Override
        public List<Operand> reads() {
            return draws.stream().flatMap(d -> d.reads().stream()).toList();
        }

        @Override
        public List<Operand> writes() {
            return draws.stream().flatMap(d -> d.writes().stream()).toList();
        }
    }

    /** An instruction as it stands. */
    record Plain(Instruction instruction, int number, List<Operand> reads, List<Operand> writes) implements Unit {
        Plain(Instruction instruction, int number) {
            this(instruction, number, all(instruction.reads()), all(instruction.writes()));
        }

        private static List<Operand> all(List<View> views) {
            return views.stream().map(Operand::whole).toList();
        }
    }

    /** A loop; nothing passes it, since its body has memory of its own. */
    record Loop(Instruction.Loop instruction, List<Unit> body) implements Unit {
        @Override
        public List<Operand> reads() {
            return List.of();
        }

        @Override
        public List<Operand> writes() {
            return List.of();
        }

        @Override
        public boolean against(List<Operand> reading, List<Operand> writing) {
            return true;
        }
    }
}
