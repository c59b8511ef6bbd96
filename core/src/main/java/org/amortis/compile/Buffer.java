package org.amortis.compile;

import org.amortis.spi.View;
import org.amortis.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/** Memory of a tensor while the plan is made: a root of its own, or a range of another buffer. */
final class Buffer {
    final TensorType type;
    final View.Space space;
    final int index;

    /** The buffer this one is a range of, and where. */
    @Nullable
    Buffer parent;

    int parentOffset;

    /** Lives through the whole run: inputs, constants, loop variables. */
    boolean pinned;

    /** First and last instruction that touches a root. */
    int first = Integer.MAX_VALUE;

    int last = -1;

    /** Slot in the slab once planned. */
    int offset = -1;

    Buffer(TensorType type, View.Space space, int index) {
        this.type = type;
        this.space = space;
        this.index = index;
    }

    static Buffer slab(TensorType type) {
        return new Buffer(type, View.Space.SLAB, 0);
    }

    static Buffer range(Buffer parent, int slotOffset, TensorType type) {
        Buffer b = new Buffer(type, parent.space, parent.index);
        b.parent = parent;
        b.parentOffset = slotOffset;
        return b;
    }

    Buffer root() {
        Buffer b = this;
        while (b.parent != null) {
            b = b.parent;
        }
        return b;
    }

    int rootOffset() {
        int o = 0;
        for (Buffer b = this; b.parent != null; b = b.parent) {
            o += b.parentOffset;
        }
        return o;
    }

    int slots() {
        return type.shape().size() * type.dtype().slots();
    }

    boolean isSlab() {
        return space == View.Space.SLAB;
    }

    void touch(int instruction) {
        Buffer r = root();
        r.first = Math.min(r.first, instruction);
        r.last = Math.max(r.last, instruction);
    }

    View view() {
        Buffer r = root();
        if (r.isSlab() && r.offset < 0) {
            throw new IllegalStateException("buffer " + r.type + " was not planned");
        }
        return new View(r.space, r.index, (r.isSlab() ? r.offset : 0) + rootOffset(), type);
    }
}
