// Products by tensor cores as they stand; those with a chain behind them are in chained_tensor.cu.
#include "tensor.cuh"

#define SMALL_TF32(TA, TB, P, E) small<Tf32, TA, TB, false>(P, E)
#define SMALL_BF16(TA, TB, P, E) small<Bf16, TA, TB, false>(P, E)
#define LARGE_TF32(TA, TB, P, E) broad<Tf32Step, TA, TB>(P, E)
#define LARGE_BF16(TA, TB, P, E) broad<Bf16Step, TA, TB>(P, E)
FORMS(tf32_small, SMALL_TF32)
FORMS(bf16_small, SMALL_BF16)
FORMS(tf32_large, LARGE_TF32)
FORMS(bf16_large, LARGE_BF16)

KERNEL am_tf32_together_nn(const Together g) { together<Tf32, false, false, false>(g); }
KERNEL am_tf32_together_nt(const Together g) { together<Tf32, false, true, false>(g); }
KERNEL am_tf32_together_tn(const Together g) { together<Tf32, true, false, false>(g); }
KERNEL am_bf16_together_nn(const Together g) { together<Bf16, false, false, false>(g); }
KERNEL am_bf16_together_nt(const Together g) { together<Bf16, false, true, false>(g); }
KERNEL am_bf16_together_tn(const Together g) { together<Bf16, true, false, false>(g); }
