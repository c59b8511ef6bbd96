package org.amortis.train;

import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.tensor.TensorType;

/**
 * Where batches come from. Batch t is a pure function of the data, the key and t, so that the step counter is the whole
 * position: a resumed run sees the batches it would have seen. Implement it to simulate data on the fly.
 */
public interface Batches {
    /**
     * The arrays of a batch. Must give the same map object as long as the shapes stay the same: every other map may cost a
     * compilation.
     *
     * @param step number of the batch, 0 the first
     * @return name to type
     */
    Map<String, TensorType> inputs(int step);

    /**
     * Writes a batch. Must not allocate, or training does.
     *
     * @param key words of the key of the run
     * @param step number of the batch, 0 the first
     * @param into an array for each name, of its type; all elements are to be written
     */
    void fill(long key, int step, Map<String, HostArray> into);

    /**
     * Batches in one pass over the data.
     *
     * @return number of batches, or 0 if there is no end
     */
    default int perEpoch() {
        return 0;
    }

    /**
     * The number of true rows of a batch: its weight in an evaluation.
     *
     * @param step number of the batch
     * @return rows, without padding
     */
    default int rows(int step) {
        return 1;
    }

    /**
     * Batches in a new random order each epoch; rows left over wait for the next.
     *
     * @param x data, rows along the first axis; the input is named "x"
     * @param size rows of a batch
     * @return batches
     */
    static ArrayBatches shuffled(HostArray x, int size) {
        return shuffled(Map.of("x", x), size);
    }

    /**
     * Batches in a new random order each epoch; rows left over wait for the next.
     *
     * @param data arrays with the same number of rows, by name
     * @param size rows of a batch
     * @return batches
     */
    static ArrayBatches shuffled(Map<String, HostArray> data, int size) {
        return ArrayBatches.of(data, size, true, ArrayBatches.Rest.DROP);
    }

    /**
     * Batches in the order of the rows; the last may have fewer rows, which compiles a second program.
     *
     * @param x data, rows along the first axis; the input is named "x"
     * @param size rows of a batch
     * @return batches
     */
    static ArrayBatches sequential(HostArray x, int size) {
        return sequential(Map.of("x", x), size);
    }

    /**
     * Batches in the order of the rows; the last may have fewer rows, which compiles a second program.
     *
     * @param data arrays with the same number of rows, by name
     * @param size rows of a batch
     * @return batches
     */
    static ArrayBatches sequential(Map<String, HostArray> data, int size) {
        return ArrayBatches.of(data, size, false, ArrayBatches.Rest.KEEP);
    }

    /**
     * The whole data in every batch.
     *
     * @param data arrays with the same number of rows, by name
     * @return batches
     */
    static ArrayBatches full(Map<String, HostArray> data) {
        return ArrayBatches.of(data, Integer.MAX_VALUE, false, ArrayBatches.Rest.KEEP);
    }

    /**
     * The whole data in every batch.
     *
     * @param x data, rows along the first axis; the input is named "x"
     * @return batches
     */
    static ArrayBatches full(HostArray x) {
        return full(Map.of("x", x));
    }
}
