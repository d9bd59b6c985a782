package dev.interlock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.lab.Lab;
import dev.interlock.testkit.Infrastructure;
import dev.interlock.testkit.ServiceProcess;
import dev.interlock.testkit.ServiceUnderTest;
import dev.interlock.testkit.TestTokens;
import dev.interlock.upgrade.UpgradeService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.awaitility.core.ConditionTimeoutException;

/** upgrade-service as a process that is killed, and started again while runs have to be completed. */
final class Controller implements AutoCloseable {
    private final ServiceProcess process;
    private final Rest rest;

    private Controller(ServiceProcess process) {
        this.process = process;
        this.rest = new Rest(process.uri(), TestTokens.token("pat", "operator"));
    }

    /** Comes back when it is ready; {@code more} are settings. */
    static Controller start(Infrastructure servers, Lab lab, Map<String, Object> more, Path logs) {
        var properties = ServiceUnderTest.properties("upgrade", servers);
        properties.put("interlock.credentials.dir", lab.credentials().toString());
        properties.put("interlock.upgrade.engine.lease", "2s");
        properties.put("interlock.upgrade.engine.scan", "200ms");
        properties.putAll(more);
        var process = new ServiceProcess(UpgradeService.class, properties, logs.resolve("upgrade.log"));
        process.revive();
        return new Controller(process);
    }

    Rest rest() {
        return rest;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL; false if it was dead already. */
    boolean kill() {
        return process.kill();
    }

    /** Revives it as often as it dies and confirms what it asks, until all runs are completed. */
    void awaitCompleted(List<String> runs, Supplier<String> situation) {
        var going = new LinkedHashSet<>(runs);
        try {
            // a lab host that was answering when the controller died has nobody to answer: no matter of these tests
            await("the runs complete")
                    .dontCatchUncaughtExceptions()
                    .atMost(Duration.ofMinutes(12))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        process.revive();
                        going.removeIf(this::isCompleted);
                        return going.isEmpty();
                    });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(situation.get(), e);
        }
    }

    private boolean isCompleted(String run) {
        var now = rest.get("/runs/" + run);
        if (now.status() != 200) {
            return false;
        }
        String status = now.body().get("status").asText();
        assertThat(status).as("%s", failures(now.body())).isIn("queued", "running", "completed");
        for (String gate : waitingSteps(now.body())) {
            rest.post("/runs/" + run + "/gates/" + gate, Map.of("confirmed", true, "comment", "done"));
        }
        return status.equals("completed");
    }

    private static List<String> waitingSteps(JsonNode run) {
        var found = new ArrayList<String>();
        for (var stage : run.get("stages")) {
            for (var lane : stage.get("lanes")) {
                for (var step : lane.get("steps")) {
                    if (step.get("state").asText().equals("waiting")) {
                        found.add(step.get("stepId").asText());
                    }
                }
            }
        }
        return found;
    }

    private static List<String> failures(JsonNode run) {
        return run.findValues("failure").stream()
                .filter(failure -> failure.has("reason"))
                .map(JsonNode::toString)
                .toList();
    }

    @Override
    public void close() {
        process.close();
    }
}
