package org.amortis.cuda;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;

/** The generated kernels of a program: one module, equal ones once. */
final class Chains {
    private static final String ANY = ".version 6.3\n.target sm_75\n.address_size 64\n";
    private static final String TENSOR = ".version 7.0\n.target sm_80\n.address_size 64\n";
    private static final String CLUSTERS = ".version 8.0\n.target sm_90\n.address_size 64\n";

    private final Map<String, String> names = new LinkedHashMap<>();
    private final Set<String> called = new LinkedHashSet<>();
    private boolean clusters;
    private boolean tensor;

    /** Name of a kernel of sections. */
    String add(Chain chain) {
        return named(chain.text(Functions.shipped(), called));
    }

    /** Name of the kernel that adds slices of a product with parts behind it. */
    String add(Section section, Operand product) {
        return named(placed("chained", "am_finish_chain", section, product));
    }

    /** Name of a product's kernel with parts behind it; with slices, which are blocks of a cluster then. */
    String add(Section section, Operand product, String form, int split, ProductMode mode) {
        String module = mode.tensorCores() ? "chained_tensor" : "chained";
        tensor |= mode.tensorCores();
        if (split == 1) {
            return named(placed(module, mode.prefix() + "small_" + form + "_chain", section, product));
        }
        clusters = true;
        String text = placed(module + "_cluster", mode.prefix() + "cluster_" + form + "_chain", section, product);
        return named(text.replaceFirst("\\.reqnctapercluster 1, 1, \\d+", ".reqnctapercluster 1, 1, " + split));
    }

    private String named(String text) {
        return names.computeIfAbsent(text, k -> "am_chain_" + names.size());
    }

    private String placed(String module, String kernel, Section section, Operand product) {
        String source = Chained.kernel(module, kernel);
        Matcher m = Chained.PLACE.matcher(source);
        if (!m.find()) {
            throw new IllegalStateException("no place for a chain in " + kernel + "; run cuda/build-kernels");
        }
        ChainText t = new ChainText(Functions.shipped());
        section.block(t, kernel, Chained.ADDRESSES, product, m.group(1), m.group(2));
        called.addAll(t.called());
        return (source.substring(0, m.start()) + t.text() + source.substring(m.end())).replace(kernel, "NAME");
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    int count() {
        return names.size();
    }

    /** The module, the same to the byte for the same kernels. */
    String text() {
        StringBuilder b = new StringBuilder(clusters ? CLUSTERS : tensor ? TENSOR : ANY);
        b.append(Functions.shipped().definitions(called));
        names.forEach((text, name) -> b.append(text.replace("NAME", name)));
        return b.toString();
    }
}
