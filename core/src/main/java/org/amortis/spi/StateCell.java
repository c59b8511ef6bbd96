package org.amortis.spi;

import org.amortis.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * The value of a state: an array of the host and, while an accelerator uses it, a copy there. Each side is brought up to
 * date when it is asked for.
 */
public final class StateCell {
    private final TensorType type;
    private final Object array;
    private final int base;
    private @Nullable Copy copy;
    private boolean hostStale;
    private boolean copyStale;

    /** The value of a state on a device. */
    public interface Copy {
        /**
         * Writes it.
         *
         * @param from array of the host; read
         * @param offset first element
         */
        void upload(Object from, int offset);

        /**
         * Reads it.
         *
         * @param to array of the host; written
         * @param offset first element
         */
        void download(Object to, int offset);

        /** Frees its memory. */
        void free();
    }

    /** Makes copies of states on one device. */
    @FunctionalInterface
    public interface Copies {
        /**
         * Room for a state.
         *
         * @param type its type
         * @return a copy without value
         */
        Copy allocate(TensorType type);
    }

    /**
     * A value on the host.
     *
     * @param type its type
     * @param array float[], double[] or int[]
     * @param base first element
     */
    public StateCell(TensorType type, Object array, int base) {
        this.type = type;
        this.array = array;
        this.base = base;
    }

    /**
     * The type of the state.
     *
     * @return type
     */
    public TensorType type() {
        return type;
    }

    /**
     * First element in the array of the host.
     *
     * @return position
     */
    public int base() {
        return base;
    }

    /**
     * The array of the host as it is; kernels bind to it.
     *
     * @return float[], double[] or int[]
     */
    public Object array() {
        return array;
    }

    /** Brings the array of the host up to date. */
    public void toHost() {
        if (hostStale && copy != null) {
            copy.download(array, base);
        }
        hostStale = false;
    }

    /** The array of the host is about to be written, or was: the copy is worth nothing. */
    public void hostWritten() {
        hostStale = false;
        copyStale = true;
    }

    /**
     * The copy on a device, made at the first call; one that another device has is given up.
     *
     * @param owner the kind of copy wanted
     * @param copies where it is made
     * @param <C> the kind
     * @return the copy, whose value may be stale until {@link #toDevice}
     */
    public <C extends Copy> C copy(Class<C> owner, Copies copies) {
        if (copy == null || !owner.isInstance(copy)) {
            toHost();
            if (copy != null) {
                copy.free();
            }
            copy = copies.allocate(type);
            copyStale = true;
        }
        return owner.cast(copy);
    }

    /**
     * The copy on a device, if there is one.
     *
     * @return copy or null
     */
    public @Nullable Copy copied() {
        return copy;
    }

    /** Brings the copy up to date. */
    public void toDevice() {
        if (copyStale && copy != null) {
            copy.upload(array, base);
        }
        copyStale = false;
    }

    /** The copy was written: the array of the host is worth nothing. */
    public void deviceWritten() {
        hostStale = true;
        copyStale = false;
    }

    /** Gives the copy up, after it was read if it is newer. */
    public void leaveDevice() {
        toHost();
        if (copy != null) {
            copy.free();
        }
        copy = null;
        copyStale = false;
    }
}
