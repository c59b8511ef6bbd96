package org.amortis.param;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.io.Safetensors;
import org.amortis.runtime.Device;
import org.amortis.runtime.Run;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;

/**
 * The numbers of a {@link ParamSpec}: its flat state in a {@link StateStore}. Programs opened on {@link #store} read and
 * write the same numbers. In files each parameter is an array under its path.
 *
 * <p>Not thread-safe against a running step that writes the parameters.
 */
public final class Params {
    private static final String FINGERPRINT = "fingerprint";

    private final ParamSpec spec;
    private final StateStore store;

    private Params(ParamSpec spec, StateStore store) {
        this.spec = spec;
        this.store = store;
    }

    /**
     * First values by the initialisers.
     *
     * @param spec parameters; closed by this
     * @param key key; each parameter folds its path into it
     * @return parameters in a store of their own
     */
    public static Params init(ParamSpec spec, Key key) {
        return ofFlat(spec, Run.eval(flatFirst(spec, key)));
    }

    /**
     * First values by the initialisers, computed on a device.
     *
     * @param spec parameters; closed by this
     * @param key key; each parameter folds its path into it
     * @param device where the initialisers run
     * @return parameters in a store of their own
     */
    public static Params init(ParamSpec spec, Key key, Device device) {
        return ofFlat(spec, Run.eval(device, List.of(flatFirst(spec, key))).get(0));
    }

    private static org.amortis.tensor.Tensor flatFirst(ParamSpec spec, Key key) {
        spec.flat();
        return spec.initialValue(key);
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
        StateStore store = new StateStore();
        store.set(spec.flat(), flat);
        return new Params(spec, store);
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
        return ofFlat(spec, flat);
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
     * The parameters that a store holds; shares them.
     *
     * @param spec parameters
     * @param store a store in which {@link ParamSpec#flat} has a value
     * @return a view of the store
     * @throws PlanException if it has none
     */
    public static Params in(ParamSpec spec, StateStore store) {
        if (!store.has(spec.flat())) {
            throw new PlanException("params(spec of " + spec.parameters().size()
                    + " parameters): the store has no value for them; use Params.init or Params.load");
        }
        return new Params(spec, store);
    }

    /**
     * Reads what {@link #save} wrote, or the parameters in a checkpoint.
     *
     * @param file safetensors file
     * @param spec the parameters it must hold, all of them and no others
     * @return parameters in a store of their own
     * @throws FormatException if the file is damaged or belongs to another model
     * @throws IOException if it cannot be read
     */
    public static Params load(Path file, ParamSpec spec) throws IOException {
        spec.flat();
        HostArray flat = HostArray.zeros(spec.dtype(), Shape.of(spec.size()));
        try (Safetensors in = Safetensors.open(file)) {
            check(in, String.valueOf(file), spec);
            for (Parameter p : spec.parameters()) {
                put(flat, p, in.tensor(p.path()));
            }
        }
        return ofFlat(spec, flat);
    }

    /** Names the first difference: a fingerprint alone tells nobody what to mend. */
    private static void check(Safetensors in, String file, ParamSpec spec) {
        List<String> wrong = new ArrayList<>();
        for (Parameter p : spec.parameters()) {
            if (!in.names().contains(p.path())) {
                wrong.add(p.path() + p.shape() + " is missing");
            } else {
                TensorType there = new TensorType(in.dtype(p.path()), in.shape(p.path()));
                TensorType here = new TensorType(spec.dtype(), p.shape());
                if (!there.equals(here)) {
                    wrong.add(p.path() + " is " + there + ", the model has " + here);
                }
            }
        }
        for (String name : in.names()) {
            // a colon is no part of a path: what other writers keep beside the parameters
            if (!spec.paths().contains(name) && name.indexOf(':') < 0) {
                wrong.add(name + in.shape(name) + " is unknown to the model");
            }
        }
        String there = in.metadata().getOrDefault(FINGERPRINT, "none");
        String here = fingerprint(spec);
        if (!wrong.isEmpty() || !(there.equals(here) || there.equals("none"))) {
            List<String> some = wrong.subList(0, Math.min(3, wrong.size()));
            throw new FormatException("load(" + file + "): parameters of another model: fingerprint " + there
                    + " in the file, " + here + " here" + (some.isEmpty() ? "" : "; " + String.join("; ", some))
                    + (wrong.size() > some.size() ? "; .. " + wrong.size() + " differences" : ""));
        }
    }

    /**
     * Writes one array per parameter, under its path, so that a kill at any moment leaves the old file or the new one.
     *
     * @param file safetensors file, created or replaced
     * @throws IOException if it cannot be written
     */
    public void save(Path file) throws IOException {
        Safetensors.write(file, toMap(), Map.of("format", "amortis-params", FINGERPRINT, fingerprint(spec)));
    }

    /**
     * Copies of all parameters.
     *
     * @return path to value, in the order of declaration
     */
    public Map<String, HostArray> toMap() {
        HostArray flat = flat();
        Map<String, HostArray> m = new LinkedHashMap<>();
        for (Parameter p : spec.parameters()) {
            m.put(p.path(), cut(flat, p));
        }
        return m;
    }

    /**
     * The fingerprint of a spec as files hold it.
     *
     * @param spec parameters
     * @return 16 hexadecimal digits
     */
    public static String fingerprint(ParamSpec spec) {
        return String.format(Locale.ROOT, "%016x", spec.fingerprint());
    }

    /**
     * A copy of one parameter.
     *
     * @param path full path
     * @return fresh array of its shape
     * @throws PlanException if the path is not declared
     */
    public HostArray get(String path) {
        return cut(flat(), spec.parameter(path));
    }

    /**
     * Replaces one parameter.
     *
     * @param path full path
     * @param value value of its type and shape, copied
     * @throws PlanException if the path is not declared
     * @throws ShapeException if the shape is another
     */
    public void set(String path, HostArray value) {
        HostArray flat = flat();
        put(flat, spec.parameter(path), value);
        set(flat);
    }

    /**
     * A copy of all parameters.
     *
     * @return fresh array [P]
     */
    public HostArray flat() {
        return store.get(spec.flat());
    }

    /**
     * Replaces all parameters.
     *
     * @param flat values [P], copied
     */
    public void set(HostArray flat) {
        store.set(spec.flat(), flat);
    }

    /**
     * The same numbers in a store of their own.
     *
     * @return a copy that shares nothing
     */
    public Params copy() {
        return ofFlat(spec, flat());
    }

    /**
     * Puts the parameters into a store.
     *
     * @param store states of a run
     */
    public void into(StateStore store) {
        store.set(spec.flat(), flat());
    }

    /**
     * The parameters as data of a formula: for programs that evaluate and never train.
     *
     * @return weights that no gradient step changes
     */
    public Weights frozen() {
        return spec.weights(Tensors.resident(flat()));
    }

    /**
     * Where the numbers live; programs opened on it share them.
     *
     * @return the store
     */
    public StateStore store() {
        return store;
    }

    /**
     * What declares the parameters.
     *
     * @return spec
     */
    public ParamSpec spec() {
        return spec;
    }

    private static HostArray cut(HostArray flat, Parameter p) {
        return flat.rows(p.offset(), p.end()).reshape(p.shape());
    }

    private static void put(HostArray flat, Parameter p, HostArray value) {
        if (!value.shape().equals(p.shape())) {
            throw new ShapeException(
                    "set(" + p.path() + "): the value has shape " + value.shape() + ", the parameter " + p.shape());
        }
        int n = p.shape().size();
        switch (flat.dtype()) {
            case F32 -> System.arraycopy(value.floats(), 0, flat.floats(), p.offset(), n);
            case F64 -> System.arraycopy(value.doubles(), 0, flat.doubles(), p.offset(), n);
            case I32, BOOL, KEY -> throw new IllegalStateException("parameters of " + flat.dtype());
        }
    }

    @Override
    public String toString() {
        return "values of " + spec;
    }
}
