package org.amortis.cuda;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;

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

    /** Name of a product's kernel with a chain behind it. */
    String add(Chain chain, String kernel) {
        String source = Chained.kernel(kernel);
        Matcher m = Chained.PLACE.matcher(source);
        if (!m.find()) {
            throw new IllegalStateException("no place for a chain in " + kernel + "; run cuda/build-kernels");
        }
        String block = chain.block(Functions.shipped(), called, kernel, Chained.ADDRESSES, m.group(1), m.group(2));
        String text = (source.substring(0, m.start()) + block + source.substring(m.end())).replace(kernel, "NAME");
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
