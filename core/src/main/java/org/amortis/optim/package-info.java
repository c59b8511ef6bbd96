/**
 * Optimizers as chains of transforms on the flat range of parameters, and schedules as formulas of the step. Everything
 * here is a formula: a step is compiled with the model and can be differentiated through.
 */
@NullMarked
package org.amortis.optim;

import org.jspecify.annotations.NullMarked;
