// Products with a chain behind them, for every card.
#include "chained.cuh"

KERNEL am_small_nn_chain(const Chained c) { small<Fp32, false, false, false>(c.p, Chain{c.add}); }
KERNEL am_small_nt_chain(const Chained c) { small<Fp32, false, true, false>(c.p, Chain{c.add}); }
KERNEL am_small_tn_chain(const Chained c) { small<Fp32, true, false, false>(c.p, Chain{c.add}); }
KERNEL am_small_tt_chain(const Chained c) { small<Fp32, true, true, false>(c.p, Chain{c.add}); }
KERNEL am_finish_chain(const Chained c) { finish(c.p, Chain{c.add}); }
