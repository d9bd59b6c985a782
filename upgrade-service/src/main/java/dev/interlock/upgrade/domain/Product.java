package dev.interlock.upgrade.domain;

import java.util.Arrays;
import java.util.Optional;

/** What Interlock knows how to name; {@link Procedures} says which of them it can upgrade. */
public enum Product {
    KEEPER_CONNECTION_MANAGER("keeper-connection-manager", "Keeper Connection Manager"),
    PCOIP_CONNECTION_MANAGER("pcoip-connection-manager", "PCoIP Connection Manager and Security Gateway"),
    PCOIP_LICENSE_SERVER("pcoip-license-server", "PCoIP License Server"),
    IGEL_UMS("igel-ums", "IGEL UMS High Availability"),
    PARALLELS_SECURE_WORKSPACE("parallels-secure-workspace", "Parallels Secure Workspace");

    private final String id;
    private final String title;

    Product(String id, String title) {
        this.id = id;
        this.title = title;
    }

    public String id() {
        return id;
    }

    public String title() {
        return title;
    }

    public static Optional<Product> of(String id) {
        return Arrays.stream(values()).filter(p -> p.id.equals(id)).findFirst();
    }
}
