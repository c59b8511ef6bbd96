package org.amortis.runtime;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.HostArray;
import org.amortis.tensor.Tensor;

/** Compiles and runs formulas without inputs, once: the same path as training, just slower. */
public final class Run {
    private Run() {}

    /**
     * The value of a formula.
     *
     * @param tensor formula without inputs and states
     * @return its value
     */
    public static HostArray eval(Tensor tensor) {
        return eval(List.of(tensor)).get(0);
    }

    /**
     * The values of formulas.
     *
     * @param tensors formulas without inputs and states
     * @return their values
     */
    public static List<HostArray> eval(List<Tensor> tensors) {
        try (Device d = Device.builder().threads(1).quiet().build()) {
            return eval(d, tensors);
        }
    }

    /**
     * The values of formulas on a device.
     *
     * @param device where to run
     * @param tensors formulas without inputs and states
     * @return their values
     */
    public static List<HostArray> eval(Device device, List<Tensor> tensors) {
        Runner r = Program.of(tensors.toArray(Tensor[]::new)).open(device);
        r.run();
        List<HostArray> out = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i++) {
            out.add(r.output(i));
        }
        r.close();
        return out;
    }
}
