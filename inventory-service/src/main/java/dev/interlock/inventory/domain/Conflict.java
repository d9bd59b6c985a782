package dev.interlock.inventory.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * Products on one machine that must not be there together.
 *
 * @param clause of REQUIREMENTS
 */
public record Conflict(String rule, String detail, String next, String clause) {

    static final String LICENSE_SERVERS = "license-servers-on-one-machine";

    /** Assumed: NVIDIA's packages and its FlexNet service have these names; the sources name none. */
    private static final String GRID_PACKAGE = "nvidia-.*licen[sc]e.*|nvidia-ls.*";

    private static final List<String> GRID_UNITS = List.of("flexnetls-nvidia", "nvidia-license-server");

    /** In the order of the clauses. */
    public static List<Conflict> in(Facts facts) {
        var others = new ArrayList<String>();
        var ours = facts.packages().getOrDefault("pcoip-license-server", "");
        var versions = ours.isEmpty() ? List.<String>of() : List.of(ours.split(", "));
        boolean here = versions.stream().anyMatch(version -> !version.startsWith("1."))
                || (versions.isEmpty() && facts.units().containsKey("flexnetls-TERADICI"));
        versions.stream()
                .filter(version -> version.startsWith("1."))
                .findFirst()
                .ifPresent(old -> others.add("PCoIP License Server " + old));
        facts.packages().forEach((name, version) -> {
            if (name.matches(GRID_PACKAGE)) {
                others.add("an NVIDIA GRID license server (package " + name + " " + version + ")");
            }
        });
        facts.units().keySet().stream()
                .filter(GRID_UNITS::contains)
                .forEach(unit -> others.add("an NVIDIA GRID license server (unit " + unit + ")"));
        if (!here || others.isEmpty()) {
            return List.of();
        }
        return List.of(new Conflict(
                LICENSE_SERVERS,
                "a PCoIP License Server is on one machine with " + String.join(" and ", others),
                "Set the PCoIP License Server up on a machine of its own and move its licenses there, or remove the other.",
                "L5"));
    }
}
