package org.amortis.cuda;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.View;
import org.amortis.tensor.RandomOp;

/** Random draws and the folding of keys. */
final class Draws {
    private final Addresses memory;

    Draws(Addresses memory) {
        this.memory = memory;
    }

    boolean random(RandomOp op, Instruction.Compute c, List<Step> steps) {
        View key = c.in().get(0);
        View y = c.out().get(0);
        switch (op) {
            case RandomOp.Draw d -> {
                DType t = y.type().dtype();
                int rows = key.size();
                int n = y.size() / rows;
                int per = t == DType.F64 ? 2 : 4;
                String name = switch (d.kind()) {
                    case BITS -> "am_bits";
                    case UNIFORM -> "am_uniform_" + Launch.suffix(t);
                    case NORMAL -> "am_normal_" + Launch.suffix(t);
                };
                Args a = new Args().pointers(memory.of(key), memory.of(y)).ints(rows, n);
                steps.add(new Step.Run(Launch.flat("random", name, (long) rows * ((n + per - 1) / per), a)));
            }
            case RandomOp.FoldConstant f ->
                fold(key, 0, y, (int) f.data(), (int) (f.data() >>> 32), f.tag(), 0, Shape.SCALAR, Shape.SCALAR, steps);
            case RandomOp.Split k -> fold(key, 0, y, 0, 0, 2, k.n(), Shape.SCALAR, Shape.SCALAR, steps);
            case RandomOp.FoldIndex k -> {
                View number = c.in().get(1);
                fold(
                        key,
                        memory.of(number),
                        y,
                        0,
                        0,
                        0,
                        0,
                        key.type().shape(),
                        number.type().shape(),
                        steps);
            }
            case RandomOp.GammaDraw g -> {
                return false;
            }
            case RandomOp.GammaDerivative g -> {
                return false;
            }
        }
        return true;
    }

    private void fold(
            View key,
            long number,
            View y,
            int low,
            int high,
            int tag,
            int split,
            Shape keys,
            Shape numbers,
            List<Step> steps) {
        Shape s = y.type().shape();
        int[] dims = number == 0 ? new int[0] : s.toArray();
        Args a = new Args()
                .pointers(memory.of(key), number, memory.of(y))
                .ints(y.size(), low, high, tag, split)
                .walk(
                        dims,
                        number == 0 ? dims : Args.broadcast(keys, s),
                        number == 0 ? dims : Args.broadcast(numbers, s));
        steps.add(new Step.Run(Launch.flat("random", "am_fold", y.size(), a)));
    }
}
