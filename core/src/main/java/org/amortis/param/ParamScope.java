package org.amortis.param;

import java.util.Set;
import org.amortis.array.DType;
import org.amortis.array.Shape;

/** A place in a {@link ParamSpec} where a layer declares its parameters. */
public final class ParamScope {
    private final ParamSpec spec;
    private final String prefix;

    ParamScope(ParamSpec spec, String prefix) {
        this.spec = spec;
        this.prefix = prefix;
    }

    /**
     * A place below this one.
     *
     * @param name one or more path segments
     * @return the place
     */
    public ParamScope at(String name) {
        return new ParamScope(spec, join(name));
    }

    /**
     * A numbered place below this one.
     *
     * @param number last path segment
     * @return the place
     */
    public ParamScope at(int number) {
        return at(Integer.toString(number));
    }

    /**
     * Declares a parameter with fans taken from its shape.
     *
     * @param name path below this place
     * @param shape shape
     * @param initializer first value
     * @param tags what optimizers may select it by
     * @return its full path, for {@link Weights#get}
     * @throws org.amortis.array.PlanException if the path is taken or the spec is in use already
     */
    public String declare(String name, Shape shape, Initializer initializer, String... tags) {
        return declare(name, shape, initializer, Fans.of(shape), tags);
    }

    /**
     * Declares a parameter.
     *
     * @param name path below this place
     * @param shape shape
     * @param initializer first value
     * @param fans what the initialiser scales by
     * @param tags what optimizers may select it by
     * @return its full path, for {@link Weights#get}
     * @throws org.amortis.array.PlanException if the path is taken or the spec is in use already
     */
    public String declare(String name, Shape shape, Initializer initializer, Fans fans, String... tags) {
        return spec.declare(join(name), shape, initializer, fans, Set.of(tags));
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
     * Path of this place.
     *
     * @return path, empty at the root
     */
    public String path() {
        return prefix;
    }

    private String join(String name) {
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    @Override
    public String toString() {
        return "parameters at " + (prefix.isEmpty() ? "the root" : prefix);
    }
}
