package org.amortis.nn;

import org.amortis.array.Shape;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;

/** A vector for each of so many symbols: a table [symbols, size] (path "table"). */
public final class Embedding implements Layer {
    private final String table;

    private Embedding(String table) {
        this.table = table;
    }

    /**
     * A table of standard normal numbers.
     *
     * @param at where its parameter goes
     * @param symbols number of symbols
     * @param size length of the vectors
     * @return the layer
     */
    public static Embedding of(ParamScope at, int symbols, int size) {
        return of(at, symbols, size, Initializer.normal(1));
    }

    /**
     * A table with a given initialiser.
     *
     * @param at where its parameter goes
     * @param symbols number of symbols
     * @param size length of the vectors
     * @param initializer first values
     * @return the layer
     */
    public static Embedding of(ParamScope at, int symbols, int size, Initializer initializer) {
        return new Embedding(at.declare("table", Shape.of(symbols, size), initializer));
    }

    /**
     * The vectors.
     *
     * @param p weights
     * @param symbols I32 [..], each in 0..symbols-1
     * @return [.., size]
     */
    @Override
    public Tensor apply(Weights p, Tensor symbols) {
        return p.get(table).gather(0, symbols);
    }

    @Override
    public String toString() {
        return "embedding " + table;
    }
}
