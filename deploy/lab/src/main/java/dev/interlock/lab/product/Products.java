package dev.interlock.lab.product;

import java.util.List;
import java.util.stream.Collectors;

/** The products that the lab can play. */
public final class Products {
    private static final List<Product> ALL = List.of(new Keeper(), new PcoipLicenseServer(), new IgelUms());

    private Products() {}

    public static List<Product> all() {
        return ALL;
    }

    public static Product named(String name) {
        return ALL.stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The lab plays no product '" + name + "'; it plays "
                        + ALL.stream().map(Product::name).collect(Collectors.joining(", ")) + "."));
    }
}
