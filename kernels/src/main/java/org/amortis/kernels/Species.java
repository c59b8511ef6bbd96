package org.amortis.kernels;

import java.util.Locale;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shapes that every kernel uses, fixed when this class is initialised: kernel classes copy them into their own
 * {@code static final} fields, because a species that is no compile-time constant of the loop's class makes C2 box vectors.
 */
final class Species {
    /** Vector width in bits: property {@code amortis.vectorBits} (128, 256 or 512), otherwise what the platform prefers. */
    static final int BITS = bits();

    static final VectorSpecies<Float> F32 = FloatVector.SPECIES_PREFERRED.withShape(shape(BITS));
    static final VectorSpecies<Double> F64 = DoubleVector.SPECIES_PREFERRED.withShape(shape(BITS));
    static final VectorSpecies<Integer> I32 = IntVector.SPECIES_PREFERRED.withShape(shape(BITS));
    static final VectorSpecies<Long> I64 = LongVector.SPECIES_PREFERRED.withShape(shape(BITS));

    /** As many int lanes as {@link #F64} has double lanes: truth values of double comparisons. */
    static final VectorSpecies<Integer> I32_HALF = IntVector.SPECIES_PREFERRED.withShape(shape(BITS / 2));

    /**
     * Rows of the tallest matrix tile. 24 accumulators fit where there are 32 vector registers (AVX-512, NEON), 12 where
     * there are 16 (AVX2, SSE).
     */
    static final int TILE_ROWS = BITS == 512 || isArm() ? 12 : 6;

    private Species() {}

    private static int bits() {
        int forced = Integer.getInteger("amortis.vectorBits", 0);
        return switch (forced) {
            case 128, 256, 512 -> forced;
            case 0 -> Math.max(128, Math.min(512, FloatVector.SPECIES_PREFERRED.vectorBitSize()));
            default ->
                throw new IllegalArgumentException("amortis.vectorBits=" + forced + ": must be 0, 128, 256 or 512");
        };
    }

    /** Half the width: as many floats as there are double lanes. */
    static VectorShape half() {
        return shape(BITS / 2);
    }

    private static VectorShape shape(int bits) {
        return VectorShape.forBitSize(bits);
    }

    private static boolean isArm() {
        return System.getProperty("os.arch", "").toLowerCase(Locale.ROOT).startsWith("aarch64");
    }
}
