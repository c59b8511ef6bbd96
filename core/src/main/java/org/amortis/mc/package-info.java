/** Monte Carlo: Hamiltonian transitions and annealing, many chains in lanes, as formulas. */
@NullMarked
package org.amortis.mc;

import org.jspecify.annotations.NullMarked;
