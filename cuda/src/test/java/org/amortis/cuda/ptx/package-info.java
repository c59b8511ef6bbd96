/**
 * A machine for PTX text in plain Java: what the backend ships and generates is run without a GPU, with every access to
 * memory checked and every unsynchronised access to shared memory found. No model of time.
 */
@NullMarked
package org.amortis.cuda.ptx;

import org.jspecify.annotations.NullMarked;
