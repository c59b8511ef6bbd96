// Products by tensor cores with a chain behind them: capability 8.0 and later.
#include "chained.cuh"
#include "tensor.cuh"

KERNEL am_tf32_small_nn_chain(const Chained c) { small<Tf32, false, false, false>(c.p, Chain{c.add}); }
KERNEL am_tf32_small_nt_chain(const Chained c) { small<Tf32, false, true, false>(c.p, Chain{c.add}); }
KERNEL am_tf32_small_tn_chain(const Chained c) { small<Tf32, true, false, false>(c.p, Chain{c.add}); }
KERNEL am_tf32_small_tt_chain(const Chained c) { small<Tf32, true, true, false>(c.p, Chain{c.add}); }
KERNEL am_bf16_small_nn_chain(const Chained c) { small<Bf16, false, false, false>(c.p, Chain{c.add}); }
KERNEL am_bf16_small_nt_chain(const Chained c) { small<Bf16, false, true, false>(c.p, Chain{c.add}); }
KERNEL am_bf16_small_tn_chain(const Chained c) { small<Bf16, true, false, false>(c.p, Chain{c.add}); }
KERNEL am_bf16_small_tt_chain(const Chained c) { small<Bf16, true, true, false>(c.p, Chain{c.add}); }
