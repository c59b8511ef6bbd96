package org.amortis.bench.sample;

import org.amortis.langevin.Method;

/**
 * A target, a method, a number of kernels.
 *
 * @param target name of the target
 * @param method method; without kernels it is plain variational inference
 * @param k number of kernels
 */
record Cell(String target, Method method, int k) {
    String name() {
        return target + "." + methodName() + "." + k;
    }

    String methodName() {
        return k == 0 ? "vi" : SampleSettings.word(method);
    }
}
