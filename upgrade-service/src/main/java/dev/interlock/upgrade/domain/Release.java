package dev.interlock.upgrade.domain;

import java.util.Map;
import java.util.TreeMap;

/**
 * A version of a product that its vendor has published.
 *
 * @param repository what the vendor's base URL is called here; two releases with another repository are two major lines (K2)
 * @param packages packages of this release whose version is not the release's own: name to version
 * @param assumed true when this row was not read in a vendor's document
 */
public record Release(
        Product product,
        Version version,
        String repository,
        Map<String, String> packages,
        boolean assumed,
        String note) {
    public Release {
        packages = java.util.Collections.unmodifiableMap(new TreeMap<>(packages));
    }

    public String versionOf(String packageName) {
        return packages.getOrDefault(packageName, version.text());
    }
}
