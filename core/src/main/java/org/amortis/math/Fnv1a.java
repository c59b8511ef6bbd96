package org.amortis.math;

/**
 * The FNV-1a hash, 64 bits. Names become random streams through it, so its value for a given text never changes: every
 * saved run depends on it.
 */
public final class Fnv1a {
    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Fnv1a() {}

    /**
     * Hashes the UTF-8 form of a text, without building that form.
     *
     * @param text the text; a surrogate without its partner counts as {@code '?'}, as in {@link String#getBytes()}
     * @return the 64-bit FNV-1a hash of its UTF-8 bytes
     */
    public static long hash64(String text) {
        long h = OFFSET_BASIS;
        int n = text.length();
        for (int i = 0; i < n; i++) {
            int c = text.charAt(i);
            if (Character.isSurrogate((char) c)) {
                int whole = text.codePointAt(i);
                if (Character.isSupplementaryCodePoint(whole)) {
                    c = whole;
                    i++;
                } else {
                    c = '?';
                }
            }
            if (c < 0x80) {
                h = add(h, c);
            } else if (c < 0x800) {
                h = add(h, 0xc0 | (c >>> 6));
                h = add(h, 0x80 | (c & 0x3f));
            } else if (c < 0x10000) {
                h = add(h, 0xe0 | (c >>> 12));
                h = add(h, 0x80 | ((c >>> 6) & 0x3f));
                h = add(h, 0x80 | (c & 0x3f));
            } else {
                h = add(h, 0xf0 | (c >>> 18));
                h = add(h, 0x80 | ((c >>> 12) & 0x3f));
                h = add(h, 0x80 | ((c >>> 6) & 0x3f));
                h = add(h, 0x80 | (c & 0x3f));
            }
        }
        return h;
    }

    private static long add(long h, int octet) {
        return (h ^ octet) * PRIME;
    }
}
