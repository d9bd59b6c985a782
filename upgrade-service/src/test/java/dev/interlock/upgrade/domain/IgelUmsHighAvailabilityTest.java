package dev.interlock.upgrade.domain;

import static dev.interlock.upgrade.domain.Estate.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.testkit.Clause;
import dev.interlock.upgrade.adapter.json.Json;
import dev.interlock.upgrade.domain.Deployment.Member;
import dev.interlock.upgrade.domain.Plan.Limits;
import dev.interlock.upgrade.domain.Procedure.Planning;
import dev.interlock.upgrade.domain.Procedure.Planning.Planned;
import dev.interlock.upgrade.domain.Procedure.Planning.Refused;
import dev.interlock.upgrade.domain.Procedure.Reason;
import dev.interlock.upgrade.domain.Step.Trait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The page that reads like seed 002, as a plan. */
class IgelUmsHighAvailabilityTest {
    static final IgelUmsHighAvailability UMS = new IgelUmsHighAvailability(new IgelUmsHighAvailability.Settings(
            Duration.ofMinutes(1),
            Duration.ofMinutes(3),
            Duration.ofMinutes(3),
            Duration.ofMinutes(5),
            Duration.ofHours(2),
            Duration.ofMinutes(20),
            Duration.ofMinutes(10),
            Duration.ofMinutes(5),
            Duration.ofHours(1),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            Duration.ofMinutes(3),
            2048,
            "/opt/IGEL/RemoteManager",
            "https://127.0.0.1:8443",
            "/root/setup-igel-ums-linux_{version}.bin",
            Map.of(
                    "server", "ha-server",
                    "server+load-balancer", "ha-server-load-balancer",
                    "load-balancer", "ha-load-balancer",
                    "console", "console"),
            "/var/lib/interlock/backups"));

    private final Map<UUID, Host> hosts = new LinkedHashMap<>();
    private final List<Member> members = new ArrayList<>();
    private final Map<String, String> settings = new LinkedHashMap<>();

    private Host host(String name, String role, String version, String... units) {
        var states = new LinkedHashMap<String, String>();
        for (String unit : units) {
            states.put(unit, "active");
        }
        var host = new Host(
                id(name),
                name,
                "10.0.0.1",
                22,
                "root",
                "fleet",
                "ssh-ed25519 AAAA" + name,
                "reachable",
                version.isEmpty() ? Map.of() : Map.of("igel-ums", version),
                states);
        hosts.put(host.id(), host);
        members.add(new Member(host.id(), role));
        return host;
    }

    private void server(String name, String version) {
        host(name, "server", version, "igel-ums-server", "igel-ums-watchdog");
    }

    private void balancer(String name, String version) {
        host(name, "load-balancer", version, "igel-ums-broker", "igel-ums-watchdog");
    }

    /** Three servers, one load balancer, one console. */
    private void network() {
        server("ums-1", "12.04.100");
        server("ums-2", "12.04.100");
        server("ums-3", "12.04.100");
        balancer("lb-1", "12.04.100");
        host("con-1", "console", "12.04.100");
    }

    private Planning planning(String target) {
        var releases = List.of(release("12.04.100"), release("12.04.110"), release("12.05.100"), release("12.05.110"));
        return UMS.plan(new Procedure.Order(
                new Deployment(Estate.DEPLOYMENT, "ums", "igel-ums", members, settings),
                hosts,
                new Version(target),
                releases,
                new Limits(10, 0, null),
                null));
    }

    /** A network of any size, for tests of what holds of all of them. */
    static Plan network(int servers, int balancers, int consoles, String target) {
        var of = new IgelUmsHighAvailabilityTest();
        for (int i = 1; i <= servers; i++) {
            of.server("ums-" + i, "12.04.100");
        }
        for (int i = 1; i <= balancers; i++) {
            of.balancer("lb-" + i, "12.04.100");
        }
        for (int i = 1; i <= consoles; i++) {
            of.host("con-" + i, "console", "12.04.100");
        }
        return of.plan(target);
    }

    private static Release release(String version) {
        return new Release(Product.IGEL_UMS, new Version(version), "igel-ums/12", Map.of(), true, "");
    }

    private Plan plan(String target) {
        return planning(target) instanceof Planned planned ? planned.plan() : fail(target);
    }

    private Plan fail(String target) {
        throw new AssertionError(refusals(target));
    }

    private List<Reason> refusals(String target) {
        return ((Refused) planning(target)).reasons();
    }

    private static List<String> ids(Plan plan) {
        return plan.steps().map(Step::id).toList();
    }

    private static Stage stage(Plan plan, String name) {
        return plan.stages().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Step step(Plan plan, String id) {
        return plan.steps().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
    }

    @Test
    @Clause({"G1", "G3", "G7", "G10", "G11", "G12", "G14", "G16", "G17", "G18", "G22", "G23", "G25"})
    void theNetworkIsUpdatedInTheOrderOfTheSource() {
        network();
        assertThat(ids(plan("12.05.100")))
                .containsExactly(
                        "check.ums-1",
                        "check.ums-2",
                        "check.ums-3",
                        "check.lb-1",
                        "check.con-1",
                        "tested",
                        "terms",
                        "freeze",
                        "backup.ums-1",
                        "enter.ums-1",
                        "install.ums-1",
                        "enter.ums-2",
                        "install.ums-2",
                        "enter.ums-3",
                        "install.ums-3",
                        "renew.ums-3",
                        "return.ums-1",
                        "return.ums-2",
                        "return.ums-3",
                        "stop.lb-1",
                        "install.lb-1",
                        "install.con-1",
                        "prove.ums-1",
                        "prove.ums-2",
                        "prove.ums-3",
                        "prove.lb-1",
                        "prove.con-1");
    }

    @Test
    @Clause({"G9", "G16"})
    void anyServerMayBeFirstAndTheLastAloneRenewsTheSchema() {
        network();
        Plan plan = plan("12.05.100");
        assertThat(stage(plan, "Servers").width()).isEqualTo(1);
        assertThat(plan.steps().filter(s -> s.action() instanceof UmsAction.RenewSchema))
                .singleElement()
                .satisfies(s -> assertThat(((UmsAction.RenewSchema) s.action()).schema())
                        .isEqualTo("12.05"));
        assertThat(plan.notes().getFirst())
                .isEqualTo(
                        "Servers are updated in this order, and any may be first (G9): ums-1, ums-2, ums-3. ums-3, the last one,"
                                + " renews the schema of the productive database to 12.05 (G16).");
    }

    @Test
    void aReleaseWithTheSameSchemaRenewsNothing() {
        server("ums-1", "12.05.100");
        server("ums-2", "12.05.100");
        assertThat(ids(plan("12.05.110"))).doesNotContain("renew.ums-2").contains("return.ums-1", "return.ums-2");
    }

    @Test
    @Clause({"G4", "G13"})
    void fromTheFirstServerToNormalModeThereIsNoWayBackAndThePlanSaysSo() {
        network();
        Plan plan = plan("12.05.100");
        assertThat(plan.stages().stream().filter(s -> s.noWayBack() != null).map(Stage::name))
                .containsExactly("Servers", "Last server", "Back to normal mode");
        assertThat(stage(plan, "Servers").noWayBack())
                .contains("no way back but forward")
                .contains("a separate HA network with the restored backup");
        assertThat(plan.stages()).allMatch(Stage::haltOnFailure);
        assertThat(step(plan, "enter.ums-1").safeAfter()).isFalse();
        assertThat(step(plan, "install.ums-3").safeAfter()).isFalse();
    }

    @Test
    @Clause("G4")
    void anOlderReleaseIsRefusedWithTheHonestWayBack() {
        server("ums-1", "12.05.100");
        server("ums-2", "12.04.100");
        assertThat(refusals("12.04.100"))
                .containsExactly(
                        new Reason(
                                "G4",
                                "ums-1 runs 12.05.100, which is newer than 12.04.100: an older UMS cannot be installed over a newer one.",
                                "To go back, build a separate HA network with 12.04.100 and restore a database backup of its schema there."));
    }

    @Test
    @Clause({"G7", "G10", "G12"})
    void aPersonConfirmsTheTestTheTermsAndTheFreezeBeforeAnythingIsChanged() {
        network();
        Plan plan = plan("12.05.100");
        assertThat(plan.steps()
                        .filter(s -> s.action() instanceof Gate)
                        .map(s -> s.clauses().getFirst() + " " + s.id()))
                .containsExactly("G7 tested", "G10 terms", "G12 freeze");
        assertThat(((Gate) step(plan, "freeze").action()).question())
                .contains("nothing may be changed until all servers are updated");
        assertThat(plan.steps().filter(s -> s.action() instanceof Gate)).allMatch(s -> s.is(Trait.NEEDED));
    }

    @Test
    @Clause("G15")
    void withSqlServerAdNativeAPersonSetsTheServiceUpOnEveryServerAndTheBackupIsTheVendors() {
        network();
        settings.put("database.kind", "sqlserver-ad-native");
        Plan plan = plan("12.05.100");
        assertThat(ids(plan)).contains("backup").doesNotContain("backup.ums-1");
        assertThat(ids(plan))
                .containsSubsequence(
                        "install.ums-1",
                        "ad-native.ums-1",
                        "install.ums-2",
                        "ad-native.ums-2",
                        "install.ums-3",
                        "ad-native.ums-3",
                        "renew.ums-3");
    }

    @Test
    @Clause({"G18", "G19", "G20", "G21"})
    void loadBalancersFollowTheServersOneAfterAnotherThenTheConsoles() {
        network();
        balancer("lb-2", "12.04.100");
        Plan plan = plan("12.05.100");
        assertThat(plan.stages().stream().map(Stage::name))
                .containsSubsequence("Back to normal mode", "Load balancers", "Consoles", "Final check");
        assertThat(stage(plan, "Load balancers").width()).isEqualTo(1);
        assertThat(step(plan, "stop.lb-1").is(Trait.OUTAGE))
                .as("the other one goes on")
                .isFalse();
        assertThat(plan.notes())
                .anyMatch(n -> n.startsWith("Consoles cannot connect from the first updated server on"));
    }

    @Test
    void theOnlyLoadBalancersUpdateIsAnOutage() {
        network();
        assertThat(step(plan("12.05.100"), "stop.lb-1").is(Trait.OUTAGE)).isTrue();
    }

    @Test
    @Clause("G2")
    void everyServerIsAskedForExactlyThePlansServersAndLoadBalancers() {
        network();
        host("both-1", "server", "12.04.100", "igel-ums-server", "igel-ums-broker", "igel-ums-watchdog");
        var check = (UmsAction.CheckNode) step(plan("12.05.100"), "check.ums-2").action();
        assertThat(check.members())
                .isEqualTo(
                        new UmsAction.Members(List.of("ums-1", "ums-2", "ums-3", "both-1"), List.of("both-1", "lb-1")));
    }

    @Test
    void whatHasTheReleaseAlreadyIsCheckedAndNotInstalled() {
        network();
        server("ums-4", "12.05.100");
        Plan plan = plan("12.05.100");
        assertThat(ids(plan))
                .contains("check.ums-4", "return.ums-4", "prove.ums-4")
                .doesNotContain("install.ums-4");
        assertThat(plan.notes()).contains("ums-4 has 12.05.100 already: it is checked, not installed.");
        assertThat(ids(plan)).contains("renew.ums-3");
    }

    @Test
    void aDatabaseHostDumpsTheDatabaseItIsToldOf() {
        network();
        host("db-1", "database", "");
        assertThat(refusals("12.05.100").getFirst().next())
                .isEqualTo("Set database.host, database.port, database.name and database.user of the deployment.");
        settings.putAll(Map.of(
                "database.host",
                "db",
                "database.port",
                "5432",
                "database.name",
                "ums",
                "database.user",
                "igel",
                "database.credential",
                "ums-db"));
        Plan plan = plan("12.05.100");
        assertThat(ids(plan)).contains("backup.db-1").doesNotContain("backup.ums-1", "prove.db-1");
        assertThat(step(plan, "backup.db-1").action().secret()).isEqualTo("ums-db");
    }

    @Test
    void membersInTheWrongRoleAreNamedWithTheReason() {
        host("ums-1", "load-balancer", "12.04.100", "igel-ums-server", "igel-ums-watchdog");
        host("ums-2", "node", "12.04.100", "igel-ums-server", "igel-ums-watchdog");
        host("ums-3", "server", "12.04.100", "igelRMserver");
        assertThat(refusals("12.05.100").stream().map(Reason::text))
                .containsExactly(
                        "ums-1 is in the deployment as load-balancer, but it is a server, too: its role is 'server'.",
                        "ums-2 is in the deployment as node, but a UMS network has only servers, load balancers ('load-balancer'),"
                                + " consoles and a database host.",
                        "ums-3 is in the deployment as server, but its services are those of a UMS before 6.06, which Interlock does not"
                                + " know.");
    }

    @Test
    void settingsThatAShellCouldReadAsMoreThanANameAreRefused() {
        network();
        settings.put("database.name", "ums; drop");
        settings.put("installer", "/root/$(id)");
        assertThat(refusals("12.05.100").stream().map(Reason::rule)).containsExactly("G3", "G1");
    }

    @Test
    void aPlanKeepsAllItsWordsThroughStorageAndHoldsNoSecret() {
        network();
        settings.put("database.credential", "ums-db");
        Plan plan = plan("12.05.100");
        String canonical = Json.canonical(plan);
        assertThat(Json.plan(canonical)).isEqualTo(plan);
        assertThat(canonical).contains("\"credential\":\"ums-db\"").doesNotContain("secret");
    }
}
