/**
 * Layers: they declare parameters in a {@link org.amortis.param.ParamScope} once and are pure functions of
 * {@link org.amortis.param.Weights} and tensors after that. Leading axes are batch axes.
 */
@NullMarked
package org.amortis.nn;

import org.jspecify.annotations.NullMarked;
