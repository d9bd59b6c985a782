package dev.interlock.upgrade.app;

import dev.interlock.upgrade.app.Acknowledgements.Word;
import dev.interlock.upgrade.app.Plans.StoredPlan;
import dev.interlock.upgrade.domain.Finding;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** An approver says that a plan may go on although an interlock lists somebody: for this plan, and for just these. */
@Singleton
public class AcknowledgeInterlock {
    private final Plans plans;
    private final CheckInterlocks interlocks;
    private final Acknowledgements words;
    private final Clock clock;

    public AcknowledgeInterlock(Plans plans, CheckInterlocks interlocks, Acknowledgements words, Clock clock) {
        this.plans = plans;
        this.interlocks = interlocks;
        this.words = words;
        this.clock = clock;
    }

    /** What came of it. */
    public sealed interface Outcome {
        record Acknowledged(StoredPlan plan) implements Outcome {}

        record NoPlan(UUID id) implements Outcome {}

        record OwnPlan(StoredPlan plan) implements Outcome {}

        record OtherHash(StoredPlan plan) implements Outcome {}

        /** The interlock holds, or nobody's word can open it. */
        record NothingToSay(List<Finding> findings) implements Outcome {}

        /** He read another list than the one there is now. */
        record OtherList(Finding finding) implements Outcome {}
    }

    @Transactional
    public Outcome handle(UUID planId, String hash, String interlock, List<String> subjects, String reason, String by) {
        StoredPlan plan = plans.lock(planId).orElse(null);
        if (plan == null) {
            return new Outcome.NoPlan(planId);
        }
        if (plan.plannedBy().equals(by)) {
            return new Outcome.OwnPlan(plan);
        }
        if (!plan.hash().equals(hash)) {
            return new Outcome.OtherHash(plan);
        }
        List<Finding> findings = interlocks.standing(plan);
        Optional<Finding> asked = findings.stream()
                .filter(f -> f.interlock().equals(interlock)
                        && (f.weight() == Finding.Weight.WANTS_WORD || f.weight() == Finding.Weight.ACKNOWLEDGED))
                .findFirst();
        if (asked.isEmpty()) {
            return new Outcome.NothingToSay(findings);
        }
        if (!new HashSet<>(asked.get().subjects()).equals(new HashSet<>(subjects))) {
            return new Outcome.OtherList(asked.get());
        }
        words.add(new Word(
                UUID.randomUUID(), planId, hash, interlock, asked.get().subjects(), reason, by, clock.instant()));
        return new Outcome.Acknowledged(plan);
    }
}
