package dev.interlock.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.contracts.HostState;
import dev.interlock.lab.LabHost;
import dev.interlock.testkit.Clause;
import dev.interlock.upgrade.app.Estate;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Plans by REST: who may do what, what binds to what, and what is refused with which words. */
class PlansApiTest {
    private static Stage stage;
    private static LabHost host;

    @BeforeAll
    static void open() {
        stage = new Stage(Map.of());
        host = stage.lab.addKeeper("plan-1");
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static ObjectNode body(UUID deployment, String version) {
        return Api.JSON
                .createObjectNode()
                .put("deploymentId", deployment.toString())
                .put("targetVersion", version);
    }

    private static ObjectNode hash(JsonNode plan) {
        return Api.JSON.createObjectNode().put("hash", plan.at("/hash").asText());
    }

    @Test
    void everyRoleMayDoWhatTheMatrixSaysAndNoMore() {
        UUID deployment = stage.deployment(host);
        JsonNode plan = stage.plan(deployment, 1);
        String id = plan.at("/id").asText();
        Api nobody = Api.nobody(stage.base());
        Api service = Api.of(stage.base(), "broker", "service");
        ObjectNode start = Api.JSON.createObjectNode().put("planId", id);
        for (String path : List.of("/plans", "/plans/" + id, "/products", "/runs")) {
            nobody.get(path).is(401);
            for (Api reader : List.of(stage.vera, stage.olga, stage.paul, service)) {
                reader.get(path).is(200);
            }
        }
        nobody.post("/plans", body(deployment, "1.5.0")).is(401);
        for (Api not : List.of(stage.vera, stage.paul, service)) {
            not.post("/plans", body(deployment, "1.5.0")).is(403);
            not.post("/runs", start).is(403);
            not.wish("/runs/" + UUID.randomUUID() + "/pause", "x").is(403);
            not.wish("/runs/" + UUID.randomUUID() + "/steps/a/retry", "x").is(403);
            not.post(
                            "/products/keeper-connection-manager/releases",
                            Api.JSON.createObjectNode().put("version", "1.7.0").put("repository", "kcm/1"))
                    .is(403);
        }
        for (Api not : List.of(stage.vera, stage.olga, service)) {
            not.post("/plans/" + id + "/approval", hash(plan)).is(403);
            not.post("/plans/" + id + "/rejection", hash(plan).put("reason", "no"))
                    .is(403);
        }
    }

    @Test
    void aPlanIsAmongWhatWaitsUntilItIsRejectedOrStarted() {
        JsonNode rejected = stage.plan(stage.deployment(host), 1);
        JsonNode started = stage.plan(stage.deployment(stage.lab.addKeeper("plan-activity")), 1);
        String first = rejected.at("/id").asText();
        String second = started.at("/id").asText();
        assertThat(activity("/plans")).contains(first, second);
        stage.paul
                .post("/plans/" + first + "/rejection", hash(rejected).put("reason", "no"))
                .is(200);
        stage.approve(started);
        assertThat(activity("/plans"))
                .as("approved, not started")
                .contains(second)
                .doesNotContain(first);
        UUID run = stage.start(started);
        assertThat(activity("/plans")).doesNotContain(second);
        stage.await(run, "completed");
        assertThat(activity("/runs")).doesNotContain(run.toString());
    }

    private static List<String> activity(String what) {
        return stage.vera.get("/activity").is(200).body().at(what).findValuesAsText("id");
    }

    @Test
    void thePlannersOwnApprovalIsRefusedEvenToAnAdmin() {
        Api ada = Api.of(stage.base(), "ada", "admin");
        JsonNode plan = ada.post("/plans", body(stage.deployment(host), "1.5.0"))
                .is(201)
                .body();
        var answer = ada.post("/plans/" + plan.at("/id").asText() + "/approval", hash(plan))
                .is(403);
        assertThat(answer.text("/type")).isEqualTo("/problems/own-plan");
        assertThat(answer.text("/detail")).isEqualTo("ada made this plan.");
        assertThat(ada.get("/plans/" + plan.at("/id").asText()).text("/status")).isEqualTo("planned");
        stage.approve(plan);
        assertThat(ada.get("/plans/" + plan.at("/id").asText()).text("/decidedBy"))
                .isEqualTo("paul");
    }

    @Test
    void anApprovalBindsToTheHashWhichAnybodyCanComputeFromThePlanThatIsShown() throws Exception {
        JsonNode plan = stage.plan(stage.deployment(host), 1);
        String path = "/plans/" + plan.at("/id").asText();
        var mapper = JsonMapper.builder()
                .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .build();
        String canonical = mapper.writeValueAsString(mapper.treeToValue(plan.at("/plan"), Object.class));
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8)));
        assertThat(plan.at("/hash").asText()).isEqualTo(hash);
        var other = stage.paul
                .post(path + "/approval", Api.JSON.createObjectNode().put("hash", "0".repeat(64)))
                .is(409);
        assertThat(other.text("/type")).isEqualTo("/problems/plan-hash-mismatch");
        stage.paul
                .post(path + "/approval", Api.JSON.createObjectNode().put("hash", hash))
                .is(200);
        assertThat(stage.paul
                        .post(path + "/rejection", hash(plan).put("reason", "late"))
                        .is(409)
                        .text("/type"))
                .isEqualTo("/problems/plan-decided");
    }

    @Test
    void twoPlansOfTheSameEstateHaveTheSameHash() {
        UUID deployment = stage.deployment(host);
        assertThat(stage.plan(deployment, 1).at("/hash"))
                .isEqualTo(stage.plan(deployment, 1).at("/hash"));
        assertThat(stage.plan(deployment, 2).at("/hash"))
                .isNotEqualTo(stage.plan(deployment, 1).at("/hash"));
    }

    @Test
    void plansAreListedByStatus() {
        UUID deployment = stage.deployment(host);
        JsonNode open = stage.plan(deployment, 1);
        JsonNode decided = stage.plan(deployment, 1);
        stage.approve(decided);
        String of = "/plans?deploymentId=" + deployment + "&status=";
        assertThat(stage.vera.get(of + "planned").is(200).body().findValuesAsText("hash"))
                .hasSize(1);
        assertThat(stage.vera.get(of + "planned").text("/items/0/id"))
                .isEqualTo(open.at("/id").asText());
        assertThat(stage.vera.get(of + "approved").text("/items/0/id"))
                .isEqualTo(decided.at("/id").asText());
        assertThat(stage.vera.get(of + "rejected").is(200).body().at("/items")).isEmpty();
        assertThat(stage.vera.get(of + "started").is(400).text("/next"))
                .isEqualTo("Use one of planned, approved, rejected, drifted.");
    }

    /** What a person reads of the next plan: what the steps of the last ones really took. */
    @Test
    void aPlanSaysHowLongItsStepsTookBefore() {
        LabHost known = stage.lab.addKeeper("plan-known");
        UUID run = stage.upgrade(1, known);
        assertThat(stage.vera.get("/runs?active=true").is(200).body().findValuesAsText("id"))
                .contains(run.toString());
        JsonNode ended = stage.await(run, "completed", "failed");
        assertThat(ended.at("/status").asText()).as("%s", ended).isEqualTo("completed");
        assertThat(stage.vera.get("/runs?active=true").is(200).body().findValuesAsText("id"))
                .doesNotContain(run.toString());
        assertThat(stage.vera.get("/runs?active=false").is(200).body().findValuesAsText("id"))
                .contains(run.toString());
        String first = ended.at("/stages/0/lanes/0/steps/0/stepId").asText();
        assertThat(stage.vera
                        .get("/runs/" + run + "/steps/" + first + "/attempts/1/output")
                        .is(200)
                        .text("/stepId"))
                .isEqualTo(first);
        stage.vera
                .get("/runs/" + run + "/steps/" + first + "/attempts/2/output")
                .is(404);

        JsonNode next = stage.plan(stage.deployment(host), 1);
        JsonNode forecast = next.at("/forecast");
        assertThat(forecast.at("/samples").asLong()).isPositive();
        assertThat(forecast.at("/p50Seconds").asDouble()).isPositive();
        assertThat(forecast.at("/p95Seconds").asDouble())
                .isGreaterThanOrEqualTo(forecast.at("/p50Seconds").asDouble());
        assertThat(next.at("/stageForecasts"))
                .hasSameSizeAs(next.at("/plan/stages"))
                .allMatch(each -> each.at("/forecast/samples").asLong() > 0);
        JsonNode done =
                stage.vera.get("/plans/" + ended.at("/planId").asText()).is(200).body();
        assertThat(done.hasNonNull("impact")).isFalse();
    }

    @Test
    void aPlanThatWasRejectedOrNotDecidedCannotBeStarted() {
        UUID deployment = stage.deployment(host);
        JsonNode plan = stage.plan(deployment, 1);
        ObjectNode start =
                Api.JSON.createObjectNode().put("planId", plan.at("/id").asText());
        assertThat(stage.olga.post("/runs", start).is(409).text("/type")).isEqualTo("/problems/plan-not-approved");
        stage.paul
                .post(
                        "/plans/" + plan.at("/id").asText() + "/rejection",
                        hash(plan).put("reason", "not now"))
                .is(200);
        assertThat(stage.olga.post("/runs", start).is(409).text("/detail")).isEqualTo("It is rejected.");
        assertThat(host.effects()).isEmpty();
    }

    @Test
    void driftBetweenPlanAndStartInvalidatesThePlanAndSaysTheDifferences() {
        UUID deployment = stage.deployment(host);
        JsonNode plan = stage.plan(deployment, 1);
        stage.approve(plan);
        HostState now = Stage.state(host, stage.lab.credential());
        var packages = new TreeMap<>(now.packages());
        packages.put("kcm-guacd", "1.4.1");
        stage.service
                .getBean(Estate.class)
                .host(new HostState(
                        now.hostId(),
                        now.name(),
                        now.address(),
                        now.port(),
                        now.user(),
                        now.credential(),
                        now.hostKey(),
                        now.status(),
                        now.osName(),
                        now.osVersion(),
                        now.components(),
                        packages,
                        now.units(),
                        0L,
                        1L,
                        1L,
                        now.seenAt()));
        ObjectNode start =
                Api.JSON.createObjectNode().put("planId", plan.at("/id").asText());
        var answer = stage.olga.post("/runs", start).is(409);
        assertThat(answer.text("/type")).isEqualTo("/problems/plan-drifted");
        assertThat(answer.text("/differences/0")).isEqualTo("plan-1: package kcm-guacd was 1.4.0 and is 1.4.1");
        JsonNode kept =
                stage.vera.get("/plans/" + plan.at("/id").asText()).is(200).body();
        assertThat(kept.at("/status").asText()).isEqualTo("drifted");
        assertThat(kept.at("/differences/0").asText()).isEqualTo("plan-1: package kcm-guacd was 1.4.0 and is 1.4.1");
        stage.service.getBean(Estate.class).host(now);
        stage.olga.post("/runs", start).is(409);
        assertThat(host.effects()).isEmpty();
    }

    @Test
    @Clause("K2")
    void aMajorReleaseIsRefusedWithTheClauseTheReasonAndWhatToDo() {
        var answer =
                stage.olga.post("/plans", body(stage.deployment(host), "2.0.0")).is(409);
        assertThat(answer.text("/type")).isEqualTo("/problems/plan-refused");
        assertThat(answer.text("/reasons/0/clause")).isEqualTo("K2");
        assertThat(answer.text("/detail")).contains("an existing install only ever gets minor releases");
        assertThat(answer.text("/next")).contains("1.x");
    }

    @Test
    @Clause("K1")
    void aMinorThatKeeperHasPublishedIsRegisteredAndCanThenBePlanned() {
        UUID deployment = stage.deployment(host);
        stage.olga.post("/plans", body(deployment, "1.9.0")).is(409);
        ObjectNode release = Api.JSON.createObjectNode().put("version", "1.9.0").put("repository", "kcm/1");
        stage.olga.post("/products/keeper-connection-manager/releases", release).is(201);
        stage.olga.post("/products/keeper-connection-manager/releases", release).is(409);
        stage.olga.post("/plans", body(deployment, "1.9.0")).is(201);
    }

    @Test
    @Clause("K4")
    void aRunIsOnlyStartedInTheMaintenanceWindow() {
        UUID deployment = stage.deployment(host);
        Instant tomorrow = Instant.now().plus(1, ChronoUnit.DAYS);
        ObjectNode body = body(deployment, "1.5.0");
        body.putObject("window")
                .put("start", tomorrow.toString())
                .put("end", tomorrow.plusSeconds(3600).toString())
                .put("zone", "Europe/Berlin");
        JsonNode plan = stage.olga.post("/plans", body).is(201).body();
        assertThat(plan.at("/plan/window/zone").asText()).isEqualTo("Europe/Berlin");
        stage.approve(plan);
        var answer = stage.olga
                .post(
                        "/runs",
                        Api.JSON.createObjectNode().put("planId", plan.at("/id").asText()))
                .is(409);
        assertThat(answer.text("/type")).isEqualTo("/problems/outside-window");
        ObjectNode over = body(deployment, "1.5.0");
        over.putObject("window").put("start", "2020-01-01T00:00:00Z").put("end", "2020-01-01T01:00:00Z");
        assertThat(stage.olga.post("/plans", over).is(409).text("/reasons/0/clause"))
                .isEqualTo("K4");
        ObjectNode backwards = body(deployment, "1.5.0");
        backwards.putObject("window").put("start", "2030-01-01T02:00:00Z").put("end", "2030-01-01T01:00:00Z");
        stage.olga.post("/plans", backwards).is(400);
    }

    @Test
    void requestsThatMakeNoSenseAreRefusedWithAProblem() {
        UUID deployment = stage.deployment(host);
        stage.olga.post("/plans", body(UUID.randomUUID(), "1.5.0")).is(404);
        stage.olga.post("/plans", body(deployment, "latest")).is(400);
        stage.olga
                .post("/plans", body(deployment, "1.5.0").put("concurrency", 0))
                .is(400);
        stage.olga
                .post("/plans", body(deployment, "1.5.0").put("concurency", 3))
                .is(400);
        stage.olga.postText("/plans", "{").is(400);
        stage.olga
                .post(
                        "/runs",
                        Api.JSON
                                .createObjectNode()
                                .put("planId", UUID.randomUUID().toString()))
                .is(404);
        stage.vera.get("/plans/" + UUID.randomUUID()).is(404);
        stage.vera.get("/runs?status=dancing").is(400);
        stage.vera.get("/plans?limit=0").is(400);
        stage.olga.wish("/runs/" + UUID.randomUUID() + "/resume", "x").is(404);
        stage.olga.wish("/runs/" + UUID.randomUUID() + "/dance", "x").is(404);
        assertThat(stage.vera
                        .get("/products/solitaire/releases")
                        .is(404)
                        .http()
                        .headers()
                        .firstValue("Content-Type")
                        .orElse(""))
                .startsWith("application/problem+json");
    }

    @Test
    void listsComeInPagesNewestFirst() {
        UUID deployment = stage.deployment(host);
        List<String> made = List.of(
                stage.plan(deployment, 1).at("/id").asText(),
                stage.plan(deployment, 2).at("/id").asText(),
                stage.plan(deployment, 3).at("/id").asText());
        JsonNode first = stage.vera
                .get("/plans?deploymentId=" + deployment + "&limit=2")
                .is(200)
                .body();
        assertThat(first.at("/items").findValuesAsText("id")).containsExactly(made.get(2), made.get(1));
        JsonNode second = stage.vera
                .get("/plans?deploymentId=" + deployment + "&limit=2&after="
                        + first.at("/next").asText())
                .is(200)
                .body();
        assertThat(second.at("/items").findValuesAsText("id")).containsExactly(made.get(0));
        assertThat(second.at("/next").asText("")).isIn("", "null");
    }
}
