package org.amortis.flow;

/** What a spline does outside its interval [-bound, bound]. */
public enum Tails {
    /** The identity; the slope at both ends is 1, so that the density is continuous. */
    IDENTITY,
    /** Straight on with the slope at each end, which is learned: two more parameters. */
    LINEAR,
    /** The interval is a circle: one learned slope at both ends, and the map repeats outside. For angles. */
    PERIODIC
}
