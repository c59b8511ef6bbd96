package org.amortis.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages files in the ways files get damaged, and in the ways people damage them. */
final class Mutations {
    private static final long[] LENGTHS = {
        0,
        1,
        2,
        255,
        256,
        65535,
        65536,
        100_000_000,
        1L << 31,
        (1L << 31) - 1,
        (1L << 32) - 1,
        1L << 32,
        Long.MAX_VALUE,
        -1
    };
    private static final List<String> WORDS = List.of(
            "0",
            "-1",
            "2147483647",
            "4294967296",
            "9223372036854775807",
            "99999999999999999999",
            "1e3",
            "nan",
            "",
            "{",
            "}",
            "[",
            "]",
            "\"",
            "'",
            ",",
            "True",
            "F64",
            "<i8",
            ">f4",
            "\n",
            "\\u0000");

    private final Random random;
    private final List<byte[]> seeds;

    Mutations(long seed, List<byte[]> seeds) {
        this.random = new Random(seed);
        this.seeds = seeds;
    }

    /** The next damaged file: one to three kinds of damage to one of the seeds. */
    byte[] next() {
        byte[] b = seeds.get(random.nextInt(seeds.size())).clone();
        int n = random.nextBoolean() ? 1 : 1 + random.nextInt(3);
        for (int i = 0; i < n; i++) {
            b = mutate(b);
        }
        return b;
    }

    private byte[] mutate(byte[] b) {
        if (b.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(b.length);
        // most of what decides stands at the beginning; damage near the end more often leaves a readable file
        at = switch (random.nextInt(3)) {
            case 0 -> at % Math.min(b.length, 160);
            case 1 -> b.length - 1 - at % Math.min(b.length, 60);
            default -> at;
        };
        switch (random.nextInt(9)) {
            case 0 -> b[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> b[at] = (byte) random.nextInt();
            case 2 -> b = Arrays.copyOf(b, at);
            case 3 -> b = Arrays.copyOf(b, b.length + 1 + random.nextInt(random.nextBoolean() ? 8 : 5000));
            case 4 -> number(b, at);
            case 5 -> b = digits(b, at);
            case 6 -> b = splice(b, at, random.nextInt(40), word());
            case 7 -> {
                byte[] other = seeds.get(random.nextInt(seeds.size()));
                int from = random.nextInt(other.length);
                byte[] part = Arrays.copyOfRange(
                        other, from, Math.min(other.length, from + random.nextInt(1 + other.length)));
                b = splice(b, at, random.nextBoolean() ? part.length : 0, part);
            }
            default -> b = splice(b, at, 1 + random.nextInt(16), new byte[0]);
        }
        return b;
    }

    private byte[] word() {
        return WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
    }

    private void number(byte[] b, int at) {
        ByteBuffer buffer =
                ByteBuffer.wrap(b).order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long v = LENGTHS[random.nextInt(LENGTHS.length)] + random.nextInt(3) - 1;
        int width = 2 << random.nextInt(3);
        int where = Math.max(0, Math.min(at & -2, b.length - width));
        switch (Math.min(width, b.length)) {
            case 8 -> buffer.putLong(where, v);
            case 4 -> buffer.putInt(where, (int) v);
            case 2 -> buffer.putShort(where, (short) v);
            default -> b[0] = (byte) v;
        }
    }

    /** Replaces a run of digits at or after a position: lengths and offsets written as text. */
    private byte[] digits(byte[] b, int at) {
        int from = at;
        while (from < b.length && (b[from] < '0' || b[from] > '9')) {
            from++;
        }
        int to = from;
        while (to < b.length && b[to] >= '0' && b[to] <= '9') {
            to++;
        }
        byte[] value = random.nextBoolean()
                ? word()
                : Integer.toString(random.nextInt(40)).getBytes(StandardCharsets.US_ASCII);
        return splice(b, from, to - from, value);
    }

    private static byte[] splice(byte[] b, int at, int drop, byte[] insert) {
        int end = Math.min(b.length, at + drop);
        byte[] r = new byte[at + insert.length + b.length - end];
        System.arraycopy(b, 0, r, 0, at);
        System.arraycopy(insert, 0, r, at, insert.length);
        System.arraycopy(b, end, r, at + insert.length, b.length - end);
        return r;
    }
}
