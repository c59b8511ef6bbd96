// Small products whose next elementwise operations are computed where the product is. The comment AM_CHAIN is
// replaced by the operations when a program is compiled: it names the registers of the value and of its position.
#pragma once
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
        asm volatile("/* AM_CHAIN %0, %1; */" ::"f"(v), "r"(whole) : "memory");
    }
};
