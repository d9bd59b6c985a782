package dev.interlock.inventory.adapter.http;

import dev.interlock.inventory.app.DeploymentChange;
import dev.interlock.inventory.app.HostChange;
import dev.interlock.inventory.app.LicensesOnHosts;
import dev.interlock.inventory.domain.Flaw;
import dev.interlock.inventory.domain.HostSettings;
import dev.interlock.platform.http.ETags;
import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.ProblemException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** The refusals of this service, in words a person can act on. */
final class InventoryProblems {
    private InventoryProblems() {}

    static ProblemException flawed(List<Flaw> flaws) {
        var first = flaws.getFirst();
        return Problem.invalid(
                        flaws.stream().map(Flaw::problem).collect(Collectors.joining("; ")),
                        flaws.size() == 1 ? first.next() : "Correct each of 'errors'; each says how.")
                .with("errors", flaws)
                .exception();
    }

    static ProblemException noHost(UUID id) {
        return ProblemException.notFound("host", id);
    }

    static ProblemException taken(HostChange.Taken taken, HostSettings wanted) {
        var other = taken.other();
        boolean name = other.settings().nameKey().equals(wanted.nameKey());
        return Problem.of("host-taken", 409, "Another host has this name or address")
                .detail(
                        name
                                ? "There is a host " + other.name() + " already."
                                : "The host " + other.name() + " is at " + wanted.address() + ":" + wanted.port()
                                        + " already.")
                .next("Change that host instead, choose another name or address, or retire it first.")
                .with("hostId", other.id())
                .exception();
    }

    static ProblemException retired(HostChange.Retired retired) {
        return ProblemException.conflict(
                "host-retired",
                "The host is retired",
                "The host " + retired.host().name() + " is out of the inventory.",
                "Register it anew if it is back.");
    }

    static ProblemException inUse(HostChange.InUse inUse) {
        return Problem.of("host-in-use", 409, "The host is a member of a deployment")
                .detail("The host belongs to " + String.join(", ", inUse.deployments()) + ".")
                .next("Take it out of the deployment, or retire the deployment, first.")
                .with("deployments", inUse.deployments())
                .exception();
    }

    static ProblemException holdsLicenses(HostChange.HoldsLicenses holds) {
        var servers = holds.held().stream()
                .map(LicensesOnHosts.Held::licenseServer)
                .distinct()
                .collect(Collectors.joining(", "));
        return Problem.of("host-holds-licenses", 409, "There are licences on the host")
                .detail("On the host " + holds.host().name() + " runs the license server " + servers
                        + ", which holds licences: with the machine they would be lost (L17).")
                .next(
                        "Return the licences (a total of 0 for each code), or move them, and retire the license server. If the"
                                + " machine is gone already, have an administrator declare the license server lost.")
                .with("held", holds.held())
                .exception();
    }

    static ProblemException stale(long version) {
        return ETags.stale(version);
    }

    static ProblemException noDeployment(UUID id) {
        return ProblemException.notFound("deployment", id);
    }

    static ProblemException nameTaken(DeploymentChange.NameTaken taken) {
        return ProblemException.conflict(
                "deployment-taken",
                "Another deployment has this name",
                "There is a deployment " + taken.name() + " already.",
                "Change that one instead, or choose another name.");
    }

    static ProblemException hostTaken(DeploymentChange.HostTaken taken) {
        return ProblemException.conflict(
                "host-in-other-deployment",
                "A host belongs to another deployment of the product",
                "The host " + taken.host() + " belongs to the deployment " + taken.deployment() + ".",
                "Take it out there first; two upgrades must not meet on one host.");
    }

    static ProblemException retired(DeploymentChange.Retired retired) {
        return ProblemException.conflict(
                "deployment-retired",
                "The deployment is retired",
                "The deployment " + retired.deployment().name() + " is out of the inventory.",
                "Register it anew if it is back.");
    }
}
