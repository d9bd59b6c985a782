package dev.interlock.system;

import static org.awaitility.Awaitility.await;

import dev.interlock.testkit.TestTokens;
import java.time.Duration;
import java.util.Map;

/** An upgrade as people order it: planned by one, approved by another, started. */
final class Upgrade {
    private Upgrade() {}

    /**
     * @param rest of an operator
     * @return the run's id
     */
    static String start(Rest rest, String deployment, String version, int concurrency) {
        var plan = await("a plan")
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> rest.post(
                                "/plans",
                                Map.of(
                                        "deploymentId",
                                        deployment,
                                        "targetVersion",
                                        version,
                                        "concurrency",
                                        concurrency)),
                        answer -> answer.status() == 201)
                .body();
        rest.as(TestTokens.token("alex", "approver"))
                .post(
                        "/plans/" + plan.get("id").asText() + "/approval",
                        Map.of("hash", plan.get("hash").asText()))
                .accepted();
        return rest.post("/runs", Map.of("planId", plan.get("id").asText()))
                .accepted()
                .get("id")
                .asText();
    }
}
