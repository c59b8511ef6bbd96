// Products by tensor cores whose slices of K are blocks of a cluster: capability 9.0 and later.
#include "tensor.cuh"

#define CLUSTERED(NAME, MATH, SIZE, FORM, TA, TB)                                                                  \
    extern "C" __global__ void __cluster_dims__(1, 1, SIZE) am_##NAME##_cluster##SIZE##_##FORM(const Together g) { \
        together<MATH, TA, TB, true>(g);                                                                           \
    }
#define CLUSTERS(NAME, MATH, SIZE)                   \
    CLUSTERED(NAME, MATH, SIZE, nn, false, false)    \
    CLUSTERED(NAME, MATH, SIZE, nt, false, true)     \
    CLUSTERED(NAME, MATH, SIZE, tn, true, false)

CLUSTERS(tf32, Tf32, 2)
CLUSTERS(tf32, Tf32, 4)
CLUSTERS(tf32, Tf32, 8)
CLUSTERS(bf16, Bf16, 2)
CLUSTERS(bf16, Bf16, 4)
CLUSTERS(bf16, Bf16, 8)
