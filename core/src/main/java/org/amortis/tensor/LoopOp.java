package org.amortis.tensor;

/** Loops whose body is a formula. */
public sealed interface LoopOp extends Op permits ScanOp {}
