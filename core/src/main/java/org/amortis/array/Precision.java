package org.amortis.array;

/**
 * How exactly the factors of matrix products of floats are read. Sums are float32 in each. It is asked for once for a
 * device, and allows large products to be so computed; it demands nothing: where there is no such hardware, and on the
 * processor always, products are FP32.
 */
public enum Precision {
    /** All 24 bits of a float. */
    FP32,

    /** 11 bits and the whole range of exponents: relative errors of 3e-4 in a product (NVIDIA, capability 8.0 and later). */
    TF32,

    /** 8 bits and the whole range of exponents: relative errors of 4e-3 in a product. */
    BF16
}
