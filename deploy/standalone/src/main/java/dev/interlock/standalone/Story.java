package dev.interlock.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.interlock.contracts.Channel;
import dev.interlock.contracts.UpgradeEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** From a discovered host to a finished upgrade, told and checked. */
final class Story {
    private static final String KEEPER = "keeper-connection-manager";
    private static final String FROM = "1.4.0";
    private static final String TARGET = "1.5.0";
    private static final String CODE = "INTERLOCK-DEMO-3-SEATS";

    private record DemoHost(
            UUID id,
            String name,
            String address,
            int port,
            String user,
            String credential,
            String hostKey,
            String web) {}

    private final Home home;
    private final State state;
    private final Narrator narrator;
    private final EventWatch events;
    private final EventLine lines;
    private final Expectations expected = new Expectations();
    private final List<DemoHost> hosts = new ArrayList<>();
    private int held;
    private int failed;
    private int steps;
    private int runs;

    Story(Home home, State state, Narrator narrator, EventWatch events, EventLine lines) {
        this.home = home;
        this.state = state;
        this.narrator = narrator;
        this.events = events;
        this.lines = lines;
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
        var deploymentId = discover();
        license();
        var before = effects();
        var runId = upgrade(deploymentId);
        verify(runId, before);
        var missing = awaitExpected();
        for (var one : missing) {
            narrator.tell("missing: " + one);
        }
        check(
                events.flaws().isEmpty(),
                "all " + events.all().size() + " records on the topics are CloudEvents 1.0"
                        + (events.flaws().isEmpty() ? "" : ": " + events.flaws().getFirst()));
        long upgraded = events.all(UpgradeEvent.NodeUpdated.class).stream()
                .map(UpgradeEvent.NodeUpdated::hostId)
                .distinct()
                .count();
        return new Outcome(
                hosts.size(),
                (int) upgraded,
                runs,
                steps,
                events.all().size(),
                expected.count(),
                missing,
                held,
                failed);
    }

    // --- chapters ---

    private UUID discover() {
        narrator.chapter("Discover the estate", """
                Pat imports a list of hosts, each with the SSH host key it must show. The inventory logs in at
                each one, looks what runs there, and tells everybody on Kafka.""");
        var pat = api("inventory", "operator");
        var report = pat.postText("/imports?format=csv", "text/csv", lab("/inventory.csv"));
        narrator.tell("pat imports the lab's hosts: " + report.path("created").asInt() + " new, "
                + report.path("deployments").asInt() + " deployment, "
                + report.path("rejected").size() + " lines refused");
        var listed = await("every host is reachable and its Keeper version known", Duration.ofSeconds(40), () -> {
            var all = items(pat.get("/hosts?limit=100"));
            boolean known = all.size() == report.path("created").asInt()
                    && all.stream()
                            .allMatch(h -> h.path("status").asText().equals("reachable")
                                    && !h.path("components").isEmpty());
            return known ? all : null;
        });
        for (var host : listed) {
            var variant = host.path("components").path(0).path("variant").asText();
            hosts.add(new DemoHost(
                    UUID.fromString(host.path("hostId").asText()),
                    host.path("name").asText(),
                    host.path("address").asText(),
                    host.path("port").asInt(),
                    host.path("user").asText(),
                    host.path("credential").asText(),
                    host.path("hostKey").asText(),
                    variant.contains("tomcat") ? "tomcat" : "guacamole"));
        }
        for (var host : hosts) {
            expected.add(Channel.INVENTORY_EVENTS, "HostDiscovered", host.id().toString(), host.name());
            expected.add(Channel.INVENTORY_HOSTS, "HostState", host.id().toString(), host.name());
        }
        var deployment = items(pat.get("/deployments")).getFirst();
        var id = deployment.path("deploymentId").asText();
        expected.add(
                Channel.INVENTORY_EVENTS,
                "DeploymentRegistered",
                id,
                deployment.path("name").asText());
        expected.add(
                Channel.INVENTORY_DEPLOYMENTS,
                "DeploymentState",
                id,
                deployment.path("name").asText());
        check(
                listed.stream()
                        .allMatch(h -> h.path("components")
                                .path(0)
                                .path("version")
                                .asText()
                                .equals(FROM)),
                "all " + hosts.size() + " hosts run Keeper Connection Manager " + FROM);
        return UUID.fromString(id);
    }

    private void license() {
        narrator.chapter("License sessions", """
                A purchase of three seats is activated on a license server; each session of a user takes one.
                The fourth must be refused: seats are counted by the database, not by hope.""");
        var pat = api("license", "operator");
        var machines = api("license", "admin");
        var agents = api("agent", "operator");
        var server = pat.post("/license-servers", Map.of("name", "ls-emea", "kind", "native"))
                .path("licenseServerId")
                .asText();
        expected.add(Channel.LICENSE_EVENTS, "LicenseServerRegistered", server, "ls-emea");
        pat.post(
                "/pools",
                Map.of(
                        "activationCode",
                        CODE,
                        "seats",
                        3,
                        "feature",
                        "session",
                        "expiresAt",
                        Instant.now().plus(Duration.ofDays(365)).toString()));
        pat.put("/pools/" + CODE + "/activations/" + server, Map.of("total", 3));
        narrator.tell("pat activates 3 licences of " + CODE + " on ls-emea");
        expected.add(Channel.LICENSE_EVENTS, "LicensesActivated", CODE, CODE);

        var agentIds = new ArrayList<String>();
        for (var name : List.of("desk-anna", "desk-ben", "desk-cleo", "desk-dora")) {
            var id = agents.post("/agents", Map.of("name", name, "licenseServerId", server))
                    .path("agentId")
                    .asText();
            lines.name(UUID.fromString(id), name);
            agentIds.add(id);
            expected.add(Channel.AGENT_EVENTS, "AgentRegistered", id, name);
        }
        var sessions = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            var user = List.of("anna", "ben", "cleo").get(i);
            var session = machines.post(
                    "/license-servers/" + server + "/sessions", Map.of("agentId", agentIds.get(i), "user", user));
            sessions.add(session.path("sessionId").asText());
            expected.add(Channel.LICENSE_SESSIONS, "SessionAuthorized", server, user);
            expected.add(Channel.AGENT_EVENTS, "AgentValidated", agentIds.get(i), user + "'s agent");
        }
        expected.add(Channel.LICENSE_EVENTS, "PoolExhausted", CODE, CODE);
        var fourth = machines.tryPost(
                "/license-servers/" + server + "/sessions", Map.of("agentId", agentIds.get(3), "user", "dora"));
        check(
                fourth.status() == 409 && fourth.body().path("type").asText().endsWith("/no-license"),
                "the fourth session is refused: " + fourth.sentence());
        expected.add(Channel.LICENSE_SESSIONS, "SessionDenied", server, "dora");
        machines.delete("/sessions/" + sessions.getFirst());
        expected.add(Channel.LICENSE_SESSIONS, "SessionReleased", server, "anna");
        var again = machines.tryPost(
                "/license-servers/" + server + "/sessions", Map.of("agentId", agentIds.get(3), "user", "dora"));
        check(again.status() == 201, "after anna's session has ended dora gets hers");
        expected.add(Channel.LICENSE_SESSIONS, "SessionAuthorized", server, "dora");
        expected.add(Channel.AGENT_EVENTS, "AgentValidated", agentIds.get(3), "dora's agent");
        var pool = pat.get("/pools/" + CODE);
        check(pool.path("inUse").asInt(-1) == 3, "the pool counts 3 of 3 licences in use");

        narrator.chapter("Watch the agents", """
                Each agent asks its license server now and then. When it fails, its grace period begins: until
                that ends, users notice nothing. An upgrade of a license server must be shorter than that.""");
        var reports = api("agent", "admin");
        var agent = agentIds.get(1);
        validate(reports, agent, "demo-1", Instant.now(), "succeeded");
        expected.add(Channel.AGENT_EVENTS, "AgentValidated", agent, "desk-ben");
        validate(reports, agent, "demo-2", Instant.now(), "failed");
        narrator.tell("desk-ben does not reach its license server");
        expected.add(Channel.AGENT_EVENTS, "AgentValidationFailed", agent, "desk-ben");
        expected.add(Channel.AGENT_EVENTS, "GracePeriodStarted", agent, "desk-ben");
        await(
                "desk-ben is in its grace period",
                Duration.ofSeconds(10),
                () -> reports.get("/agents/" + agent).path("state").asText().equals("in-grace") ? agent : null);
        validate(reports, agent, "demo-3", Instant.now(), "succeeded");
        narrator.tell("desk-ben reaches it again");
        expected.add(Channel.AGENT_EVENTS, "AgentValidated", agent, "desk-ben");
        expected.add(Channel.AGENT_EVENTS, "GracePeriodEnded", agent, "desk-ben");
        check(
                reports.get("/agents/" + agent).path("state").asText().equals("licensed"),
                "desk-ben is licensed again, and its grace period is over");
    }

    private static void validate(Api agents, String agent, String id, Instant at, String outcome) {
        var body =
                new LinkedHashMap<String, Object>(Map.of("validationId", id, "at", at.toString(), "outcome", outcome));
        if (outcome.equals("failed")) {
            body.put("reason", "license server unreachable");
        }
        agents.post("/agents/" + agent + "/validations", body);
    }

    private String upgrade(UUID deploymentId) {
        narrator.chapter("Plan the upgrade, and let another person approve it", """
                Pat plans Keeper Connection Manager %s → %s for the whole group. A plan is data: every step, what is
                looked at before and after, and a hash. Who plans does not approve.""".formatted(FROM, TARGET));
        var pat = api("upgrade", "operator");
        var alex = api("upgrade", "approver");
        var plan = await("upgrade-service has heard of the hosts", Duration.ofSeconds(20), () -> {
            var answer = pat.tryPost(
                    "/plans",
                    Map.of(
                            "deploymentId",
                            deploymentId.toString(),
                            "targetVersion",
                            TARGET,
                            "canary",
                            1,
                            "concurrency",
                            5));
            return answer.isSuccess() ? answer.body() : null;
        });
        var planId = plan.path("id").asText();
        var hash = plan.path("hash").asText();
        narrator.tell("pat's plan " + planId.substring(0, 8) + ": "
                + plan.path("nodes").asInt() + " hosts, one of them" + " first, then five at a time; hash "
                + hash.substring(0, 12) + "…");
        for (var note : plan.path("notes")) {
            narrator.tell("  the plan notes: " + note.asText());
        }
        var approval = Map.of("hash", hash, "comment", "Looks right to me.");
        var own = pat.tryPost("/plans/" + planId + "/approval", approval);
        check(own.status() == 403, "pat's approval of his own plan is refused: " + own.sentence());
        alex.post("/plans/" + planId + "/approval", approval);
        narrator.tell("alex approves exactly that hash");

        narrator.chapter("Upgrade, host by host", """
                For each host: check, stop Guacamole and guacd, upgrade Keeper's packages and no others, start both,
                prove that what runs is what was installed. First one host alone, then the others.""");
        var run = pat.post("/runs", Map.of("planId", planId));
        var runId = run.path("id").asText();
        narrator.tell("pat starts run " + runId.substring(0, 8));
        var key = deploymentId.toString();
        expected.add(Channel.UPGRADE_EVENTS, "UpgradePlanned", key, "the plan");
        expected.add(Channel.UPGRADE_EVENTS, "UpgradeApproved", key, "the plan");
        expected.add(Channel.UPGRADE_EVENTS, "UpgradeStarted", key, "the run");
        for (var host : hosts) {
            expected.add(
                    Channel.UPGRADE_EVENTS,
                    "PreflightPassed",
                    host.name(),
                    seen -> seen.content() instanceof UpgradeEvent.PreflightPassed e
                            && host.id().equals(e.hostId()));
            expected.add(
                    Channel.UPGRADE_EVENTS,
                    "NodeDrained",
                    host.name(),
                    seen -> seen.content() instanceof UpgradeEvent.NodeDrained e
                            && host.id().equals(e.hostId()));
            expected.add(
                    Channel.UPGRADE_EVENTS,
                    "NodeUpdated",
                    host.name(),
                    seen -> seen.content() instanceof UpgradeEvent.NodeUpdated e
                            && host.id().equals(e.hostId()));
        }
        expected.add(Channel.UPGRADE_EVENTS, "UpgradeCompleted", key, "the run");
        await("the run has ended", Duration.ofSeconds(150), () -> {
            var now = pat.get("/runs/" + runId);
            var status = now.path("status").asText();
            if (status.equals("paused") || status.equals("failed") || status.equals("aborted")) {
                throw new StandaloneException(
                        "The run is " + status + ": " + now.path("reason").asText());
            }
            return status.equals("completed") ? now : null;
        });
        runs++;
        return runId;
    }

    private void verify(String runId, List<JsonNode> before) {
        narrator.chapter("Verify", """
                Nobody takes the upgrade's own word for it: the inventory looks again, somebody else looks over SSH,
                and the lab says what was really done to its hosts, and how often.""");
        var pat = api("inventory", "operator");
        var asked = Instant.now();
        for (var host : hosts) {
            pat.post("/hosts/" + host.id() + "/probes", Map.of());
            expected.add(
                    Channel.INVENTORY_EVENTS,
                    "ComponentVersionChanged",
                    host.id().toString(),
                    host.name());
        }
        for (var host : hosts) {
            var view = await(host.name() + " is probed again", Duration.ofSeconds(30), () -> {
                var now = pat.get("/hosts/" + host.id());
                boolean probed = now.hasNonNull("probedAt")
                        && Instant.parse(now.path("probedAt").asText()).isAfter(asked);
                return probed ? now : null;
            });
            var version = view.path("components").path(0).path("version").asText();
            check(
                    version.equals(TARGET) && view.path("status").asText().equals("reachable"),
                    host.name() + ": the inventory finds " + KEEPER + " " + version);
        }
        hosts.parallelStream().map(this::look).forEachOrdered(this::checkLook);
        checkEffects(before);
        var run = api("upgrade", "viewer").get("/runs/" + runId);
        var all = new ArrayList<JsonNode>();
        run.path("stages")
                .forEach(stage ->
                        stage.path("lanes").forEach(lane -> lane.path("steps").forEach(all::add)));
        steps = all.size();
        check(
                !all.isEmpty()
                        && all.stream().allMatch(s -> s.path("state").asText().equals("succeeded")),
                "all " + steps + " steps of the run succeeded");
        check(
                !all.isEmpty() && all.stream().allMatch(s -> s.path("attempt").asInt() == 1),
                "each of them at the first attempt");
        var told = await("the run's story is complete", Duration.ofSeconds(10), () -> {
            var done = events.all(UpgradeEvent.UpgradeCompleted.class);
            return done.isEmpty() ? null : done.getFirst();
        });
        // what the product itself checked on each host counts too
        held += told.postchecksHeld();
        failed += told.postchecksFailed();
        check(
                told.updatedNodes() == hosts.size() && told.postchecksFailed() == 0,
                "the run itself checked " + told.postchecksHeld() + " things, and all held");
        var counts = events.all(UpgradeEvent.NodeUpdated.class).stream()
                .map(UpgradeEvent.NodeUpdated::n)
                .toList();
        check(
                counts.equals(IntStream.rangeClosed(1, hosts.size()).boxed().toList()),
                "the events count " + counts + " in order");
        var chain = api("upgrade", "admin").get("/audit/verification");
        check(
                chain.path("intact").asBoolean(chain.path("valid").asBoolean()),
                "the audit log's hash chain is unbroken");
        var trail = items(api("upgrade", "admin").get("/audit?limit=100"));
        check(
                trail.stream().anyMatch(e -> isApproval(e, "pat", Set.of("refused", "denied")))
                        && trail.stream().anyMatch(e -> isApproval(e, "alex", Set.of("done"))),
                "the audit log has pat's refused approval and alex's good one");
    }

    private static boolean isApproval(JsonNode entry, String actor, Set<String> outcomes) {
        return entry.path("action").asText().equals("plan.approve")
                && entry.path("actor").asText().equals(actor)
                && outcomes.contains(entry.path("outcome").asText());
    }

    // --- witnesses ---

    private record Look(DemoHost host, String said) {}

    private Look look(DemoHost host) {
        var script = "rpm -qa --qf '%{NAME} %{VERSION}\\n'; systemctl is-active " + host.web() + " guacd";
        return new Look(
                host,
                HostEye.look(
                        host.address(),
                        host.port(),
                        host.hostKey(),
                        host.user(),
                        home.credentials().resolve(host.credential() + ".key"),
                        script));
    }

    private void checkLook(Look look) {
        var keeper = look.said()
                .lines()
                .filter(line -> line.startsWith("kcm") || line.startsWith("keeper-guacamole-standalone "))
                .toList();
        long active = look.said().lines().filter("active"::equals).count();
        boolean good = keeper.size() >= 5
                && keeper.stream().allMatch(line -> line.endsWith(" " + TARGET))
                && keeper.stream()
                                .map(line -> line.split(" ", -1)[0])
                                .distinct()
                                .count()
                        == keeper.size()
                && active == 2;
        check(
                good,
                look.host().name() + ": over SSH, " + keeper.size() + " packages at " + TARGET + ", "
                        + look.host().web() + " and guacd active"
                        + (good ? "" : " – not so: " + look.said().replace('\n', '|')));
    }

    private List<JsonNode> effects() {
        return StreamSupport.stream(read(lab("/effects")).spliterator(), false).toList();
    }

    private void checkEffects(List<JsonNode> before) {
        var since = effects();
        since = since.subList(before.size(), since.size());
        for (var host : hosts) {
            var counts = new LinkedHashMap<String, Integer>();
            for (var effect : since) {
                if (effect.path("host").asText().equals(host.name())) {
                    counts.merge(
                            effect.path("kind").asText() + " "
                                    + effect.path("subject").asText().replaceFirst("\\.service$", ""),
                            1,
                            Integer::sum);
                }
            }
            boolean once = counts.values().stream().allMatch(n -> n == 1);
            boolean both = List.of("stop guacd", "start guacd", "stop " + host.web(), "start " + host.web()).stream()
                    .allMatch(counts::containsKey);
            long upgraded = counts.keySet().stream()
                    .filter(k -> k.startsWith("upgrade "))
                    .count();
            boolean others = counts.keySet().stream()
                    .allMatch(k -> k.startsWith("upgrade kcm")
                            || k.equals("upgrade keeper-guacamole-standalone")
                            || k.startsWith("stop ")
                            || k.startsWith("start "));
            boolean good = once && both && upgraded >= 5 && others;
            check(
                    good,
                    host.name() + ": the lab counts one stop and one start of " + host.web() + " and guacd, " + upgraded
                            + " packages upgraded once, nothing else" + (good ? "" : " – not so: " + counts));
        }
    }

    private String lab(String path) {
        try {
            var question = HttpRequest.newBuilder(
                            URI.create(String.valueOf(state.lab())).resolve(path))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            var answer = HttpClient.newHttpClient()
                    .send(question, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (answer.statusCode() != 200) {
                throw new StandaloneException("The lab answered " + answer.statusCode() + " to " + path + ".");
            }
            return answer.body();
        } catch (IOException e) {
            throw new StandaloneException("The lab does not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StandaloneException("Interrupted.");
        }
    }

    // --- small things ---

    private void check(boolean good, String text) {
        if (good) {
            held++;
        } else {
            failed++;
        }
        narrator.check(good, text);
    }

    private List<String> awaitExpected() {
        Commands.until(
                Duration.ofSeconds(15), () -> expected.missing(events.all()).isEmpty());
        return expected.missing(events.all());
    }

    private Api api(String service, String person) {
        try {
            var file = home.folder().resolve(String.valueOf(state.tokens().get(person)));
            return new Api(
                    String.valueOf(state.services().get(service)),
                    Files.readString(file, StandardCharsets.US_ASCII).strip());
        } catch (IOException e) {
            throw new StandaloneException("The token of the " + person + " cannot be read: " + e.getMessage());
        }
    }

    private static JsonNode read(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            return JsonNodeFactory.instance.missingNode();
        }
    }

    private static List<JsonNode> items(JsonNode page) {
        return StreamSupport.stream(page.path("items").spliterator(), false).toList();
    }

    private interface Attempt<T> {
        @Nullable
        T now();
    }

    private static <T> T await(String what, Duration limit, Attempt<T> attempt) {
        var deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            var found = attempt.now();
            if (found != null) {
                return found;
            }
            if (System.nanoTime() > deadline) {
                throw new StandaloneException("Waited " + limit.toSeconds() + " s in vain until " + what + ".");
            }
            Commands.until(Duration.ofMillis(100), () -> false);
        }
    }
}
