package org.amortis.vi;

/** Two ways to begin with less regularisation. They are not the same; results name the one they used. */
public enum WarmUp {
    /** The factor multiplies KL(q || prior). */
    KL,
    /** The factor multiplies log q only, the entropy of q; the prior counts in full. */
    ENTROPY
}
