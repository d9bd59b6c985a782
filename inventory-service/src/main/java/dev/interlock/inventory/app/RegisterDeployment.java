package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.Deployment;
import dev.interlock.inventory.domain.DeploymentDraft;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.UUID;

/** Declares which hosts together are one installation of a product. */
@Singleton
public class RegisterDeployment {

    private final Deployments deployments;
    private final FindMembers findMembers;
    private final Announce announce;
    private final Clock clock;

    RegisterDeployment(Deployments deployments, FindMembers findMembers, Announce announce, Clock clock) {
        this.deployments = deployments;
        this.findMembers = findMembers;
        this.announce = announce;
        this.clock = clock;
    }

    @Transactional
    public DeploymentChange handle(DeploymentDraft draft, String by) {
        var flaws = draft.flaws();
        if (!flaws.isEmpty()) {
            return new DeploymentChange.Flawed(flaws);
        }
        var found = findMembers.handle(draft);
        if (!found.flaws().isEmpty()) {
            return new DeploymentChange.Flawed(found.flaws());
        }
        var deployment = new Deployment(
                UUID.randomUUID(),
                draft.givenName(),
                draft.knownProduct(),
                found.members(),
                draft.completedSettings(),
                false,
                1);
        var taken = findMembers.taken(found, deployment.product(), deployment.id());
        if (taken.isPresent()) {
            return taken.get();
        }
        if (!deployments.add(deployment, clock.instant())) {
            return new DeploymentChange.NameTaken(deployment.name());
        }
        announce.registered(deployment, by);
        return new DeploymentChange.Done(deployment);
    }
}
