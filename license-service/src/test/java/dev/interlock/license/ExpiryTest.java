package dev.interlock.license;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.contracts.Channel;
import dev.interlock.license.app.ActivateLicenses;
import dev.interlock.license.app.AuthorizeSession;
import dev.interlock.license.app.RegisterLicenseServer;
import dev.interlock.license.app.RegisterPool;
import dev.interlock.license.app.Sessions;
import dev.interlock.license.app.SweepSessions;
import dev.interlock.license.app.WatchExpiry;
import dev.interlock.license.domain.Activation;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.Authorization;
import dev.interlock.license.domain.Denial;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.ServerId;
import dev.interlock.testkit.Clause;
import dev.interlock.testkit.KafkaProbe.Message;
import dev.interlock.testkit.MovableClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Time passes: notices, expiry, forgotten sessions. Its own service, since it moves the clock by weeks. */
class ExpiryTest {
    private static final UUID AGENT = UUID.randomUUID();

    @SuppressWarnings("NullAway.Init")
    private static LicenseServiceUnderTest service;

    private final MovableClock clock = service.bean(MovableClock.class);

    @BeforeAll
    static void start() {
        service = LicenseServiceUnderTest.with(
                Map.of(MovableClock.WANTED, true, "interlock.license.session-max-age", "12h"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Without HTTP: the clock moves past the life of any token. */
    private static ServerId server() {
        var outcome = service.bean(RegisterLicenseServer.class)
                .handle("ls-" + UUID.randomUUID(), LicenseServer.Kind.NATIVE, null, null, "olga");
        return ((RegisterLicenseServer.Registration.Registered) outcome)
                .server()
                .id();
    }

    private ActivationCode poolFor(Duration life, ServerId server, int total) {
        var code = new ActivationCode(UUID.randomUUID().toString());
        assertThat(service.bean(RegisterPool.class)
                        .handle(code, 10, "pcoip-session", clock.instant().plus(life)))
                .isInstanceOf(RegisterPool.Registration.Registered.class);
        assertThat(service.bean(ActivateLicenses.class).handle(code, server, total, "olga"))
                .isInstanceOf(Activation.Activated.class);
        return code;
    }

    private static List<String> story(ActivationCode code, int count) {
        return service
                .kafka()
                .await(
                        Channel.LICENSE_EVENTS.topic(),
                        count,
                        message -> code.value().equals(message.key()))
                .stream()
                .map(ExpiryTest::typeAndDays)
                .toList();
    }

    private static String typeAndDays(Message message) {
        var type = message.header("ce_type").replaceAll(".*\\.(\\w+)\\.v1", "$1");
        var days = message.value() == null ? "" : message.value().replaceAll(".*\"daysLeft\": *(\\d+).*", "$1");
        return type.equals("PoolExpiring") ? type + " " + days : type;
    }

    @Test
    @Clause("L18")
    void anExpiredPoolAuthorizesNoNewSessionAndRunningOnesGoOn() {
        var server = server();
        var code = poolFor(Duration.ofHours(2), server, 5);
        var authorize = service.bean(AuthorizeSession.class);
        assertThat(authorize.handle(server, AGENT, "ann", null)).isInstanceOf(Authorization.Authorized.class);
        clock.move(Duration.ofHours(3));
        var denied = (Authorization.Denied) authorize.handle(server, AGENT, "bob", null);
        assertThat(denied.reason()).isEqualTo(Denial.EXPIRED);
        assertThat(denied.counts().expired()).isEqualTo(5);
        assertThat(service.bean(Sessions.class).live(new Sessions.Filter(server, null), null, 10))
                .as("the running session is unaffected")
                .hasSize(1);
        assertThat(service.bean(ActivateLicenses.class).handle(code, server, 6, "olga"))
                .isInstanceOf(Activation.PoolHasExpired.class);
        var valid = poolFor(Duration.ofDays(1), server, 1);
        var authorized = (Authorization.Authorized) authorize.handle(server, AGENT, "bob", null);
        assertThat(authorized.session().pool()).isEqualTo(valid);
    }

    @Test
    @Clause("L18")
    void noticesAndTheEndAreToldOnceInOrderByTheTimerWhateverTheClockDoes() {
        var code = poolFor(Duration.ofDays(40), server(), 5);
        clock.move(Duration.ofDays(12));
        assertThat(story(code, 2)).containsExactly("LicensesActivated", "PoolExpiring 30");
        clock.move(Duration.ofDays(-5));
        service.bean(WatchExpiry.class).handle();
        clock.move(Duration.ofDays(5));
        service.bean(WatchExpiry.class).handle();
        clock.move(Duration.ofDays(60));
        assertThat(story(code, 5))
                .containsExactly(
                        "LicensesActivated", "PoolExpiring 30", "PoolExpiring 7", "PoolExpiring 1", "PoolExpired");
        clock.move(Duration.ofDays(60));
        service.bean(WatchExpiry.class).handle();
        service.bean(WatchExpiry.class).handle();
        assertThat(story(code, 5)).hasSize(5);
    }

    @Test
    void aShortPurchaseGetsNoNoticeOfMoreThanItsLife() {
        var code = poolFor(Duration.ofDays(3), server(), 5);
        clock.move(Duration.ofDays(4));
        assertThat(story(code, 3)).containsExactly("LicensesActivated", "PoolExpiring 1", "PoolExpired");
    }

    @Test
    void aSessionThatNobodyEndsIsReleasedAtItsGreatestAge() {
        var server = server();
        poolFor(Duration.ofDays(1000), server, 1);
        var authorize = service.bean(AuthorizeSession.class);
        assertThat(authorize.handle(server, AGENT, "ann", null)).isInstanceOf(Authorization.Authorized.class);
        assertThat(authorize.handle(server, AGENT, "bob", null)).isInstanceOf(Authorization.Denied.class);
        clock.move(Duration.ofHours(11));
        service.bean(SweepSessions.class).handle();
        assertThat(authorize.handle(server, AGENT, "bob", null)).isInstanceOf(Authorization.Denied.class);
        clock.move(Duration.ofHours(2));
        await().untilAsserted(() -> {
            service.bean(SweepSessions.class).handle();
            assertThat(authorize.handle(server, AGENT, "bob", null)).isInstanceOf(Authorization.Authorized.class);
        });
    }
}
