package org.amortis.array;

/**
 * How exactly the factors of matrix products of floats are read. Sums are float32 in each. It is asked for once for a
 * device, and allows products to be so computed, small ones too; it demands nothing: where there is no such hardware (GPUs
 * below capability 8.0), and on the processor always, products are FP32. Factors are rounded to nearest when they are
 * multiplied; what is stored stays float32, and products of doubles stay doubles.
 */
public enum Precision {
    /** All 24 bits of a float. */
    FP32,

    /** 11 bits and the whole range of exponents: relative errors of 3e-4 in a product (NVIDIA, capability 8.0 and later). */
    TF32,

    /** 8 bits and the whole range of exponents: relative errors of 4e-3 in a product (NVIDIA, 8.0 and later). */
    BF16
}
