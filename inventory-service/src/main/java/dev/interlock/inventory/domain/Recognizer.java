package dev.interlock.inventory.domain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells from a host's packages and units which managed products it carries. A table, one part a product; what is marked
 * 'assumed' stands in no public source.
 */
public final class Recognizer {

    /** Packages that matter, as extended regular expressions of their whole names. */
    public static final List<String> PACKAGES = List.of(
            "kcm",
            "kcm-.*",
            "keeper-guacamole-standalone",
            "pcoip-cmsg-setup",
            "pcoip-connection-manager",
            "pcoip-security-gateway",
            "pcoip-license-server",
            "igel-ums.*",
            // L5
            "nvidia-.*licen[sc]e.*",
            "nvidia-ls.*",
            "parallels-secure-workspace");

    /** Units that matter; those of old init scripts have the scripts' names. */
    public static final List<String> UNITS = List.of(
            "guacamole",
            "guacd",
            "tomcat",
            "connection_manager",
            "security_gateway",
            "flexnetls-TERADICI",
            "pcoip-license-server",
            "igel-ums-server",
            "igel-ums-broker",
            "igel-ums-watchdog",
            "igelRMserver",
            "igelUMSbroker",
            "igelUMSwatchdog",
            "psw",
            // L5
            "flexnetls-nvidia",
            "nvidia-license-server");

    private Recognizer() {}

    /** The products found, each once, in the order of {@link Product}. */
    public static List<Installed> recognize(Facts facts) {
        var found = new ArrayList<Installed>();
        for (var product : Product.values()) {
            var installed = switch (product) {
                case KEEPER -> keeper(facts);
                case PCOIP_CONNECTION_MANAGER -> connectionManager(facts);
                case PCOIP_LICENSE_SERVER -> licenseServer(facts);
                case IGEL_UMS -> ums(facts);
                case PARALLELS -> parallels(facts);
            };
            installed.ifPresent(found::add);
        }
        return List.copyOf(found);
    }

    /**
     * The web application's version counts, as that is what a release is named after. The standalone service comes with its own
     * package or shows as a unit; otherwise the customer's own Tomcat carries the web application (K5).
     */
    private static Optional<Installed> keeper(Facts facts) {
        var packages = facts.packages();
        if (packages.keySet().stream()
                .noneMatch(name ->
                        name.equals("kcm") || name.startsWith("kcm-") || name.equals("keeper-guacamole-standalone"))) {
            return Optional.empty();
        }
        var version = version(facts, "kcm-guacamole", "kcm", "keeper-guacamole-standalone", "kcm-guacd")
                .or(() -> packages.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith("kcm-"))
                        .map(entry -> lowest(entry.getValue()))
                        .findFirst());
        var units = facts.units().keySet();
        String variant;
        if (units.contains("guacamole") || packages.containsKey("keeper-guacamole-standalone")) {
            variant = "standalone";
        } else if (units.contains("tomcat") || packages.containsKey("kcm-guacamole")) {
            variant = "tomcat";
        } else {
            variant = "guacd-only";
        }
        return Optional.of(new Installed(Product.KEEPER, version.orElse(Installed.UNKNOWN), variant));
    }

    /** Classic: two services. Newer: a set-up tool that installs with containers. Their package names' versions count. */
    private static Optional<Installed> connectionManager(Facts facts) {
        var container = version(facts, "pcoip-cmsg-setup");
        if (container.isPresent()) {
            return Optional.of(new Installed(Product.PCOIP_CONNECTION_MANAGER, container.get(), "container"));
        }
        var version = version(facts, "pcoip-connection-manager", "pcoip-security-gateway");
        if (version.isEmpty() && !any(facts, "connection_manager", "security_gateway")) {
            return Optional.empty();
        }
        return Optional.of(
                new Installed(Product.PCOIP_CONNECTION_MANAGER, version.orElse(Installed.UNKNOWN), "classic"));
    }

    private static Optional<Installed> licenseServer(Facts facts) {
        var installed = String.valueOf(facts.packages().getOrDefault("pcoip-license-server", ""));
        // License Server 1.x is another product (L5)
        var version = Arrays.stream(installed.split(", "))
                .filter(each -> !each.isEmpty() && !each.startsWith("1."))
                .min(Recognizer::compare);
        if (version.isEmpty() && !installed.isEmpty()) {
            return Optional.empty();
        }
        if (version.isEmpty() && !any(facts, "flexnetls-TERADICI", "pcoip-license-server")) {
            return Optional.empty();
        }
        return Optional.of(new Installed(Product.PCOIP_LICENSE_SERVER, version.orElse(Installed.UNKNOWN), ""));
    }

    /**
     * Comes as an installer; a package {@code igel-ums}, or the probe's reading of the installation's file under that name, is
     * assumed to tell the version. An installation without services is a console.
     */
    private static Optional<Installed> ums(Facts facts) {
        var version = version(facts, "igel-ums", "igel-ums-server", "igel-ums-broker", "igel-ums-console");
        boolean server = any(facts, "igel-ums-server", "igelRMserver");
        boolean balancer = any(facts, "igel-ums-broker", "igelUMSbroker");
        if (version.isEmpty() && !server && !balancer) {
            return Optional.empty();
        }
        var variant = balancer ? (server ? "server+load-balancer" : "load-balancer") : (server ? "server" : "console");
        return Optional.of(new Installed(Product.IGEL_UMS, version.orElse(Installed.UNKNOWN), variant));
    }

    /** An appliance whose SSH is for the vendor; package and unit are assumed. */
    private static Optional<Installed> parallels(Facts facts) {
        var version = version(facts, "parallels-secure-workspace");
        if (version.isEmpty() && !any(facts, "psw")) {
            return Optional.empty();
        }
        return Optional.of(new Installed(Product.PARALLELS, version.orElse(Installed.UNKNOWN), ""));
    }

    private static Optional<String> version(Facts facts, String... packages) {
        return Stream.of(packages)
                .filter(name -> facts.packages().containsKey(name))
                .map(name -> lowest(String.valueOf(facts.packages().get(name))))
                .findFirst();
    }

    /** Of a package that is there twice the old version counts: its update has not ended. */
    private static String lowest(String versions) {
        return Arrays.stream(versions.split(", ")).min(Recognizer::compare).orElse(versions);
    }

    /** By numbers where both have numbers, as 1.9 comes before 1.10. */
    static int compare(String one, String other) {
        var ones = one.split("[.-]");
        var others = other.split("[.-]");
        for (int i = 0; i < Math.max(ones.length, others.length); i++) {
            int difference = comparePart(i < ones.length ? ones[i] : "0", i < others.length ? others[i] : "0");
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    private static int comparePart(String one, String other) {
        if (one.matches("\\d{1,18}") && other.matches("\\d{1,18}")) {
            return Long.compare(Long.parseLong(one), Long.parseLong(other));
        }
        return Comparator.<String>naturalOrder().compare(one, other);
    }

    private static boolean any(Facts facts, String... units) {
        return !Collections.disjoint(facts.units().keySet(), Set.of(units));
    }
}
