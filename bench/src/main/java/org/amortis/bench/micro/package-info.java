/** One operation at a time, under JMH: every family of kernels, with awkward sizes. */
@NullMarked
package org.amortis.bench.micro;

import org.jspecify.annotations.NullMarked;
