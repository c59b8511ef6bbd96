package org.amortis.langevin;

import org.amortis.array.PlanException;
import org.jspecify.annotations.Nullable;

/**
 * The controls u of the forward and r of the backward kernel.
 *
 * @param arrangement how they are made of networks
 * @param first the only network, or that of u; null for none
 * @param second the network of r where there are two
 */
public record Controls(
        Arrangement arrangement,
        @Nullable Control first,
        @Nullable Control second) {
    /** How u and r are made of networks. */
    public enum Arrangement {
        /** u = r = 0. */
        NONE(0),
        /** u = 0, r = net. */
        BACKWARD(1),
        /** u = net, r = 0. */
        FORWARD(1),
        /** u = net, r = -net. */
        MIRRORED(1),
        /** u = first net, r = second net. */
        BOTH(2);

        private final int networks;

        Arrangement(int networks) {
            this.networks = networks;
        }

        /**
         * How many networks it takes.
         *
         * @return 0, 1 or 2
         */
        public int networks() {
            return networks;
        }
    }

    /** Checks that the networks fit the arrangement. */
    public Controls {
        int given = (first == null ? 0 : 1) + (second == null ? 0 : 1);
        if (given != arrangement.networks() || (first == null && second != null)) {
            throw new PlanException("controls(arrangement=" + arrangement + "): takes " + arrangement.networks()
                    + " networks, there are " + given);
        }
    }

    /**
     * The networks, in order.
     *
     * @return none, one or two
     */
    public java.util.List<Control> networks() {
        return java.util.stream.Stream.of(first, second)
                .filter(java.util.Objects::nonNull)
                .map(java.util.Objects::requireNonNull)
                .toList();
    }

    /**
     * None.
     *
     * @return u = r = 0
     */
    public static Controls none() {
        return new Controls(Arrangement.NONE, null, null);
    }
}
