package org.amortis.cuda;

import java.util.List;
import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.View;
import org.amortis.tensor.ConvOp;

/** Convolutions and their adjoints. */
final class Convolutions {
    private final Addresses memory;

    Convolutions(Addresses memory) {
        this.memory = memory;
    }

    void add(ConvOp op, Instruction.Compute c, List<Step> steps) {
        View a = c.in().get(0);
        View b = c.in().get(1);
        View r = c.out().get(0);
        Shape x = (op instanceof ConvOp.InputGradient ? r : a).type().shape();
        Shape k = (op instanceof ConvOp.WeightGradient ? r : b).type().shape();
        Shape y = (op instanceof ConvOp.Conv2d ? r : op instanceof ConvOp.InputGradient ? a : b)
                .type()
                .shape();
        ConvOp.Window w = op.window();
        Args args = new Args()
                .pointers(memory.of(a), memory.of(b), memory.of(r))
                .ints(x.dim(0), x.dim(1), x.dim(2), x.dim(3))
                .ints(k.dim(0), k.dim(2), k.dim(3))
                .ints(y.dim(2), y.dim(3))
                .ints(w.strideH(), w.strideW(), w.padTop(), w.padLeft(), w.dilationH(), w.dilationW());
        String type = Launch.suffix(r.type().dtype());
        Launch launch = switch (op) {
            case ConvOp.Conv2d o -> Launch.flat("conv", "am_conv_" + type, r.size(), args);
            case ConvOp.InputGradient o -> Launch.flat("conv", "am_conv_image_" + type, r.size(), args);
            case ConvOp.WeightGradient o ->
                new Launch("conv", "am_conv_weights_" + type, r.size(), 1, 1, 256, 1, args.bytes());
        };
        steps.add(new Step.Run(launch));
    }
}
