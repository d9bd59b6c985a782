package dev.interlock.upgrade.domain;

import java.util.List;
import java.util.Map;
import java.util.UUID;
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
            @Nullable Window window) {}

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
