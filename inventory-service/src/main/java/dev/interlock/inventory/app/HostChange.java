package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.Flaw;
import dev.interlock.inventory.domain.Host;
import java.util.List;

/** What became of a wish to register or change a host. */
public sealed interface HostChange {

    record Done(Host host) implements HostChange {}

    /** @param flaws of the description, all of them */
    record Flawed(List<Flaw> flaws) implements HostChange {}

    /** @param other has the name, or the address and port, already */
    record Taken(Host other) implements HostChange {}

    record Unknown() implements HostChange {}

    /** Nothing can be done with it any more. */
    record Retired(Host host) implements HostChange {}

    /** Somebody else changed it since it was read. */
    record Stale(long version) implements HostChange {}

    /** @param deployments that it is a member of */
    record InUse(List<String> deployments) implements HostChange {}

    /** @param held with the machine they would be lost (L17) */
    record HoldsLicenses(Host host, List<LicensesOnHosts.Held> held) implements HostChange {}
}
