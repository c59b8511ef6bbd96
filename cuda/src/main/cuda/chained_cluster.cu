// Products with a chain behind them whose slices of K are blocks of a cluster: capability 9.0 and later. The size of the
// cluster that stands here is replaced when a program is compiled.
#include "chained.cuh"

#define CLUSTERED extern "C" __global__ void __cluster_dims__(1, 1, 2)

CLUSTERED am_cluster_nn_chain(const Chained c) { small<Fp32, false, false, true>(c.p, Chain{c.add}); }
CLUSTERED am_cluster_nt_chain(const Chained c) { small<Fp32, false, true, true>(c.p, Chain{c.add}); }
CLUSTERED am_cluster_tn_chain(const Chained c) { small<Fp32, true, false, true>(c.p, Chain{c.add}); }
