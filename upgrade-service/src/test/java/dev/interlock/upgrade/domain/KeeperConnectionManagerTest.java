package dev.interlock.upgrade.domain;

import static dev.interlock.upgrade.domain.Estate.at;
import static dev.interlock.upgrade.domain.Estate.host;
import static dev.interlock.upgrade.domain.Estate.hosts;
import static dev.interlock.upgrade.domain.Estate.planning;
import static dev.interlock.upgrade.domain.Estate.status;
import static dev.interlock.upgrade.domain.Estate.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.testkit.Clause;
import dev.interlock.upgrade.domain.Plan.Limits;
import dev.interlock.upgrade.domain.Procedure.Planning;
import dev.interlock.upgrade.domain.Procedure.Planning.Planned;
import dev.interlock.upgrade.domain.Procedure.Planning.Refused;
import dev.interlock.upgrade.domain.Procedure.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeeperConnectionManagerTest {
    private static final Limits TEN_AT_ONCE = new Limits(10, 0, null);

    private static Plan planned(Planning planning) {
        assertThat(planning).isInstanceOf(Planned.class);
        return ((Planned) planning).plan();
    }

    private static List<String> refusals(Planning planning) {
        assertThat(planning).isInstanceOf(Refused.class);
        return ((Refused) planning).reasons().stream().map(Reason::text).toList();
    }

    @Test
    @Clause({"K5", "K8", "K9", "K10"})
    void aHostIsStoppedUpgradedStartedAndProvenInThisOrder() {
        Plan plan = planned(planning(hosts(1), "1.5.0", TEN_AT_ONCE, null));
        assertThat(plan.stages()).extracting(Stage::name).containsExactly("Preflight", "Upgrade");
        assertThat(plan.steps().map(s -> s.clauses().getFirst() + " " + s.id()))
                .containsExactly(
                        "K2 check.web-1", "K5 stop.web-1", "K8 install.web-1", "K9 start.web-1", "K10 prove.web-1");
    }

    @Test
    @Clause("K5")
    void aHostWithTheStandaloneServiceStopsGuacamoleAndGuacd() {
        Plan plan = planned(planning(hosts(1), "1.5.0", TEN_AT_ONCE, null));
        assertThat(plan.targets().getFirst().variant()).isEqualTo("standalone");
        assertThat(plan.steps().map(Step::action)).contains(new Action.StopServices(List.of("guacamole", "guacd")));
    }

    @Test
    @Clause("K5")
    void aHostWithItsOwnTomcatStopsTomcatAndGuacd() {
        Host own = with(
                host("web-1"),
                host("web-1").packages(),
                Map.of("guacamole", "absent", "tomcat", "active", "guacd", "active"));
        Plan plan = planned(planning(List.of(own), "1.5.0", TEN_AT_ONCE, null));
        assertThat(plan.targets().getFirst().variant()).isEqualTo("own-tomcat");
        assertThat(plan.steps().map(Step::action)).contains(new Action.StopServices(List.of("tomcat", "guacd")));
    }

    @Test
    @Clause("K8")
    void onlyKeepersPackagesAreUpgradedAlsoThoseThatThePatternMisses() {
        Host many = with(
                host("web-1"),
                Map.of(
                        "kcm",
                        "1.4.0",
                        "kcm-guacd",
                        "1.4.0",
                        "keeper-guacamole-standalone",
                        "1.4.0",
                        "kcmish",
                        "1.4.0",
                        "openssl",
                        "3.0.7"),
                host("web-1").units());
        Plan plan = planned(planning(List.of(many), "1.5.0", TEN_AT_ONCE, null));
        assertThat(plan.steps()
                        .map(Step::action)
                        .filter(Action.UpgradePackages.class::isInstance)
                        .map(a -> ((Action.UpgradePackages) a).packages()))
                .containsExactly(Map.of("kcm", "1.5.0", "kcm-guacd", "1.5.0", "keeper-guacamole-standalone", "1.5.0"));
    }

    @Test
    @Clause("K2")
    void aMajorReleaseIsRefusedBecauseItComesFromAnotherRepository() {
        assertThat(refusals(planning(hosts(1), "2.0.0", TEN_AT_ONCE, null)))
                .containsExactly("web-1 runs 1.4.0, and 2.0.0 is another major release from another repository (kcm/2):"
                        + " an existing install only ever gets minor releases.");
    }

    @Test
    @Clause("K1")
    void aReleaseThatNobodyKnowsIsRefusedAndTheKnownOnesAreNamed() {
        Planning planning = planning(hosts(1), "1.9.0", TEN_AT_ONCE, null);
        assertThat(refusals(planning)).containsExactly("Keeper Connection Manager 1.9.0 is not a known release.");
        assertThat(((Refused) planning).reasons().getFirst().next()).contains("1.4.0, 1.5.0, 2.0.0");
    }

    @Test
    @Clause("K1")
    void anOlderReleaseIsRefused() {
        assertThat(refusals(planning(List.of(at(host("web-1"), "1.5.0")), "1.4.0", TEN_AT_ONCE, null)))
                .containsExactly("web-1 runs 1.5.0 already, which is newer than 1.4.0.");
    }

    @Test
    void aHostThatRunsTheReleaseIsLeftOutAndSaidSo() {
        Plan plan = planned(planning(List.of(host("web-1"), at(host("web-2"), "1.5.0")), "1.5.0", TEN_AT_ONCE, null));
        assertThat(plan.targets()).extracting(Plan.Target::name).containsExactly("web-1");
        assertThat(plan.notes()).contains("web-2 runs 1.5.0 already and is left out.");
    }

    @Test
    void aHalfUpgradedHostIsStillUpgraded() {
        Host half = with(
                host("web-1"),
                Map.of("kcm-guacd", "1.5.0", "kcm-guacamole", "1.4.0"),
                host("web-1").units());
        assertThat(planned(planning(List.of(half), "1.5.0", TEN_AT_ONCE, null)).from())
                .isEqualTo(new Version("1.4.0"));
    }

    @Test
    void nothingToDoIsSaidAndNotPlanned() {
        assertThat(refusals(planning(List.of(at(host("web-1"), "1.5.0")), "1.5.0", TEN_AT_ONCE, null)))
                .containsExactly("Every host of web runs 1.5.0 already.");
    }

    @Test
    void everyHostThatCannotBePlannedIsNamedWithItsReason() {
        List<Host> hosts = List.of(
                status(host("web-1"), "reachable", null),
                status(host("web-2"), "host-key-changed", "ssh-ed25519 AAAA"),
                status(host("web-3"), "new", "ssh-ed25519 AAAA"),
                with(host("web-4"), Map.of("openssl", "3.0.7"), Map.of()),
                with(host("web-5"), host("web-5").packages(), Map.of("guacd", "active")));
        assertThat(refusals(planning(hosts, "1.5.0", TEN_AT_ONCE, null)))
                .containsExactly(
                        "web-1 has no pinned SSH host key.",
                        "web-2 shows another SSH host key than the pinned one.",
                        "web-3 has never been probed.",
                        "web-4 has no package of Keeper Connection Manager.",
                        "web-5 has neither a guacamole nor a tomcat service, or no guacd.");
    }

    @Test
    void canariesGoFirstOneAfterAnotherAndTheirFailureHaltsTheRun() {
        Plan plan = planned(planning(hosts(5), "1.5.0", new Limits(3, 2, null), null));
        assertThat(plan.stages())
                .extracting(
                        Stage::name,
                        Stage::width,
                        Stage::haltOnFailure,
                        s -> s.lanes().size())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("Preflight", 64, false, 5),
                        org.assertj.core.groups.Tuple.tuple("Canary", 1, true, 2),
                        org.assertj.core.groups.Tuple.tuple("Upgrade", 3, false, 3));
    }

    @Test
    @Clause("K4")
    void thePlanSaysHowLongItTakesAndThatUsersAreCutOff() {
        Plan plan = planned(planning(hosts(4), "1.5.0", new Limits(2, 0, null), null));
        assertThat(plan.expected()).isLessThan(plan.maximum());
        assertThat(plan.expected().toMinutes()).isEqualTo(4);
        assertThat(plan.notes())
                .containsExactly(
                        "Each host's users are cut off while its services are stopped: about 2 minutes are expected (K4).",
                        "No maintenance window was given: the run may be started at any time (K4).");
    }
}
