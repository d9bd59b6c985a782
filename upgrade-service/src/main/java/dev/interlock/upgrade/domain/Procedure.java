package dev.interlock.upgrade.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How one product is upgraded: turns a deployment and a release into a plan, or says why not. */
public interface Procedure {
    Product product();

    Planning plan(Order order);

    /** The host as a plan would describe it now; compared with the plan's own to find drift. */
    Plan.@Nullable Target describe(Host host, String role);

    /**
     * What is wanted.
     *
     * @param hosts those of the deployment's members that inventory has told us of
     * @param releases all known releases of the product
     */
    record Order(
            Deployment deployment,
            Map<UUID, Host> hosts,
            Version target,
            List<Release> releases,
            Plan.Limits limits,
            @Nullable Window window) {
        public Optional<Release> release(Version version) {
            return releases.stream()
                    .filter(release -> release.version().compareTo(version) == 0)
                    .findFirst();
        }

        /** The versions of all known releases, for a person. */
        String known() {
            return releases.stream()
                    .map(Release::version)
                    .sorted()
                    .map(Version::text)
                    .collect(Collectors.joining(", "));
        }

        /**
         * The members that something may be planned for; why not for the others goes into the refusals.
         *
         * @param unprobed roles of which nothing needs to be known but where the host is
         */
        List<Placed> fit(List<Reason> refusals, Set<String> unprobed) {
            var fit = new ArrayList<Placed>();
            for (Deployment.Member member : deployment.members()) {
                Host host = hosts.get(member.hostId());
                if (host == null) {
                    refusals.add(new Reason(
                            "inventory",
                            "Nothing is known of host " + member.hostId() + ".",
                            "Wait for the inventory, or probe the host."));
                    continue;
                }
                host.unfit(unprobed.contains(member.role()))
                        .ifPresentOrElse(refusals::add, () -> fit.add(new Placed(host, member.role())));
            }
            return fit;
        }
    }

    /** A host in a deployment. */
    record Placed(Host host, String role) {}

    /** What came of it. */
    sealed interface Planning {
        record Planned(Plan plan) implements Planning {}

        record Refused(List<Reason> reasons) implements Planning {}
    }

    /**
     * Why something may not be done.
     *
     * @param rule the clause it rests on, or a short name where there is none
     * @param next what a person can do about it
     */
    record Reason(String rule, String text, String next) {}
}
