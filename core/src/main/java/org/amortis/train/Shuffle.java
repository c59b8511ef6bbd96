package org.amortis.train;

import org.amortis.math.Philox;

/**
 * Random access to a permutation of 0..n-1: a Feistel network on the next power of two, walked until it lands inside (less
 * than two evaluations a position on average). No array of n, and position t of epoch e needs no other.
 */
final class Shuffle {
    /** Enough for halves of many bits (Luby and Rackoff 1988 need four), far too few for halves of one or two. */
    private static final int ROUNDS = 8;

    /** At 8 rounds neighbours of n = 5 are visibly dependent (chi-square 84 with 19 degrees of freedom). */
    private static final int SMALL_ROUNDS = 32;

    private static final int SMALL_BITS = 10;

    /** Separates these words from all draws that formulas make. */
    private static final int DOMAIN = 0x53485546;

    private Shuffle() {}

    /** Key of one epoch. */
    static long key(long key, int epoch) {
        long hi = Philox.word(key, epoch, DOMAIN, 0);
        return hi << 32 | Philox.word(key, epoch, DOMAIN, 1) & 0xffffffffL;
    }

    /** Where position i of n goes. */
    static int at(long key, int n, int i) {
        int bits = 32 - Integer.numberOfLeadingZeros(n - 1);
        int low = (bits + 1) / 2;
        int lowMask = (1 << low) - 1;
        int highMask = (1 << (bits - low)) - 1;
        int rounds = bits <= SMALL_BITS ? SMALL_ROUNDS : ROUNDS;
        int x = i;
        do {
            int l = x >>> low;
            int r = x & lowMask;
            for (int k = 0; k < rounds; k += 2) {
                l ^= mix(key, k, r) & highMask;
                r ^= mix(key, k + 1, l) & lowMask;
            }
            x = l << low | r;
        } while (x >= n);
        return x;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014) over key, round and half. */
    private static int mix(long key, int round, int half) {
        long z = key + 0x9e3779b97f4a7c15L * ((long) round << 32 | half & 0xffffffffL) + round;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return (int) (z ^ z >>> 31);
    }
}
