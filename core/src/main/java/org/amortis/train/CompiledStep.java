package org.amortis.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.array.HostArray;
import org.amortis.runtime.Runner;
import org.amortis.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/** A compiled step for one set of batch shapes, with the arrays its batches are gathered into. */
final class CompiledStep {
    private final Runner runner;
    private final List<String> names;
    private final Map<String, HostArray> staging = new LinkedHashMap<>();
    private final boolean drawsByBatch;
    private @Nullable Batches constant;
    private final String[] inputs;
    private final HostArray[] arrays;

    /** Gathers only those arrays of the batch into the program that it reads. */
    CompiledStep(Runner runner, List<String> names, Map<String, TensorType> types, Set<String> read) {
        this.runner = runner;
        this.names = List.copyOf(names);
        this.drawsByBatch = read.contains(StepPrograms.BATCH);
        types.forEach((name, t) -> staging.put(name, HostArray.zeros(t.dtype(), t.shape())));
        List<String> fed = types.keySet().stream().filter(read::contains).toList();
        this.inputs = fed.toArray(String[]::new);
        this.arrays = fed.stream().map(staging::get).toArray(HostArray[]::new);
    }

    @SuppressWarnings("ReferenceEquality")
    void feed(Batches batches, long key, int step) {
        if (batches == constant) {
            return;
        }
        batches.fill(key, step, staging);
        for (int i = 0; i < inputs.length; i++) {
            runner.feed(inputs[i], arrays[i]);
        }
        // inputs stay until they are fed again: the whole data in every batch are copied once
        constant = batches instanceof ArrayBatches a && a.constant() ? a : null;
    }

    boolean drawsByBatch() {
        return drawsByBatch;
    }

    Runner runner() {
        return runner;
    }

    /** Names of the outputs: loss, gradient norm in training, metrics. */
    List<String> names() {
        return names;
    }
}
