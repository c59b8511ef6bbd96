package org.amortis.param;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;

/**
 * What an objective reads its parameters from: paths to tensors. Immutable; every change is a new object that shares the
 * rest. A parameter may be replaced by one with leading batch axes (a weight per task), which the layers accept.
 */
public final class Weights {
    private final ParamSpec spec;
    private final Tensor flat;
    private final Map<String, Tensor> tensors;

    private Weights(ParamSpec spec, Tensor flat, Map<String, Tensor> tensors) {
        this.spec = spec;
        this.flat = flat;
        this.tensors = tensors;
    }

    static Weights of(ParamSpec spec, Tensor flat) {
        TensorType type = spec.flat().type();
        if (!flat.type().equals(type)) {
            throw new ShapeException("weights(flat=" + flat.describe() + "): the spec is " + type);
        }
        Map<String, Tensor> views = new LinkedHashMap<>();
        for (Parameter p : spec.parameters()) {
            views.put(
                    p.path(),
                    flat.slice(0, p.offset(), p.end()).reshape(p.shape()).named(p.path()));
        }
        return new Weights(spec, flat, views);
    }

    /**
     * A parameter.
     *
     * @param path full path
     * @return tensor of the declared shape, unless replaced by one with leading axes
     * @throws PlanException if the path is not declared
     */
    public Tensor get(String path) {
        Tensor t = tensors.get(path);
        if (t == null) {
            throw new PlanException("weights.get(path=" + path + "): not declared; there are "
                    + ParamSpec.abbreviated(tensors.keySet()));
        }
        return t;
    }

    /**
     * The flat tensor that the parameters are views of; what gradients are taken with respect to. Replaced parameters
     * are not in it.
     *
     * @return tensor [P]
     */
    public Tensor flat() {
        return flat;
    }

    /**
     * What declares the parameters.
     *
     * @return spec
     */
    public ParamSpec spec() {
        return spec;
    }

    /**
     * The element type of all parameters.
     *
     * @return F32 or F64
     */
    public DType dtype() {
        return spec.dtype();
    }

    /**
     * The same values, with no gradient into the parameters under a path.
     *
     * @param prefix path; empty for all
     * @return new weights
     * @throws PlanException if nothing is under the path
     */
    public Weights stopGradient(String prefix) {
        Map<String, Tensor> m = new LinkedHashMap<>(tensors);
        for (Parameter p : declared(prefix)) {
            m.put(p.path(), get(p.path()).stopGradient());
        }
        return new Weights(spec, flat, m);
    }

    /**
     * Replaces parameters under a path.
     *
     * @param prefix path; empty for the root
     * @param replacements path below the prefix to tensor, of the declared shape or with leading axes before it
     * @return new weights
     * @throws PlanException if a path is not declared
     * @throws ShapeException if a tensor does not end with the declared shape
     */
    public Weights with(String prefix, Map<String, Tensor> replacements) {
        Map<String, Tensor> m = new LinkedHashMap<>(tensors);
        replacements.forEach((name, t) -> {
            String path = prefix.isEmpty() || name.isEmpty() ? prefix + name : prefix + "/" + name;
            Shape declared = spec.parameter(path).shape();
            Shape s = t.shape();
            if (t.dtype() != spec.dtype()
                    || s.rank() < declared.rank()
                    || !s.slice(s.rank() - declared.rank(), s.rank()).equals(declared)) {
                throw new ShapeException("weights.with(" + path + "=" + t.describe() + "): declared as "
                        + new TensorType(spec.dtype(), declared) + "; only leading axes may be added");
            }
            m.put(path, t);
        });
        return new Weights(spec, flat, m);
    }

    /**
     * All parameters read from another flat tensor.
     *
     * @param values tensor [P]
     * @return new weights
     */
    public Weights with(Tensor values) {
        return of(spec, values);
    }

    /**
     * The parameters under a path, read from another flat tensor; the rest stays.
     *
     * @param prefix path; empty for all
     * @param values tensor [P]
     * @return new weights
     */
    public Weights with(String prefix, Tensor values) {
        Weights other = of(spec, values);
        Map<String, Tensor> m = new LinkedHashMap<>(tensors);
        for (Parameter p : declared(prefix)) {
            m.put(p.path(), Objects.requireNonNull(other.tensors.get(p.path())));
        }
        return new Weights(spec, flat, m);
    }

    /**
     * The parameters under a path, named as {@link #with(String, Map)} takes them: what fast weights start from.
     *
     * @param prefix path; empty for all
     * @return path below the prefix to tensor, in the order of declaration
     */
    public Map<String, Tensor> under(String prefix) {
        Map<String, Tensor> m = new LinkedHashMap<>();
        for (Parameter p : declared(prefix)) {
            String path = p.path();
            String name = prefix.isEmpty() ? path : path.equals(prefix) ? "" : path.substring(prefix.length() + 1);
            m.put(name, get(path));
        }
        return m;
    }

    private List<Parameter> declared(String prefix) {
        List<Parameter> found =
                spec.parameters().stream().filter(p -> p.under(prefix)).toList();
        if (found.isEmpty() && !prefix.isEmpty()) {
            throw new PlanException("weights(prefix=" + prefix + "): nothing is declared under it; there are "
                    + ParamSpec.abbreviated(tensors.keySet()));
        }
        return found;
    }

    @Override
    public String toString() {
        return "weights " + tensors.keySet();
    }
}
