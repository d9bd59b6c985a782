package dev.interlock.inventory.domain;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The products that Interlock knows. */
public enum Product {
    KEEPER("keeper-connection-manager"),
    PCOIP_CONNECTION_MANAGER("pcoip-connection-manager"),
    PCOIP_LICENSE_SERVER("pcoip-license-server"),
    IGEL_UMS("igel-ums"),
    PARALLELS("parallels-secure-workspace");

    private final String slug;

    Product(String slug) {
        this.slug = slug;
    }

    /** Whether the servers of one installation must have the same time (G5). */
    public boolean clocksMustAgree() {
        return this == IGEL_UMS;
    }

    /** Whether the product keeps a list of its servers, which can be compared with what exists (G2). */
    public boolean registersServers() {
        return this == IGEL_UMS;
    }

    /** The name in every API, event and file. */
    public String slug() {
        return slug;
    }

    public static Optional<Product> of(String slug) {
        return Arrays.stream(values())
                .filter(product -> product.slug.equals(slug))
                .findFirst();
    }

    /** For sentences: {@code a, b, c}. */
    public static String names() {
        return Arrays.stream(values()).map(Product::slug).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return slug;
    }
}
