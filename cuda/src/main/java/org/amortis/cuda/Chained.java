package org.amortis.cuda;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The kernels of chained*.cu: products with a place where a chain of operations is put. */
final class Chained {
    /** The comment that is replaced: registers of the value and of its position. */
    static final Pattern PLACE = Pattern.compile("/\\* AM_CHAIN (%f\\d+), (%r\\d+); \\*/");

    /** Where the number lies that says whether what is there is added: behind the product's parameters. */
    static final int ADD = 144;

    /** Where the addresses of the chain lie. */
    static final int ADDRESSES = 152;

    /** Most addresses. */
    static final int MOST = 24;

    private static final Map<String, String> KERNELS = new ConcurrentHashMap<>();

    private Chained() {}

    /** Text of a kernel. */
    static String kernel(String module, String name) {
        return KERNELS.computeIfAbsent(name, k -> {
            String all = Images.text(module);
            int from = all.indexOf(".visible .entry " + k + "(");
            int to = all.indexOf("\n}", from);
            if (from < 0 || to < 0) {
                throw new IllegalStateException("no kernel " + k + " in " + module + ".ptx; run cuda/build-kernels");
            }
            return all.substring(from, to + 3);
        });
    }
}
