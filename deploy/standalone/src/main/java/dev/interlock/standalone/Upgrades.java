package dev.interlock.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.contracts.Channel;
import dev.interlock.contracts.UpgradeEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** How every upgrade of the story goes: planned by pat, approved by alex, carried out, looked at. */
final class Upgrades {
    private final Telling story;
    private int runs;
    private int steps;

    Upgrades(Telling story) {
        this.story = story;
    }

    int runs() {
        return runs;
    }

    int steps() {
        return steps;
    }

    /** Pat's plan, once upgrade-service has heard of all that it needs. */
    JsonNode plan(UUID deployment, String target, Map<String, Object> more) {
        var pat = story.api("upgrade", "operator");
        var wanted = new LinkedHashMap<String, Object>(more);
        wanted.put("deploymentId", deployment.toString());
        wanted.put("targetVersion", target);
        var last = new ArrayList<Api.Answer>();
        JsonNode plan;
        try {
            plan = Telling.await("the upgrade can be planned", Duration.ofSeconds(30), () -> {
                last.clear();
                last.add(pat.tryPost("/plans", wanted));
                return last.getFirst().isSuccess() ? last.getFirst().body() : null;
            });
        } catch (StandaloneException vain) {
            throw new StandaloneException(vain.getMessage() + " The service says: "
                    + last.getFirst().sentence() + " " + last.getFirst().body());
        }
        story.narrator.tell("pat's plan " + brief(plan.path("id").asText()) + ": "
                + plan.path("nodes").asInt() + " hosts, "
                + stepsOf(plan.path("plan")).size() + " steps; hash "
                + plan.path("hash").asText().substring(0, 12) + "…");
        for (var note : plan.path("notes")) {
            story.narrator.tell("  the plan notes: " + note.asText());
        }
        return plan;
    }

    /** Pat may approve, but not this one; alex does. */
    void approve(JsonNode plan) {
        var approval = Map.of("hash", plan.path("hash").asText(), "comment", "Looks right to me.");
        var path = "/plans/" + plan.path("id").asText() + "/approval";
        var own = story.api("upgrade", "operator").tryPost(path, approval);
        story.check(own.status() == 403, "pat's approval of his own plan is refused: " + own.sentence());
        story.api("upgrade", "approver").post(path, approval);
        story.narrator.tell("alex approves exactly that hash");
    }

    Api.Answer tryStart(JsonNode plan) {
        return story.api("upgrade", "operator")
                .tryPost("/runs", Map.of("planId", plan.path("id").asText()));
    }

    /** Starts the plan and stays with the run to its end; pat answers its gates. */
    String run(UUID deployment, JsonNode plan) {
        var pat = story.api("upgrade", "operator");
        var started = tryStart(plan);
        if (!started.isSuccess()) {
            throw new StandaloneException("The run was not started: " + started.sentence() + " " + started.body());
        }
        var run = started.body().path("id").asText();
        story.narrator.tell("pat starts run " + brief(run));
        var key = deployment.toString();
        story.expected.add(Channel.UPGRADE_EVENTS, "UpgradePlanned", key, "the plan");
        story.expected.add(Channel.UPGRADE_EVENTS, "UpgradeApproved", key, "the plan");
        story.expected.add(Channel.UPGRADE_EVENTS, "UpgradeStarted", key, "the run");
        story.expected.add(Channel.UPGRADE_EVENTS, "UpgradeCompleted", key, "the run");
        var answered = new HashSet<String>();
        Telling.await("the run has ended", Duration.ofSeconds(150), () -> {
            var now = pat.get("/runs/" + run);
            var status = now.path("status").asText();
            if (Set.of("paused", "failed", "aborted").contains(status)) {
                throw new StandaloneException(
                        "The run is " + status + ": " + now.path("reason").asText() + " " + failures(now));
            }
            for (var step : stepsOf(now)) {
                var id = step.path("stepId").asText();
                if (step.path("state").asText().equals("waiting") && answered.add(id)) {
                    answer(pat, run, step);
                }
            }
            return status.equals("completed") ? now : null;
        });
        runs++;
        return run;
    }

    private void answer(Api pat, String run, JsonNode gate) {
        var id = gate.path("stepId").asText();
        story.narrator.tell("the run waits for a person: "
                + gate.path("gate").path("question").asText());
        pat.post("/runs/" + run + "/gates/" + id, Map.of("confirmed", true, "comment", "Done, says pat."));
        story.narrator.tell("pat confirms");
        for (var type : List.of("GateOpened", "GatePassed")) {
            story.expected.add(Channel.UPGRADE_EVENTS, type, "gate " + id, seen -> switch (seen.content()) {
                case UpgradeEvent.GateOpened e ->
                    e.gateId().equals(id) && e.runId().toString().equals(run);
                case UpgradeEvent.GatePassed e ->
                    e.gateId().equals(id) && e.runId().toString().equals(run);
                case null, default -> false;
            });
        }
    }

    private static String failures(JsonNode run) {
        return String.join(
                " ",
                stepsOf(run).stream()
                        .filter(s -> s.hasNonNull("failure"))
                        .map(s -> s.path("failure").path("reason").asText())
                        .toList());
    }

    static List<JsonNode> stepsOf(JsonNode run) {
        var all = new ArrayList<JsonNode>();
        run.path("stages")
                .forEach(stage ->
                        stage.path("lanes").forEach(lane -> lane.path("steps").forEach(all::add)));
        return all;
    }

    /** An event about one host of a run. */
    void expect(String type, Estate.DemoHost host) {
        story.expected.add(Channel.UPGRADE_EVENTS, type, host.name(), seen -> switch (seen.content()) {
            case UpgradeEvent.AboutNode e -> e.hostId().equals(host.id());
            case UpgradeEvent.PreflightPassed e -> host.id().equals(e.hostId());
            case null, default -> false;
        });
    }

    /** The run's own record: every step at the first attempt, every post-check held, nodes counted in order. */
    void checkRecord(String run, int nodes) {
        var now = story.api("upgrade", "viewer").get("/runs/" + run);
        var all = stepsOf(now);
        steps += all.size();
        story.check(
                !all.isEmpty()
                        && all.stream()
                                .allMatch(s -> s.path("state").asText().equals("succeeded")
                                        && s.path("attempt").asInt() == 1),
                "all " + all.size() + " steps of the run succeeded, each at the first attempt");
        var told = Telling.await(
                "the run's story is complete",
                Duration.ofSeconds(10),
                () -> story.events.all(UpgradeEvent.UpgradeCompleted.class).stream()
                        .filter(e -> e.runId().toString().equals(run))
                        .findFirst()
                        .orElse(null));
        story.count(told.postchecksHeld(), told.postchecksFailed());
        story.check(
                told.updatedNodes() == nodes && told.postchecksFailed() == 0,
                "the run itself checked " + told.postchecksHeld() + " things, and all held");
        var counts = story.events.all(UpgradeEvent.NodeUpdated.class).stream()
                .filter(e -> e.runId().toString().equals(run))
                .map(UpgradeEvent.NodeUpdated::n)
                .toList();
        story.check(
                counts.equals(
                        java.util.stream.IntStream.rangeClosed(1, nodes).boxed().toList()),
                "the events count " + counts + " in order");
    }

    /** What was really done to a host since {@code before}, by kind and subject. */
    Map<String, Integer> effectsOn(String host, int before) {
        var counts = new LinkedHashMap<String, Integer>();
        var all = story.effects();
        for (var effect : all.subList(before, all.size())) {
            if (effect.path("host").asText().equals(host)) {
                counts.merge(
                        effect.path("kind").asText() + " "
                                + effect.path("subject").asText().replaceFirst("\\.service$", ""),
                        1,
                        Integer::sum);
            }
        }
        return counts;
    }

    private static String brief(String id) {
        return id.substring(0, 8);
    }
}
