/**
 * Pure scalar mathematics: special functions, random numbers by counter, gamma variates and their derivatives. Static
 * functions of doubles and ints that allocate nothing and depend on nothing else in the project; they are the truth
 * that the kernels of every backend are compared with.
 */
@NullMarked
package org.amortis.math;

import org.jspecify.annotations.NullMarked;
