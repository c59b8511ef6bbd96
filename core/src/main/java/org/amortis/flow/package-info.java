/**
 * Normalizing flows: bijections with learned weights and optional context, discrete and continuous, and the distributions
 * they make. A {@link org.amortis.flow.Flow} is declared once in a ParamSpec; given weights it is a
 * {@link org.amortis.dist.Bijection} like any other.
 */
@NullMarked
package org.amortis.flow;

import org.jspecify.annotations.NullMarked;
