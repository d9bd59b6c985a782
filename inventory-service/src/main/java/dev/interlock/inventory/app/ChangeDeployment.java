package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.DeploymentDraft;
import dev.interlock.inventory.domain.Flaw;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import java.util.function.LongUnaryOperator;

/** Changes a deployment's name, members, roles or settings; its product is what it is. */
@Singleton
public class ChangeDeployment {

    private final Deployments deployments;
    private final FindMembers findMembers;
    private final JudgeDeployment judge;
    private final Announce announce;

    ChangeDeployment(Deployments deployments, FindMembers findMembers, JudgeDeployment judge, Announce announce) {
        this.deployments = deployments;
        this.findMembers = findMembers;
        this.judge = judge;
        this.announce = announce;
    }

    /** @param seen from the current version to the one that the caller has read */
    @Transactional
    public DeploymentChange handle(UUID id, DeploymentDraft draft, LongUnaryOperator seen, String by) {
        var existing = deployments.findForUpdate(id);
        if (existing.isEmpty()) {
            return new DeploymentChange.Unknown();
        }
        var before = existing.get();
        if (before.retired()) {
            return new DeploymentChange.Retired(before);
        }
        if (seen.applyAsLong(before.version()) != before.version()) {
            return new DeploymentChange.Stale(before.version());
        }
        var flaws = draft.flaws();
        if (!flaws.isEmpty()) {
            return new DeploymentChange.Flawed(flaws);
        }
        if (draft.knownProduct() != before.product()) {
            return new DeploymentChange.Flawed(List.of(new Flaw(
                    "product",
                    "a deployment keeps its product, here " + before.product(),
                    "Retire this deployment and register another one.")));
        }
        var found = findMembers.handle(draft);
        if (!found.flaws().isEmpty()) {
            return new DeploymentChange.Flawed(found.flaws());
        }
        var taken = findMembers.taken(found, before.product(), id);
        if (taken.isPresent()) {
            return taken.get();
        }
        var after = before.edited(draft.givenName(), found.members(), draft.completedSettings());
        if (after.equals(before)) {
            return new DeploymentChange.Done(after);
        }
        var named = deployments.named(after.nameKey());
        if (named.isPresent() && !named.get().id().equals(id)) {
            return new DeploymentChange.NameTaken(after.name());
        }
        deployments.save(after);
        announce.changed(before, after, by);
        judge.changed(after);
        return new DeploymentChange.Done(after);
    }
}
