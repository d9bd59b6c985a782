package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.Deployment;
import dev.interlock.inventory.domain.Flaw;
import java.util.List;

/** What became of a wish to register or change a deployment. */
public sealed interface DeploymentChange {

    record Done(Deployment deployment) implements DeploymentChange {}

    /** @param flaws of the description, all of them; also hosts that do not exist */
    record Flawed(List<Flaw> flaws) implements DeploymentChange {}

    record NameTaken(String name) implements DeploymentChange {}

    /** @param deployment of the same product, which the host belongs to */
    record HostTaken(String host, String deployment) implements DeploymentChange {}

    record Unknown() implements DeploymentChange {}

    record Retired(Deployment deployment) implements DeploymentChange {}

    /** Somebody else changed it since it was read. */
    record Stale(long version) implements DeploymentChange {}
}
