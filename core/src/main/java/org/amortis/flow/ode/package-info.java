/**
 * Initial value problems inside formulas: a right-hand side, a Runge-Kutta {@link org.amortis.flow.ode.Tableau}, a solver
 * that chooses the steps, and two gradients, through the steps taken or by the adjoint equation.
 */
@NullMarked
package org.amortis.flow.ode;

import org.jspecify.annotations.NullMarked;
