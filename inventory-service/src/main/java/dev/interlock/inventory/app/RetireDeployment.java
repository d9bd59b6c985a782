package dev.interlock.inventory.app;

import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.UUID;

/** Takes a deployment out of the inventory. Its hosts stay. */
@Singleton
public class RetireDeployment {

    private final Deployments deployments;
    private final JudgeDeployment judge;
    private final Announce announce;

    RetireDeployment(Deployments deployments, JudgeDeployment judge, Announce announce) {
        this.deployments = deployments;
        this.judge = judge;
        this.announce = announce;
    }

    @Transactional
    public DeploymentChange handle(UUID id, String by) {
        var found = deployments.findForUpdate(id);
        if (found.isEmpty()) {
            return new DeploymentChange.Unknown();
        }
        var before = found.get();
        if (before.retired()) {
            return new DeploymentChange.Done(before);
        }
        var after = before.retire();
        deployments.save(after);
        announce.changed(before, after, by);
        judge.changed(after);
        return new DeploymentChange.Done(after);
    }
}
