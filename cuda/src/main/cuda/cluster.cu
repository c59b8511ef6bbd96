// Products whose slices of K are blocks of a cluster: capability 9.0 and later.
#include "product.cuh"

#define CLUSTERED(SIZE)                                                                                                  \
    extern "C" __global__ void __cluster_dims__(1, 1, SIZE) am_cluster##SIZE##_nn(const Together g) { together<Fp32, false, false, true>(g); } \
    extern "C" __global__ void __cluster_dims__(1, 1, SIZE) am_cluster##SIZE##_nt(const Together g) { together<Fp32, false, true, true>(g); }  \
    extern "C" __global__ void __cluster_dims__(1, 1, SIZE) am_cluster##SIZE##_tn(const Together g) { together<Fp32, true, false, true>(g); }

CLUSTERED(2)
CLUSTERED(4)
CLUSTERED(8)
