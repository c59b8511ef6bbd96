package org.amortis.cuda;

/** What is put on the stream, or into a graph. */
sealed interface Call permits Launch, Gemm {}
