package dev.interlock.upgrade.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.testkit.Clause;
import dev.interlock.upgrade.domain.LicenseServerAction.UpdatePackage;
import dev.interlock.upgrade.domain.Procedure.Order;
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

class PcoipLicenseServerTest {
    private static final PcoipLicenseServer PROCEDURE = new PcoipLicenseServer(new PcoipLicenseServer.Settings(
            "pcoip-license-server",
            500,
            3815,
            Duration.ofMinutes(1),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            Duration.ofMinutes(15),
            Duration.ofMinutes(3),
            Duration.ofMinutes(10),
            "/var/lib/interlock/rpms"));

    private static Host host(String name, String version, String unit) {
        return new Host(
                Estate.id(name),
                name,
                "10.0.0.1",
                22,
                "interlock",
                "fleet",
                "ssh-ed25519 AAAA",
                "reachable",
                Map.of("pcoip-license-server", version),
                Map.of(unit, "active"));
    }

    private static Planning planning(Map<String, String> settings, Host... hosts) {
        var known = new LinkedHashMap<UUID, Host>();
        var members = new ArrayList<Deployment.Member>();
        for (Host host : hosts) {
            known.put(host.id(), host);
            members.add(new Deployment.Member(host.id(), "license-server"));
        }
        return PROCEDURE.plan(new Order(
                new Deployment(Estate.id("licenses"), "licenses", "pcoip-license-server", members, settings),
                known,
                new Version("23.04"),
                List.of(new Release(
                        Product.PCOIP_LICENSE_SERVER, new Version("23.04"), "teradici", Map.of(), false, "seed 001")),
                new Plan.Limits(5, 1, null),
                null));
    }

    private static Plan plan(Map<String, String> settings, Host... hosts) {
        return ((Planned) planning(settings, hosts)).plan();
    }

    private static List<Reason> refused(Map<String, String> settings, Host... hosts) {
        return ((Refused) planning(settings, hosts)).reasons();
    }

    private static List<String> ids(Plan plan) {
        return plan.steps().map(Step::id).toList();
    }

    private static final Host OLD = host("ls-1", "22.09", "flexnetls-TERADICI");

    @Test
    @Clause({"L50", "L52"})
    void aServerIsCheckedItsLicensesWrittenDownThenUpdatedAwaitedAndCompared() {
        assertThat(ids(plan(Map.of(), OLD)))
                .containsExactly("check.ls-1", "record.ls-1", "install.ls-1", "await.ls-1", "compare.ls-1");
    }

    @Test
    @Clause("L46")
    void aTemporaryConnectionIsAGateBeforeTheUpdateAndOneAfterTheStart() {
        assertThat(ids(plan(Map.of("install", "temporary-connection"), OLD)))
                .containsExactly(
                        "check.ls-1",
                        "record.ls-1",
                        "open.ls-1",
                        "install.ls-1",
                        "await.ls-1",
                        "close.ls-1",
                        "compare.ls-1");
    }

    @Test
    @Clause({"L47", "L48"})
    void carriedPackagesAreAGateAndALookBeforeAnythingIsChanged() {
        Plan plan = plan(Map.of("install", "carried", "carriedFolder", "/media/usb"), OLD);
        assertThat(ids(plan))
                .containsExactly(
                        "check.ls-1",
                        "record.ls-1",
                        "carry.ls-1",
                        "carried.ls-1",
                        "install.ls-1",
                        "await.ls-1",
                        "compare.ls-1");
        Step install = plan.steps()
                .filter(s -> s.id().equals("install.ls-1"))
                .findFirst()
                .orElseThrow();
        assertThat(install.action())
                .isInstanceOfSatisfying(
                        UpdatePackage.class,
                        update -> assertThat(update.carriedIn()).isEqualTo("/media/usb"));
        assertThat(install.expected()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    @Clause("L51")
    void theOutageIsMarkedAndKnownBeforehand() {
        Plan plan = plan(Map.of(), OLD);
        List<Step> away = plan.steps().filter(s -> s.is(Trait.OUTAGE)).toList();
        assertThat(away.stream().map(Step::id)).containsExactly("install.ls-1", "await.ls-1");
        assertThat(away.stream().map(Step::expected).reduce(Duration.ZERO, Duration::plus))
                .isEqualTo(Duration.ofMinutes(3));
        assertThat(away.stream().map(Step::max).reduce(Duration.ZERO, Duration::plus))
                .isEqualTo(Duration.ofMinutes(20));
        assertThat(plan.steps().filter(s -> s.is(Trait.NEVER_REBOOT)).map(Step::id))
                .containsExactly("install.ls-1");
        assertThat(plan.notes()).anyMatch(note -> note.contains("about 3 minutes are expected (L51, L37)"));
    }

    @Test
    void serversGoOneAfterAnotherAndAFailureStopsTheRest() {
        Plan plan = plan(Map.of(), OLD, host("ls-2", "22.09", "flexnetls-TERADICI"));
        Stage update = plan.stages().getLast();
        assertThat(update.width()).isEqualTo(1);
        assertThat(update.haltOnFailure()).isTrue();
        assertThat(update.lanes()).hasSize(2);
    }

    @Test
    void nothingRestsWhileAServerIsAway() {
        plan(Map.of(), OLD)
                .steps()
                .filter(s -> s.is(Trait.OUTAGE))
                .forEach(s -> assertThat(s.safeAfter()).isFalse());
    }

    @Test
    @Clause({"L53", "L5"})
    void nothingIsBroughtDownAndAVersionOneIsAnotherProduct() {
        assertThat(refused(Map.of(), host("ls-new", "23.12", "flexnetls-TERADICI")))
                .extracting(Reason::rule)
                .containsExactly("L53");
        assertThat(refused(Map.of(), host("ls-1x", "1.1", "flexnetls-TERADICI")))
                .extracting(Reason::rule)
                .containsExactly("L5");
        assertThat(refused(Map.of(), host("ls-done", "23.04", "flexnetls-TERADICI")))
                .extracting(Reason::next)
                .containsExactly("Nothing needs to be done.");
    }

    @Test
    void theUnitIsTakenInTheCaseInWhichItIsFound() {
        Plan plan = plan(Map.of(), host("ls-1", "22.09", "flexnetLS-TERADICI"));
        assertThat(plan.targets().getFirst().units()).containsExactly("flexnetLS-TERADICI");
    }

    @Test
    void aSettingThatIsNoneIsNamedWithThoseThereAre() {
        assertThat(refused(Map.of("install", "usb"), OLD))
                .extracting(Reason::next)
                .containsExactly("Set it to repository, temporary-connection or carried.");
        assertThat(refused(Map.of("use", "toy"), OLD)).extracting(Reason::rule).containsExactly("L2");
        assertThat(refused(Map.of("carriedFolder", "/tmp/$(id)"), OLD))
                .extracting(Reason::rule)
                .containsExactly("L47");
    }

    @Test
    @Clause("L41")
    void thePlanNamesTheCredentialAndHasNoPassword() {
        Plan plan = plan(Map.of("administratorCredential", "emea-ls"), OLD);
        assertThat(plan.steps().map(s -> String.valueOf(s.action().secret())).filter(c -> !c.equals("null")))
                .containsExactly("emea-ls", "emea-ls");
    }
}
