package org.amortis.compile;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Best-fit allocation of ranges in one growing slab; logarithmic in the number of free ranges. */
final class FreeList {
    /** Ranges begin at multiples of this, a cache line of floats. */
    static final int GRANULE = 16;

    private final TreeMap<Integer, Integer> byOffset = new TreeMap<>();
    private final TreeSet<long[]> bySize =
            new TreeSet<>(Comparator.<long[]>comparingLong(a -> a[0]).thenComparingLong(a -> a[1]));
    private long end;

    static int rounded(int slots) {
        return Math.addExact(slots, GRANULE - 1) / GRANULE * GRANULE;
    }

    int allocate(int slots) {
        int n = Math.max(GRANULE, rounded(slots));
        long[] best = bySize.ceiling(new long[] {n, -1});
        if (best == null) {
            Map.Entry<Integer, Integer> last = byOffset.lastEntry();
            if (last != null && last.getKey() + last.getValue() == end) {
                // the slab ends in a free range that is too small: grow it
                remove(last.getKey(), last.getValue());
                int at = last.getKey();
                end = at + (long) n;
                return checked(at);
            }
            long at = end;
            end += n;
            return checked(at);
        }
        int size = (int) best[0];
        int at = (int) best[1];
        remove(at, size);
        if (size > n) {
            insert(at + n, size - n);
        }
        return at;
    }

    void free(int at, int slots) {
        int n = Math.max(GRANULE, rounded(slots));
        int from = at;
        Map.Entry<Integer, Integer> below = byOffset.lowerEntry(at);
        if (below != null && below.getKey() + below.getValue() == at) {
            remove(below.getKey(), below.getValue());
            from = below.getKey();
            n += below.getValue();
        }
        Integer above = byOffset.get(from + n);
        if (above != null) {
            remove(from + n, above);
            n += above;
        }
        insert(from, n);
    }

    long end() {
        return end;
    }

    private static int checked(long at) {
        if (at > Integer.MAX_VALUE - 64) {
            throw new org.amortis.array.PlanException(
                    "plan: more than 2^31 slots of one element type; use smaller batches or checkpointed loops");
        }
        return (int) at;
    }

    private void insert(int at, int n) {
        byOffset.put(at, n);
        bySize.add(new long[] {n, at});
    }

    private void remove(int at, int n) {
        byOffset.remove(at);
        bySize.remove(new long[] {n, at});
    }
}
