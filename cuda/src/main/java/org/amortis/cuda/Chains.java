package org.amortis.cuda;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The generated kernels of a program: one module, equal chains once. */
final class Chains {
    private static final String HEAD = ".version 6.3\n.target sm_75\n.address_size 64\n";

    private final Map<String, String> names = new LinkedHashMap<>();
    private final Set<String> called = new LinkedHashSet<>();

    /** Name of a chain's kernel. */
    String add(Chain chain) {
        String text = chain.text(Functions.shipped(), called);
        return names.computeIfAbsent(text, k -> "am_chain_" + names.size());
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    int count() {
        return names.size();
    }

    /** The module, the same to the byte for the same chains. */
    String text() {
        StringBuilder b = new StringBuilder(HEAD);
        b.append(Functions.shipped().definitions(called));
        names.forEach((text, name) -> b.append(text.replace("NAME", name)));
        return b.toString();
    }
}
