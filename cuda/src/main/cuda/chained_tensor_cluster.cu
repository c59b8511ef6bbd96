// Products by tensor cores with a chain behind them whose slices of K are blocks of a cluster: capability 9.0 and later. The
// size of the cluster that stands here is replaced when a program is compiled.
#include "chained.cuh"
#include "tensor.cuh"

#define CLUSTERED extern "C" __global__ void __cluster_dims__(1, 1, 2)

CLUSTERED am_tf32_cluster_nn_chain(const Chained c) { small<Tf32, false, false, true>(c.p, Chain{c.add}); }
CLUSTERED am_tf32_cluster_nt_chain(const Chained c) { small<Tf32, false, true, true>(c.p, Chain{c.add}); }
CLUSTERED am_tf32_cluster_tn_chain(const Chained c) { small<Tf32, true, false, true>(c.p, Chain{c.add}); }
CLUSTERED am_bf16_cluster_nn_chain(const Chained c) { small<Bf16, false, false, true>(c.p, Chain{c.add}); }
CLUSTERED am_bf16_cluster_nt_chain(const Chained c) { small<Bf16, false, true, true>(c.p, Chain{c.add}); }
CLUSTERED am_bf16_cluster_tn_chain(const Chained c) { small<Bf16, true, false, true>(c.p, Chain{c.add}); }
