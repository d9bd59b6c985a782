package dev.interlock.upgrade.domain;

import static dev.interlock.upgrade.domain.Estate.KEEPER;
import static dev.interlock.upgrade.domain.Estate.at;
import static dev.interlock.upgrade.domain.Estate.byId;
import static dev.interlock.upgrade.domain.Estate.deployment;
import static dev.interlock.upgrade.domain.Estate.host;
import static dev.interlock.upgrade.domain.Estate.hosts;
import static dev.interlock.upgrade.domain.Estate.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DriftTest {
    private final Plan plan = Estate.plan(2, 2);

    private List<String> drift(List<Host> now) {
        return Drift.between(plan, deployment(now), byId(now), KEEPER);
    }

    @Test
    void anUnchangedEstateHasNoDrift() {
        assertThat(drift(hosts(2))).isEmpty();
    }

    @Test
    void aStoppedServiceOrAnUnrelatedPackageIsNoDrift() {
        Host other = with(
                host("web-1"),
                Map.of("kcm-guacamole", "1.4.0", "kcm-guacd", "1.4.0", "openssl", "3.0.8"),
                Map.of("guacamole", "inactive", "guacd", "failed"));
        assertThat(drift(List.of(other, host("web-2")))).isEmpty();
    }

    @Test
    void aPackageThatChangedAndOneThatAppearedAreNamedWithBothVersions() {
        Host changed = with(
                host("web-2"),
                Map.of("kcm-guacamole", "1.4.0", "kcm-guacd", "1.4.1", "kcm", "1.4.0"),
                host("web-2").units());
        assertThat(drift(List.of(host("web-1"), changed)))
                .containsExactly(
                        "web-2: package kcm was absent and is 1.4.0",
                        "web-2: package kcm-guacd was 1.4.0 and is 1.4.1");
    }

    @Test
    void anotherServiceIsDrift() {
        Host changed = with(host("web-1"), host("web-1").packages(), Map.of("tomcat", "active", "guacd", "active"));
        assertThat(drift(List.of(changed, host("web-2"))))
                .containsExactly(
                        "web-1: variant was standalone and is own-tomcat",
                        "web-1: services was guacamole, guacd and is tomcat, guacd");
    }

    @Test
    void membersThatLeftOrJoinedAreNamed() {
        assertThat(drift(List.of(host("web-1"), host("web-3"))))
                .containsExactly(
                        "web-2 is no longer a member of web", "web-3 is a member that the plan does not cover");
    }

    @Test
    void aMemberThatRunsTheTargetAlreadyNeedNotBeInThePlan() {
        var now = new ArrayList<>(hosts(2));
        now.add(at(host("web-3"), "1.5.0"));
        assertThat(drift(now)).isEmpty();
    }

    @Test
    void anotherPinnedKeyOrAddressIsDrift() {
        Host h = host("web-1");
        Host moved = new Host(
                h.id(),
                h.name(),
                "10.0.0.9",
                2222,
                h.user(),
                h.credential(),
                "ssh-ed25519 BBBB",
                h.status(),
                h.packages(),
                h.units());
        assertThat(drift(List.of(moved, host("web-2"))))
                .containsExactly(
                        "web-1: address was 10.0.0.1:22 and is 10.0.0.9:2222", "web-1: another SSH host key is pinned");
    }

    @Test
    void aDeploymentThatIsGoneIsDrift() {
        assertThat(Drift.between(plan, null, Map.of(), KEEPER)).containsExactly("the deployment web is gone");
    }
}
