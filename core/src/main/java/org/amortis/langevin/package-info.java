/**
 * Langevin-diffusion variational inference: one path program in which ULA, MCD, UHA, DAIS, LDVI, CMCD, diffusion bridges,
 * DIS, DDS and PIS are choices of drift, control, momentum, schedule and integrator.
 */
@NullMarked
package org.amortis.langevin;

import org.jspecify.annotations.NullMarked;
