package org.amortis.train;

import java.util.Arrays;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;

/** One array of a data set, copied out row by row. */
sealed interface Column {
    String name();

    int rows();

    Shape row();

    DType dtype();

    /** Copies a row of the data to a row of the batch. */
    void copy(int row, HostArray to, int at);

    /** Writes zeros to rows of the batch. */
    default void clear(HostArray to, int from, int end) {
        int w = row().size();
        switch (to.dtype()) {
            case F32 -> Arrays.fill(to.floats(), from * w, end * w, 0);
            case F64 -> Arrays.fill(to.doubles(), from * w, end * w, 0);
            case I32, BOOL, KEY -> Arrays.fill(to.ints(), from * w, end * w, 0);
        }
    }

    /** Rows of an array. */
    final class Array implements Column {
        private final String name;
        private final HostArray data;
        private final Shape row;
        private final int width;

        Array(String name, HostArray data) {
            if (data.shape().rank() == 0) {
                throw new ShapeException("batches(" + name + "): a scalar has no rows");
            }
            if (data.dtype() == DType.KEY) {
                throw new DTypeException("batches(" + name + "): keys are no data");
            }
            this.name = name;
            this.data = data;
            this.row = data.shape().slice(1, data.shape().rank());
            this.width = row.size();
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int rows() {
            return data.shape().dim(0);
        }

        @Override
        public Shape row() {
            return row;
        }

        @Override
        public DType dtype() {
            return data.dtype();
        }

        @Override
        public void copy(int r, HostArray to, int at) {
            int from = r * width;
            int target = at * width;
            switch (to.dtype()) {
                case F32 -> System.arraycopy(data.floats(), from, to.floats(), target, width);
                case F64 -> System.arraycopy(data.doubles(), from, to.doubles(), target, width);
                case I32, BOOL, KEY -> System.arraycopy(data.ints(), from, to.ints(), target, width);
            }
        }

        @Override
        public String toString() {
            return name + "=" + data.dtype() + data.shape();
        }
    }

    /** Bytes 0..255 that become floats in the batch: a quarter of the memory. */
    final class Bytes implements Column {
        private final String name;
        private final byte[] data;
        private final Shape row;
        private final DType dtype;
        private final double scale;
        private final int width;

        Bytes(String name, byte[] data, Shape row, DType dtype, double scale) {
            this.width = row.size();
            if (width == 0 || data.length % width != 0) {
                throw new ShapeException(
                        "batches(" + name + "): " + data.length + " bytes are no whole number of rows " + row);
            }
            if (!dtype.isFloat()) {
                throw new DTypeException("batches(" + name + ", dtype=" + dtype + "): bytes become F32 or F64");
            }
            this.name = name;
            this.data = data;
            this.row = row;
            this.dtype = dtype;
            this.scale = scale;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int rows() {
            return data.length / width;
        }

        @Override
        public Shape row() {
            return row;
        }

        @Override
        public DType dtype() {
            return dtype;
        }

        @Override
        public void copy(int r, HostArray to, int at) {
            int from = r * width;
            int target = at * width;
            if (dtype == DType.F32) {
                float[] f = to.floats();
                float s = (float) scale;
                for (int i = 0; i < width; i++) {
                    f[target + i] = (data[from + i] & 0xff) * s;
                }
            } else {
                double[] d = to.doubles();
                for (int i = 0; i < width; i++) {
                    d[target + i] = (data[from + i] & 0xff) * scale;
                }
            }
        }

        @Override
        public String toString() {
            return name + "=U8[" + rows() + "]" + row;
        }
    }
}
