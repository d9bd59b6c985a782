package dev.interlock.upgrade.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What has changed between the plan that was approved and the estate as it is now, in sentences. */
public final class Drift {
    private Drift() {}

    /** @param deployment null when it is gone */
    public static List<String> between(
            Plan plan, @Nullable Deployment deployment, Map<UUID, Host> hosts, Procedure procedure) {
        if (deployment == null) {
            return List.of("the deployment " + plan.deployment() + " is gone");
        }
        var differences = new ArrayList<String>();
        if (!deployment.product().equals(plan.product())) {
            differences.add("the deployment is now of product " + deployment.product() + ", not " + plan.product());
        }
        var roles = new HashMap<UUID, String>();
        deployment.members().forEach(m -> roles.put(m.hostId(), m.role()));
        for (Plan.Target planned : plan.targets()) {
            String role = roles.remove(planned.hostId());
            Host host = hosts.get(planned.hostId());
            if (role == null) {
                differences.add(planned.name() + " is no longer a member of " + deployment.name());
            } else if (host == null || host.status().equals("retired")) {
                differences.add(planned.name() + " is retired");
            } else {
                compare(planned, procedure.describe(host, role), differences);
            }
        }
        for (UUID added : roles.keySet()) {
            Host host = hosts.get(added);
            if (host == null) {
                differences.add("host " + added + " is a new member");
            } else {
                // A member that needed nothing when the plan was made is not in the plan, and still needs nothing.
                Plan.Target now = procedure.describe(host, Objects.requireNonNull(roles.get(added)));
                if (now == null
                        || !now.packages().values().stream()
                                .allMatch(v -> v.equals(plan.target().text()))) {
                    differences.add(host.name() + " is a member that the plan does not cover");
                }
            }
        }
        return differences;
    }

    private static void compare(Plan.Target planned, Plan.@Nullable Target now, List<String> differences) {
        String host = planned.name();
        if (now == null) {
            differences.add(host + " no longer runs the product");
            return;
        }
        changed(
                host,
                "address",
                planned.address() + ":" + planned.port(),
                now.address() + ":" + now.port(),
                differences);
        changed(host, "user", planned.user(), now.user(), differences);
        changed(host, "credential", planned.credential(), now.credential(), differences);
        changed(host, "role", planned.role(), now.role(), differences);
        changed(host, "variant", planned.variant(), now.variant(), differences);
        if (!planned.hostKey().equals(now.hostKey())) {
            differences.add(host + ": another SSH host key is pinned");
        }
        if (!planned.units().equals(now.units())) {
            changed(host, "services", String.join(", ", planned.units()), String.join(", ", now.units()), differences);
        }
        var names = new TreeSet<>(planned.packages().keySet());
        names.addAll(now.packages().keySet());
        for (String name : names) {
            String then = planned.packages().getOrDefault(name, "absent");
            changed(host, "package " + name, then, now.packages().getOrDefault(name, "absent"), differences);
        }
    }

    private static void changed(String host, String what, String then, String now, List<String> differences) {
        if (!then.equals(now)) {
            differences.add(host + ": " + what + " was " + then + " and is " + now);
        }
    }
}
