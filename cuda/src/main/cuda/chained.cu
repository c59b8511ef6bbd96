// Small products whose next elementwise operations are computed where the product is. The instruction AM_CHAIN, which no
// assembler knows, is replaced by the operations when a program is compiled: its operands are the value and its position.
#include "product.cuh"

struct Chained {
    Product p;
    int add;            // whether what is there is added first
    const void *x[24]; // memory of the chain, read by what stands in place of AM_CHAIN
};

struct Chain {
    int add;
    __device__ __forceinline__ void put(const Product &p, float *c, long long at, int j, float v) const {
        if (p.bias != nullptr) {
            v += ((const float *) p.bias)[j];
        }
        if (add) {
            v += c[at];
        }
        // somebody else may read the product too
        c[at] = v;
        // one block of registers: position within the whole result
        int whole = (int) (c + at - (float *) p.c);
        asm volatile("AM_CHAIN %0, %1;" ::"f"(v), "r"(whole) : "memory");
    }
};

KERNEL am_small_nn_chain(const Chained c) { small<false, false, false>(c.p, Chain{c.add}); }
KERNEL am_small_nt_chain(const Chained c) { small<false, true, false>(c.p, Chain{c.add}); }
KERNEL am_small_tn_chain(const Chained c) { small<true, false, false>(c.p, Chain{c.add}); }
KERNEL am_small_tt_chain(const Chained c) { small<true, true, false>(c.p, Chain{c.add}); }
KERNEL am_finish_chain(const Chained c) { finish(c.p, Chain{c.add}); }
