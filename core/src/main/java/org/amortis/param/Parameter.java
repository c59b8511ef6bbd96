package org.amortis.param;

import java.util.Set;
import org.amortis.array.Shape;

/**
 * One declared parameter.
 *
 * @param path where it is in the model, segments joined by '/'
 * @param shape its shape
 * @param offset its first element in the flat range
 * @param initializer its first value
 * @param fans what the initialiser scales by
 * @param tags what optimizers may select it by, such as "decay"
 */
public record Parameter(String path, Shape shape, int offset, Initializer initializer, Fans fans, Set<String> tags) {
    /** Copies the tags. */
    public Parameter {
        tags = Set.copyOf(tags);
    }

    /**
     * One past its last element in the flat range.
     *
     * @return end
     */
    public int end() {
        return offset + shape.size();
    }

    /**
     * Whether the path is a prefix of this parameter's: the same, or a parent. The empty prefix holds everything.
     *
     * @param prefix path
     * @return true if it is
     */
    public boolean under(String prefix) {
        return prefix.isEmpty() || path.equals(prefix) || path.startsWith(prefix + "/");
    }

    @Override
    public String toString() {
        return path + " " + shape + " at " + offset + (tags.isEmpty() ? "" : " " + new java.util.TreeSet<>(tags));
    }
}
