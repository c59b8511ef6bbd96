package org.amortis.vi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.amortis.array.PlanException;
import org.amortis.tensor.Tensor;

/**
 * What inference is conditioned on: named tensors, such as the observation, a mask, lengths, a design. Immutable.
 */
public final class Context {
    /** Name of the observation [B, ..]. */
    public static final String DATA = "x";

    private static final Context EMPTY = new Context(Map.of());

    private final Map<String, Tensor> tensors;

    private Context(Map<String, Tensor> tensors) {
        this.tensors = tensors;
    }

    /**
     * Nothing observed.
     *
     * @return context without tensors
     */
    public static Context empty() {
        return EMPTY;
    }

    /**
     * An observation.
     *
     * @param x observations [B, ..]
     * @return context that holds it as {@link #DATA}
     */
    public static Context of(Tensor x) {
        return EMPTY.with(DATA, x);
    }

    /**
     * Adds or replaces a tensor.
     *
     * @param name its name
     * @param tensor the tensor
     * @return new context
     */
    public Context with(String name, Tensor tensor) {
        Map<String, Tensor> m = new LinkedHashMap<>(tensors);
        m.put(name, tensor);
        return new Context(Collections.unmodifiableMap(m));
    }

    /**
     * A tensor by name.
     *
     * @param name its name
     * @return the tensor
     * @throws PlanException if there is none
     */
    public Tensor get(String name) {
        Tensor t = tensors.get(name);
        if (t == null) {
            throw new PlanException(
                    "context.get(name=" + name + "): there are " + tensors.keySet() + "; add it with Context.with");
        }
        return t;
    }

    /**
     * The observation.
     *
     * @return tensor [B, ..]
     * @throws PlanException if there is none
     */
    public Tensor data() {
        return get(DATA);
    }

    /**
     * Names in the order they were added.
     *
     * @return unmodifiable set
     */
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public String toString() {
        return "Context" + tensors.values().stream().map(Tensor::describe).toList();
    }
}
