package org.amortis.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.amortis.array.DType;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.io.Safetensors;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.tensor.State;
import org.amortis.tensor.TensorType;

/**
 * A checkpoint as a file: parameters under their paths, so that {@link Params#load} reads it too; other states as
 * "state:NAME"; what listeners keep as "listener:NAME".
 */
final class CheckpointFile {
    private static final String VERSION = "1";
    private static final String STATE = "state:";
    private static final String LISTENER = "listener:";

    private CheckpointFile() {}

    static void write(Path file, Params params, List<State> states, int step, Map<String, HostArray> extra)
            throws IOException {
        ParamSpec spec = params.spec();
        Map<String, HostArray> arrays = new LinkedHashMap<>(params.toMap());
        for (State s : states) {
            if (s != spec.flat()) {
                arrays.put(STATE + s.name(), stored(params.store().get(s)));
            }
        }
        extra.forEach((name, value) -> arrays.put(LISTENER + name, value));
        Map<String, String> about = new LinkedHashMap<>();
        about.put("format", "amortis-checkpoint");
        about.put("version", VERSION);
        about.put("fingerprint", Params.fingerprint(spec));
        about.put("dtype", spec.dtype().name());
        about.put("step", Integer.toString(step));
        Safetensors.write(file, arrays, about);
    }

    /** Files have no key type: a key is its words. */
    static HostArray stored(HostArray a) {
        return a.dtype() == DType.KEY ? HostArray.wrap(a.ints(), a.shape().concat(Shape.of(2))) : a;
    }

    static TensorType stored(TensorType t) {
        return t.dtype() == DType.KEY ? new TensorType(DType.I32, t.shape().concat(Shape.of(2))) : t;
    }

    /** Reads the states, and returns what listeners had kept. Nothing is changed if the file does not fit. */
    static Map<String, HostArray> read(Path file, ParamSpec spec, List<State> states, Map<State, HostArray> to)
            throws IOException {
        Params params = Params.load(file, spec);
        Map<String, HostArray> extra = new LinkedHashMap<>();
        try (Safetensors in = Safetensors.open(file)) {
            String version = in.metadata().getOrDefault("version", "none");
            if (!version.equals(VERSION)) {
                throw new FormatException(
                        "resume(" + file + "): checkpoint version " + version + ", this library reads " + VERSION);
            }
            TreeSet<String> there = new TreeSet<>();
            in.names().stream().filter(n -> n.startsWith(STATE)).forEach(there::add);
            TreeSet<String> here = new TreeSet<>();
            for (State s : states) {
                if (s != spec.flat()) {
                    here.add(STATE + s.name());
                }
            }
            if (!there.equals(here)) {
                throw new FormatException("resume(" + file + "): another optimizer or objective: states " + there
                        + " in the file, " + here + " here");
            }
            for (State s : states) {
                to.put(s, s == spec.flat() ? params.flat() : read(in, file, s));
            }
            for (String name : in.names()) {
                if (name.startsWith(LISTENER)) {
                    extra.put(name.substring(LISTENER.length()), in.tensor(name));
                }
            }
        }
        return extra;
    }

    private static HostArray read(Safetensors in, Path file, State s) throws IOException {
        String name = STATE + s.name();
        TensorType found = new TensorType(in.dtype(name), in.shape(name));
        TensorType wanted = stored(s.type());
        if (!found.equals(wanted)) {
            throw new FormatException("resume(" + file + "): " + name + " is " + found + ", here it is " + wanted);
        }
        return loaded(in.tensor(name), s.type());
    }

    static HostArray loaded(HostArray a, TensorType type) {
        return type.dtype() == DType.KEY ? HostArray.wrap(DType.KEY, a.ints(), type.shape()) : a;
    }
}
