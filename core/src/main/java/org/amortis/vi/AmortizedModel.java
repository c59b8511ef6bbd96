package org.amortis.vi;

/** A generative model with the approximate posterior that is trained with it. */
public interface AmortizedModel extends LatentModel {
    /**
     * The approximate posterior.
     *
     * @return encoder
     */
    TractableVariational posterior();
}
