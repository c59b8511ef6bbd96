package org.amortis.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/** Batches of rows of arrays in memory. Immutable; the arrays are not copied and must not change. */
public final class ArrayBatches implements Batches {
    /** What becomes of the rows that do not fill a batch. */
    public enum Rest {
        /** They are left out; in a shuffled order others the next time. */
        DROP,
        /** The last batch is filled up with zeros, and an input "mask" is 1 for true rows, 0 for the others. */
        PAD,
        /** The last batch is smaller, which compiles a second program. */
        KEEP
    }

    /** Name of the input that tells true rows from padding. */
    public static final String MASK = "mask";

    private final int rows;
    private final int size;
    private final boolean shuffle;
    private final Rest rest;
    private final List<Column> columns;
    private final Map<String, TensorType> whole;
    private final @Nullable Map<String, TensorType> last;

    private ArrayBatches(int rows, int size, boolean shuffle, Rest rest, List<Column> columns) {
        this.rows = rows;
        this.size = Math.min(size, rows);
        this.shuffle = shuffle;
        this.rest = rest;
        this.columns = List.copyOf(columns);
        this.whole = types(this.size);
        this.last = rest == Rest.KEEP && rows % this.size != 0 ? types(rows % this.size) : null;
    }

    static ArrayBatches of(Map<String, HostArray> data, int size, boolean shuffle, Rest rest) {
        List<Column> columns = new TreeMap<>(data)
                .entrySet().stream()
                        .map(e -> (Column) new Column.Array(e.getKey(), e.getValue()))
                        .toList();
        return checked(columns, size, shuffle, rest);
    }

    private static ArrayBatches checked(List<Column> columns, int size, boolean shuffle, Rest rest) {
        if (columns.isEmpty() || size < 1) {
            throw new ShapeException("batches(arrays=" + columns.size() + ", size=" + size
                    + "): needs an array and a size of at least 1");
        }
        for (Column c : columns) {
            if (c.rows() < 1 || c.rows() != columns.get(0).rows()) {
                throw new ShapeException("batches(" + c + "): has " + c.rows() + " rows, " + columns.get(0) + " has "
                        + columns.get(0).rows() + "; arrays need the same number of rows, at least one");
            }
            if (rest == Rest.PAD && c.name().equals(MASK)) {
                throw new PlanException("batches(" + c + "): padding adds an input of this name; rename the array");
            }
        }
        return new ArrayBatches(columns.get(0).rows(), size, shuffle, rest, columns);
    }

    /**
     * The same data with the rows left over left out.
     *
     * @return batches of one size
     */
    public ArrayBatches dropped() {
        return checked(columns, size, shuffle, Rest.DROP);
    }

    /**
     * The same data with the last batch filled up and the input "mask".
     *
     * @return batches of one size
     */
    public ArrayBatches padded() {
        return checked(columns, size, shuffle, Rest.PAD);
    }

    /**
     * The same data with a smaller last batch.
     *
     * @return batches of at most two sizes
     */
    public ArrayBatches kept() {
        return checked(columns, size, shuffle, Rest.KEEP);
    }

    /**
     * Adds bytes, such as images, that become floats only in the batch: value times scale, the byte taken as 0..255.
     *
     * @param name input
     * @param bytes rows in order, not copied
     * @param row shape of one row
     * @param dtype F32 or F64
     * @param scale factor, such as 1/255
     * @return batches with one array more
     */
    public ArrayBatches with(String name, byte[] bytes, Shape row, DType dtype, double scale) {
        return with(new Column.Bytes(name, bytes, row, dtype, scale));
    }

    /**
     * Adds an array.
     *
     * @param name input
     * @param data rows along the first axis, not copied
     * @return batches with one array more
     */
    public ArrayBatches with(String name, HostArray data) {
        return with(new Column.Array(name, data));
    }

    private ArrayBatches with(Column c) {
        if (columns.stream().anyMatch(o -> o.name().equals(c.name()))) {
            throw new PlanException("batches.with(" + c + "): the name is taken");
        }
        List<Column> all = new java.util.ArrayList<>(columns);
        all.add(c);
        return checked(all, size, shuffle, rest);
    }

    private Map<String, TensorType> types(int n) {
        Map<String, TensorType> m = new LinkedHashMap<>();
        for (Column c : columns) {
            m.put(c.name(), new TensorType(c.dtype(), Shape.of(n).concat(c.row())));
        }
        if (rest == Rest.PAD) {
            DType t = columns.stream()
                    .map(Column::dtype)
                    .filter(DType::isFloat)
                    .findFirst()
                    .orElse(DType.F32);
            m.put(MASK, new TensorType(t, Shape.of(n)));
        }
        return Collections.unmodifiableMap(m);
    }

    /** Whether all batches are the same. */
    boolean constant() {
        return !shuffle && perEpoch() == 1;
    }

    @Override
    public int perEpoch() {
        return rest == Rest.DROP ? rows / size : (rows - 1) / size + 1;
    }

    @Override
    public int rows(int step) {
        return Math.min(size, rows - step % perEpoch() * size);
    }

    @Override
    public Map<String, TensorType> inputs(int step) {
        return last != null && rows(step) < size ? last : whole;
    }

    @Override
    public void fill(long key, int step, Map<String, HostArray> into) {
        int n = rows(step);
        int first = step % perEpoch() * size;
        long epoch = shuffle ? Shuffle.key(key, step / perEpoch()) : 0;
        for (int c = 0; c < columns.size(); c++) {
            Column column = columns.get(c);
            HostArray to = target(into, column.name());
            for (int i = 0; i < n; i++) {
                column.copy(shuffle ? Shuffle.at(epoch, rows, first + i) : first + i, to, i);
            }
            if (rest == Rest.PAD) {
                column.clear(to, n, size);
            }
        }
        if (rest == Rest.PAD) {
            HostArray mask = target(into, MASK);
            for (int i = 0; i < size; i++) {
                if (mask.dtype() == DType.F32) {
                    mask.floats()[i] = i < n ? 1 : 0;
                } else {
                    mask.doubles()[i] = i < n ? 1 : 0;
                }
            }
        }
    }

    private static HostArray target(Map<String, HostArray> into, String name) {
        HostArray to = into.get(name);
        if (to == null) {
            throw new PlanException("fill(" + name + "): no array to write to; there are " + into.keySet());
        }
        return to;
    }

    @Override
    public String toString() {
        return (shuffle ? "shuffled" : "sequential") + " batches of " + size + " from " + rows + " rows of " + columns;
    }
}
