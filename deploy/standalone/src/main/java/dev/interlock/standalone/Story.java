package dev.interlock.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.contracts.UpgradeEvent;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** From discovered hosts to three finished upgrades, told and checked. */
final class Story {
    private final Telling telling;

    Story(Telling telling) {
        this.telling = telling;
    }

    /** @param missing each expected event that did not come */
    record Outcome(
            int hosts,
            int upgradedNodes,
            int upgrades,
            int steps,
            int events,
            int expectedEvents,
            List<String> missing,
            int postchecksHeld,
            int postchecksFailed) {}

    Outcome tell() {
        var estate = new DiscoverEstate(telling).tell();
        new LicenseSessions(telling).tell();
        var upgrades = new Upgrades(telling);
        new UpgradeKeeper(telling, upgrades, estate).tell();
        new UpgradeUms(telling, upgrades, estate).tell();
        new UpgradeLicenseServer(telling, upgrades, estate).tell();
        audit();
        var missing = missing();
        telling.check(
                telling.events.flaws().isEmpty(),
                "all " + telling.events.all().size() + " records on the topics are CloudEvents 1.0"
                        + (telling.events.flaws().isEmpty()
                                ? ""
                                : ": " + telling.events.flaws().getFirst()));
        long upgraded = telling.events.all(UpgradeEvent.NodeUpdated.class).stream()
                .map(UpgradeEvent.NodeUpdated::hostId)
                .distinct()
                .count();
        return new Outcome(
                estate.hosts().size(),
                (int) upgraded,
                upgrades.runs(),
                upgrades.steps(),
                telling.events.all().size(),
                telling.expected.count(),
                missing,
                telling.held(),
                telling.failed());
    }

    private List<String> missing() {
        Commands.until(
                Duration.ofSeconds(15),
                () -> telling.expected.missing(telling.events.all()).isEmpty());
        var missing = telling.expected.missing(telling.events.all());
        missing.stream().limit(20).forEach(one -> telling.narrator.tell("missing: " + one));
        return missing;
    }

    private void audit() {
        telling.narrator.chapter("Who did what", """
                Every command of a person is in an append-only log whose entries are chained by their hashes.""");
        var admin = telling.api("upgrade", "admin");
        telling.check(
                admin.get("/audit/verification").path("intact").asBoolean(), "the audit log's hash chain is unbroken");
        var trail = Telling.items(admin.get("/audit?limit=200"));
        telling.check(
                trail.stream().anyMatch(e -> isApproval(e, "pat", Set.of("refused", "denied")))
                        && trail.stream().anyMatch(e -> isApproval(e, "alex", Set.of("done"))),
                "the audit log has pat's refused approvals and alex's good ones");
    }

    private static boolean isApproval(JsonNode entry, String actor, Set<String> outcomes) {
        return entry.path("action").asText().equals("plan.approve")
                && entry.path("actor").asText().equals(actor)
                && outcomes.contains(entry.path("outcome").asText());
    }
}
