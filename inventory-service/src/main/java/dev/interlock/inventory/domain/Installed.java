package dev.interlock.inventory.domain;

import java.util.Set;

/**
 * A managed product on a host.
 *
 * @param version as the host reports it; {@link #UNKNOWN} where only a service shows that the product is there
 * @param variant how it is installed; empty if there is only one way
 */
public record Installed(Product product, String version, String variant) {

    public static final String UNKNOWN = "unknown";

    /** The parts of the product that are there: {@code server+load-balancer} is two. */
    public Set<String> parts() {
        return Set.of(variant.split("\\+"));
    }
}
