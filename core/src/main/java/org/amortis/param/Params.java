package org.amortis.param;

import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.runtime.Run;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensors;

/** Numbers for the parameters of a spec, on the host: what is drawn at the start, saved, loaded and served. Immutable. */
public final class Params {
    private final ParamSpec spec;
    private final HostArray flat;

    private Params(ParamSpec spec, HostArray flat) {
        this.spec = spec;
        this.flat = flat;
    }

    /**
     * First values by the initialisers of the spec.
     *
     * @param spec spec
     * @param key key
     * @return parameters
     */
    public static Params init(ParamSpec spec, Key key) {
        return new Params(spec, Run.eval(spec.initialValue(key)));
    }

    /**
     * Parameters from the flat range.
     *
     * @param spec spec
     * @param flat [P] in the element type of the spec, copied
     * @return parameters
     * @throws ShapeException if it is not of the length and type of the spec
     */
    public static Params ofFlat(ParamSpec spec, HostArray flat) {
        if (flat.dtype() != spec.dtype() || !flat.shape().equals(Shape.of(spec.size()))) {
            throw new ShapeException("params(flat=" + flat.dtype() + flat.shape() + "): the spec is " + spec.dtype()
                    + Shape.of(spec.size()));
        }
        return new Params(spec, flat.copy());
    }

    /**
     * Parameters from arrays by path, such as a file of another program holds.
     *
     * @param spec spec
     * @param arrays an array for each path of the spec, of its shape and either float type; others are an error
     * @return parameters
     * @throws PlanException if a path is missing or not of the spec
     * @throws ShapeException if a shape differs
     */
    public static Params ofMap(ParamSpec spec, Map<String, HostArray> arrays) {
        for (String path : arrays.keySet()) {
            if (!spec.paths().contains(path)) {
                throw new PlanException("params(path=" + path + "): not declared; there are "
                        + ParamSpec.abbreviated(new java.util.LinkedHashSet<>(spec.paths())));
            }
        }
        HostArray flat = HostArray.zeros(spec.dtype(), Shape.of(spec.size()));
        for (Parameter p : spec.parameters()) {
            HostArray a = arrays.get(p.path());
            if (a == null) {
                throw new PlanException("params(path=" + p.path() + "): missing among " + arrays.size() + " arrays");
            }
            if (!a.shape().equals(p.shape()) || !a.dtype().isFloat()) {
                throw new ShapeException("params(" + p.path() + "=" + a.dtype() + a.shape() + "): declared as "
                        + spec.dtype() + p.shape());
            }
            if (spec.dtype() == DType.F32) {
                System.arraycopy(
                        a.toFloats(), 0, flat.floats(), p.offset(), p.shape().size());
            } else {
                System.arraycopy(
                        a.toDoubles(), 0, flat.doubles(), p.offset(), p.shape().size());
            }
        }
        return new Params(spec, flat);
    }

    /**
     * The parameters that a store holds.
     *
     * @param spec spec
     * @param store states of a run
     * @return parameters, copied
     */
    public static Params of(ParamSpec spec, StateStore store) {
        return ofFlat(spec, store.get(spec.flat()));
    }

    /**
     * Puts the parameters into a store.
     *
     * @param store states of a run
     */
    public void into(StateStore store) {
        store.set(spec.flat(), flat.copy());
    }

    /**
     * Declaration of the parameters.
     *
     * @return spec
     */
    public ParamSpec spec() {
        return spec;
    }

    /**
     * The flat range.
     *
     * @return a copy [P]
     */
    public HostArray flat() {
        return flat.copy();
    }

    /**
     * One parameter.
     *
     * @param path full path
     * @return a copy in its shape
     * @throws PlanException if the path is not declared
     */
    public HostArray get(String path) {
        Parameter p = spec.parameter(path);
        HostArray a = HostArray.zeros(spec.dtype(), p.shape());
        if (spec.dtype() == DType.F32) {
            System.arraycopy(flat.floats(), p.offset(), a.floats(), 0, p.shape().size());
        } else {
            System.arraycopy(
                    flat.doubles(), p.offset(), a.doubles(), 0, p.shape().size());
        }
        return a;
    }

    /**
     * All parameters by path, for files.
     *
     * @return path to a copy, in the order of declaration
     */
    public Map<String, HostArray> toMap() {
        Map<String, HostArray> m = new LinkedHashMap<>();
        for (String path : spec.paths()) {
            m.put(path, get(path));
        }
        return m;
    }

    /**
     * The parameters as data of a formula: for programs that evaluate and never train.
     *
     * @return weights that no gradient step changes
     */
    public Weights frozen() {
        return spec.weights(Tensors.resident(flat));
    }

    @Override
    public String toString() {
        return "values of " + spec;
    }
}
