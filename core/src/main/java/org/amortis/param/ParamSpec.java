package org.amortis.param;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.math.Fnv1a;
import org.amortis.tensor.Key;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a model: layers declare them by path, then they live in one flat state [P] of one float type.
 *
 * <p>Each parameter starts at a multiple of {@value #ALIGNMENT} elements, so that vector kernels begin on a cache line.
 * The few elements between parameters are zero, have zero gradient and stay zero under every optimizer here; they add
 * nothing to norms. P counts them, {@link #count} does not. The first use of {@link #flat} closes the spec.
 *
 * <p>Declaring is not thread-safe; a closed spec is immutable.
 */
public final class ParamSpec {
    /** Parameters begin at multiples of this many elements. */
    public static final int ALIGNMENT = 16;

    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_.\\-]+(/[A-Za-z0-9_.\\-]+)*");

    private final DType dtype;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private int next;
    private @Nullable State flat;

    /**
     * An empty spec.
     *
     * @param dtype F32 or F64
     * @throws DTypeException if it is no float type
     */
    public ParamSpec(DType dtype) {
        if (!dtype.isFloat()) {
            throw new DTypeException("ParamSpec(dtype=" + dtype + "): parameters are F32 or F64");
        }
        this.dtype = dtype;
    }

    /**
     * The element type of all parameters.
     *
     * @return F32 or F64
     */
    public DType dtype() {
        return dtype;
    }

    /**
     * A place to declare parameters at.
     *
     * @param path its path; empty for the root
     * @return the place
     */
    public ParamScope at(String path) {
        return new ParamScope(this, path);
    }

    String declare(String path, Shape shape, Initializer initializer, Fans fans, Set<String> tags) {
        if (!PATH.matcher(path).matches()) {
            throw new PlanException("declare(path=" + path + "): segments are letters, digits, '_', '.', '-', joined"
                    + " by single '/'");
        }
        if (flat != null) {
            throw new PlanException("declare(path=" + path + ", shape=" + shape + "): the spec is in use with "
                    + parameters.size() + " parameters; declare all layers before the first objective");
        }
        for (Parameter p : parameters.values()) {
            if (p.under(path) || path.startsWith(p.path() + "/")) {
                throw new PlanException("declare(path=" + path + ", shape=" + shape + "): collides with " + p
                        + "; give each layer its own place with at(name)");
            }
        }
        long end = (long) next + shape.size();
        long aligned = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        if (aligned > Integer.MAX_VALUE - ALIGNMENT) {
            throw new PlanException("declare(path=" + path + ", shape=" + shape + "): " + aligned
                    + " elements do not fit one flat range of 2^31");
        }
        parameters.put(path, new Parameter(path, shape, next, initializer, fans, tags));
        next = (int) aligned;
        return path;
    }

    /**
     * The state that holds all parameters. The first call closes the spec.
     *
     * @return state [P]
     */
    public State flat() {
        if (flat == null) {
            flat = new State("params", new TensorType(dtype, Shape.of(next)));
        }
        return flat;
    }

    /**
     * Length of the flat range, with the zeros between parameters.
     *
     * @return P
     */
    public int size() {
        return next;
    }

    /**
     * Number of elements in all parameters, without the zeros between them.
     *
     * @return count
     */
    public int count() {
        return parameters.values().stream().mapToInt(p -> p.shape().size()).sum();
    }

    /**
     * The parameters in the order they were declared in.
     *
     * @return unmodifiable list
     */
    public List<Parameter> parameters() {
        return List.copyOf(parameters.values());
    }

    /**
     * The paths in the order they were declared in.
     *
     * @return unmodifiable list
     */
    public List<String> paths() {
        return List.copyOf(parameters.keySet());
    }

    /**
     * A parameter by path.
     *
     * @param path full path
     * @return the parameter
     * @throws PlanException if there is none
     */
    public Parameter parameter(String path) {
        Parameter p = parameters.get(path);
        if (p == null) {
            throw new PlanException(
                    "parameter(path=" + path + "): not declared; there are " + abbreviated(parameters.keySet()));
        }
        return p;
    }

    /**
     * The parameters as they are before the step.
     *
     * @return views of {@link #flat}
     */
    public Weights weights() {
        return weights(flat().value());
    }

    /**
     * Parameters read from another flat tensor, such as an average.
     *
     * @param values tensor [P]
     * @return views of it
     */
    public Weights weights(Tensor values) {
        return Weights.of(this, values);
    }

    /**
     * The first values: each parameter by its initialiser with a key folded from its path, so that adding a layer does not
     * change the others; zeros between.
     *
     * @param key key
     * @return tensor [P]
     */
    public Tensor initialValue(Key key) {
        List<Tensor> parts = new ArrayList<>();
        int at = 0;
        for (Parameter p : parameters.values()) {
            if (p.shape().size() == 0) {
                continue;
            }
            pad(parts, p.offset() - at);
            Tensor v = p.initializer().value(key.fold(p.path()), dtype, p.shape(), p.fans());
            if (!v.type().equals(new TensorType(dtype, p.shape()))) {
                throw new PlanException(
                        "initializer of " + p + ": gave " + v.type() + ", not " + new TensorType(dtype, p.shape()));
            }
            parts.add(v.reshape(p.shape().size()));
            at = p.end();
        }
        pad(parts, next - at);
        return parts.isEmpty() ? Tensors.zeros(dtype, Shape.of(0)) : Tensors.concat(0, parts.toArray(Tensor[]::new));
    }

    private void pad(List<Tensor> parts, int n) {
        if (n > 0) {
            parts.add(Tensors.zeros(dtype, Shape.of(n)));
        }
    }

    /**
     * One where a parameter has a tag, zero elsewhere.
     *
     * @param tag tag
     * @return fresh array [P]
     */
    public HostArray mask(String tag) {
        return mask(p -> p.tags().contains(tag));
    }

    /**
     * One where a parameter is chosen, zero elsewhere and between parameters.
     *
     * @param chosen which parameters
     * @return fresh array [P]
     */
    public HostArray mask(java.util.function.Predicate<Parameter> chosen) {
        HostArray m = HostArray.zeros(dtype, Shape.of(next));
        for (Parameter p : parameters.values()) {
            if (chosen.test(p)) {
                if (dtype == DType.F32) {
                    java.util.Arrays.fill(m.floats(), p.offset(), p.end(), 1f);
                } else {
                    java.util.Arrays.fill(m.doubles(), p.offset(), p.end(), 1d);
                }
            }
        }
        return m;
    }

    /**
     * A hash of element type, paths and shapes: what a checkpoint must agree with. The same in every version of the
     * library.
     *
     * @return 64 bits
     */
    public long fingerprint() {
        StringBuilder b = new StringBuilder("amortis-params-1|").append(dtype);
        for (Parameter p : parameters.values()) {
            b.append('|').append(p.path()).append(p.shape());
        }
        return Fnv1a.hash64(b.toString());
    }

    static String abbreviated(Set<String> paths) {
        List<String> some = paths.stream().limit(12).toList();
        return String.join(", ", some) + (paths.size() > 12 ? ", .. (" + paths.size() + ")" : "");
    }

    /** A table of the parameters. */
    @Override
    public String toString() {
        StringBuilder b = new StringBuilder(String.format(
                Locale.ROOT,
                "%d parameters, %,d elements of %s, flat [%d], fingerprint %016x",
                parameters.size(),
                count(),
                dtype,
                next,
                fingerprint()));
        int w = parameters.keySet().stream().mapToInt(String::length).max().orElse(0);
        for (Parameter p : parameters.values()) {
            b.append(String.format(Locale.ROOT, "%n%10d  %-" + w + "s  ", p.offset(), p.path()))
                    .append(p.shape());
            for (String tag : new java.util.TreeSet<>(p.tags())) {
                b.append(' ').append(tag);
            }
        }
        return b.toString();
    }
}
