package org.amortis.spi;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.Shape;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.Node;
import org.amortis.tensor.ScanOp;

/** One step of a planned program. */
public sealed interface Instruction {
    /**
     * The node it stands for; of a fused group its last. Names it in messages and profiles.
     *
     * @return node
     */
    Node origin();

    /**
     * What it writes, all of each view.
     *
     * @return views
     */
    List<View> writes();

    /**
     * What it reads. A loop reads its operands; what its body reads lies inside them or inside the body.
     *
     * @return views
     */
    List<View> reads();

    /**
     * An operation as it stands. A product may have one operand more than its node: a row that is added to each row.
     *
     * @param origin the node
     * @param in operands
     * @param out results
     */
    record Compute(Node origin, List<View> in, List<View> out) implements Instruction {
        @Override
        public List<View> reads() {
            return in;
        }

        @Override
        public List<View> writes() {
            return out;
        }
    }

    /**
     * A matrix product added to what is there: to += op(A) op(B).
     *
     * @param origin the node of the product
     * @param in the two factors
     * @param to the sum so far; read and written
     */
    record Accumulate(Node origin, List<View> in, View to) implements Instruction {
        @Override
        public List<View> reads() {
            return List.of(in.get(0), in.get(1), to);
        }

        @Override
        public List<View> writes() {
            return List.of(to);
        }
    }

    /**
     * Elementwise operations over one shape, evaluated tile by tile. Outputs are written after all inputs of the tile
     * have been read at the same positions, so an output may lie exactly over an input that is read without broadcasting.
     *
     * @param origin the last node of the group
     * @param shape the common shape
     * @param in inputs
     * @param micro operations in order
     * @param registers number of tile registers
     * @param out outputs, contiguous in the common shape
     * @param outRegisters register of each output
     * @param sums sums over rows of registers, all rows of one length
     */
    record Fused(
            Node origin,
            Shape shape,
            List<FusedInput> in,
            List<MicroOp> micro,
            int registers,
            List<View> out,
            List<Integer> outRegisters,
            List<RowSum> sums)
            implements Instruction {
        @Override
        public List<View> reads() {
            return in.stream().map(FusedInput::view).toList();
        }

        @Override
        public List<View> writes() {
            List<View> r = new ArrayList<>(out);
            sums.forEach(x -> r.add(x.to()));
            return r;
        }
    }

    /**
     * Sums over the trailing axes of what a group computes.
     *
     * @param register the register that is summed
     * @param to one sum a row; its size is the number of rows
     */
    record RowSum(int register, View to) {}

    /**
     * An input of a fused group.
     *
     * @param view the memory
     * @param strides stride along each axis of the group's shape in elements, 0 where broadcast
     */
    record FusedInput(View view, org.amortis.tensor.Axes strides) {}

    /**
     * One operation on tiles.
     *
     * @param op the scalar function
     * @param node its node
     * @param operands where its operands come from
     * @param target register it writes
     */
    record MicroOp(ElementwiseOp op, Node node, List<Source> operands, int target) {}

    /** Where an operand of a micro operation comes from. */
    sealed interface Source {
        /**
         * A tile register.
         *
         * @param index register
         */
        record Register(int index) implements Source {}

        /**
         * An input of the group.
         *
         * @param index position in {@link Fused#in}
         */
        record Input(int index) implements Source {}

        /**
         * A number known when the program was compiled.
         *
         * @param value the number
         */
        record Immediate(double value) implements Source {}
    }

    /**
     * A loop. Before each step the step index, the carries and the slices of the sequences are copied into the body's
     * variables; after it the new carries and the per-step outputs are copied out.
     *
     * @param origin the node
     * @param op the loop
     * @param in operands: initial carries, sequences, captures
     * @param out results: final carries, stacked outputs
     * @param body the body; its slab offsets are already absolute in the outer slab, its captures are the outer views
     * @param step body variable of the step index
     * @param carries body variables of the carries
     * @param slices body variables of the sequences
     */
    record Loop(
            Node origin,
            ScanOp op,
            List<View> in,
            List<View> out,
            Body body,
            View step,
            List<View> carries,
            List<View> slices)
            implements Instruction {
        @Override
        public List<View> reads() {
            return in;
        }

        @Override
        public List<View> writes() {
            return out;
        }
    }

    /**
     * Body of a loop.
     *
     * @param instructions what runs each step
     * @param results where next carries, outputs and the stop mark are after a step
     */
    record Body(List<Instruction> instructions, List<View> results) {}

    /**
     * Copies a range.
     *
     * @param origin what asked for it
     * @param from source
     * @param to target of the same number of slots
     */
    record Copy(Node origin, View from, View to) implements Instruction {
        @Override
        public List<View> reads() {
            return List.of(from);
        }

        @Override
        public List<View> writes() {
            return List.of(to);
        }
    }

    /**
     * Fills a range with one number.
     *
     * @param origin what asked for it
     * @param value the number
     * @param to target
     */
    record Fill(Node origin, double value, View to) implements Instruction {
        @Override
        public List<View> reads() {
            return List.of();
        }

        @Override
        public List<View> writes() {
            return List.of(to);
        }
    }
}
