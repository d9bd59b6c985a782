package dev.interlock.inventory.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as somebody describes it, before anything is checked.
 *
 * <p>A PCoIP Connection Manager deployment says in its settings where it stands and whether the Security Gateway is on, as the
 * procedure depends on both (C2): {@code location} is {@code on-premises} or {@code cloud}, {@code securityGateway} is {@code on}
 * or {@code off}. In a public cloud the gateway is always on (C3).
 */
public record DeploymentDraft(
        @Nullable String name, @Nullable String product, List<Place> members, Map<String, String> settings) {

    public static final String DEFAULT_ROLE = "node";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}");
    private static final Pattern ROLE = Pattern.compile("[a-z][a-z0-9-]{0,49}");
    private static final Pattern SETTING = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,99}");

    /** @param host a host's id or name */
    public record Place(@Nullable String host, @Nullable String role) {

        public String roleOrDefault() {
            return role == null || role.isBlank() ? DEFAULT_ROLE : role.strip();
        }
    }

    /** Everything that is wrong, at once, as far as it can be told without knowing the hosts. */
    public List<Flaw> flaws() {
        var flaws = new ArrayList<Flaw>();
        if (name == null || !NAME.matcher(name.strip()).matches()) {
            flaws.add(new Flaw(
                    "name",
                    name == null || name.isBlank() ? "the name is missing" : "this cannot be a deployment's name",
                    "Use letters, digits, spaces, dots, hyphens and underscores, at most 100."));
        }
        if (product == null || Product.of(product.strip()).isEmpty()) {
            flaws.add(new Flaw(
                    "product",
                    product == null || product.isBlank()
                            ? "the product is missing"
                            : "there is no product '" + product + "'",
                    "Use one of " + Product.names() + "."));
        }
        if (members.size() > 1000) {
            flaws.add(new Flaw("members", members.size() + " members are too many", "Use at most 1000."));
        }
        for (int i = 0; i < members.size(); i++) {
            var place = members.get(i);
            var field = "members[" + i + "]";
            if (place.host() == null || place.host().isBlank()) {
                flaws.add(new Flaw(field + ".host", "the host is missing", "Give a host's id or name."));
            }
            if (!ROLE.matcher(place.roleOrDefault()).matches()) {
                flaws.add(new Flaw(
                        field + ".role",
                        "'" + place.role() + "' cannot be a role",
                        "Use lower-case words, as in node, server, load-balancer, console."));
            }
        }
        settings.forEach((key, value) -> setting(flaws, key, value));
        connectionManager(flaws);
        return List.copyOf(flaws);
    }

    /** Only for a draft without {@link #flaws}. */
    public Product knownProduct() {
        return Product.of(product == null ? "" : product.strip()).orElseThrow();
    }

    /** Only for a draft without {@link #flaws}. */
    public String givenName() {
        if (name == null) {
            throw new IllegalStateException("a draft with flaws has no name");
        }
        return name.strip();
    }

    /** The settings with what follows from them: in a cloud the gateway is on, said or not (C3). */
    public SortedMap<String, String> completedSettings() {
        var completed = new TreeMap<>(settings);
        if (knownProduct() == Product.PCOIP_CONNECTION_MANAGER && "cloud".equals(completed.get("location"))) {
            completed.putIfAbsent("securityGateway", "on");
        }
        return completed;
    }

    private void connectionManager(List<Flaw> flaws) {
        if (!Product.PCOIP_CONNECTION_MANAGER.slug().equals(product)) {
            return;
        }
        var location = settings.get("location");
        var gateway = settings.get("securityGateway");
        if (location != null && !List.of("on-premises", "cloud").contains(location)) {
            flaws.add(new Flaw("settings.location", "'" + location + "' is no location", "Use on-premises or cloud."));
        }
        if (gateway != null && !List.of("on", "off").contains(gateway)) {
            flaws.add(
                    new Flaw("settings.securityGateway", "'" + gateway + "' is neither on nor off", "Use on or off."));
        }
        if ("cloud".equals(location) && "off".equals(gateway)) {
            flaws.add(new Flaw(
                    "settings.securityGateway",
                    "in a public cloud the Security Gateway is always on (C3)",
                    "Leave the setting out or make it on; if the deployment is not in a cloud, correct the location."));
        }
    }

    private static void setting(List<Flaw> flaws, String key, String value) {
        if (HostDraft.isSecret(key)) {
            flaws.add(new Flaw(
                    "settings." + key,
                    "a secret does not belong into an inventory",
                    "Store it as a credential and name that, as in 'credential'."));
        } else if (!SETTING.matcher(key).matches()) {
            flaws.add(new Flaw(
                    "settings." + key, "a setting cannot have this name", "Use letters, digits, dots, hyphens."));
        } else if (value.length() > 2000 || value.indexOf('\u0000') >= 0) {
            flaws.add(new Flaw(
                    "settings." + key, "the value is too long or not text", "Use at most 2000 characters of text."));
        }
    }
}
