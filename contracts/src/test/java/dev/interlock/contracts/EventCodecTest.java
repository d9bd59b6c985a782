package dev.interlock.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventCodecTest {

    private static final UUID SERVER = UUID.fromString("5c9d8e7f-1a2b-4c3d-8e4f-112233445501");
    private static final UUID HOST = UUID.fromString("3f1c2a5e-0b7d-4c55-9d0f-0a1b2c3d4e01");

    private final EventCodec codec = new EventCodec();

    @Test
    void timesAreIsoTextAndAbsentValuesAreLeftOut() {
        var event = new InventoryEvent.HostReachable(HOST, "kcm-01", Instant.parse("2026-11-20T20:15:30Z"), null);
        assertThat(new String(codec.toJson(event), StandardCharsets.UTF_8))
                .isEqualTo("{\"hostId\":\"3f1c2a5e-0b7d-4c55-9d0f-0a1b2c3d4e01\",\"name\":\"kcm-01\","
                        + "\"since\":\"2026-11-20T20:15:30Z\"}");
    }

    @Test
    void aTypeNobodyKnowsYetIsUnknownInEachFamily() {
        String type = "dev.interlock.license.SomethingOfTomorrow.v1";
        byte[] data = bytes("{\"anything\":1}");
        assertThat(codec.parse(LicenseEvent.class, type, data)).isEqualTo(new LicenseEvent.Unknown(type));
        assertThat(codec.parse(InventoryEvent.class, type, data)).isEqualTo(new InventoryEvent.Unknown(type));
        assertThat(codec.parse(UpgradeEvent.class, type, data)).isEqualTo(new UpgradeEvent.Unknown(type));
        assertThat(codec.parse(AgentEvent.class, type, data)).isEqualTo(new AgentEvent.Unknown(type));
    }

    @Test
    void aLaterVersionOfAKnownEventIsUnknown() {
        String type = "dev.interlock.license.PoolExpired.v2";
        assertThat(codec.parse(LicenseEvent.class, type, bytes("{}"))).isEqualTo(new LicenseEvent.Unknown(type));
    }

    @Test
    void anEventOfAnotherDomainIsNotTakenForOneOfThisFamily() {
        String type = "dev.interlock.agent.HostRetired.v1";
        assertThat(codec.parse(InventoryEvent.class, type, bytes("{}"))).isEqualTo(new InventoryEvent.Unknown(type));
    }

    @Test
    void theLastPartOfAnUnknownTypeMayBeAnything() {
        assertThat(codec.parse(AgentEvent.class, "com.example.else", bytes("not json")))
                .isEqualTo(new AgentEvent.Unknown("com.example.else"));
    }

    @Test
    void unknownIsNeverPublished() {
        var unknown = new LicenseEvent.Unknown("x");
        assertThatThrownBy(() -> codec.toJson(unknown)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> codec.type(unknown)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(unknown::key).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aBrokenMessageIsRefusedWithWhatIsWrong() {
        String type = "dev.interlock.license.PoolExhausted.v1";
        assertThatThrownBy(() -> codec.parse(LicenseEvent.class, type, bytes("{\"activationCode\":\"A\"")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a " + type);
        assertThatThrownBy(() -> codec.parse(LicenseEvent.class, type, bytes("null")))
                .hasMessage(type + " without data");
        assertThatThrownBy(() -> codec.parse(
                        LicenseEvent.class,
                        type,
                        bytes(
                                "{\"activationCode\":\"A\",\"licenseServerId\":\"%s\",\"feature\":null,\"total\":1,\"inUse\":1}"
                                        .formatted(SERVER))))
                .hasMessage(type + " lacks feature");
        assertThatThrownBy(() -> codec.parse(
                        LicenseEvent.class,
                        type,
                        bytes("{\"activationCode\":\"A\",\"licenseServerId\":\"%s\",\"feature\":\"F\",\"total\":1}"
                                .formatted(SERVER))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("inUse");
    }

    @Test
    void aNestedRecordIsCheckedToo() {
        assertThatThrownBy(() -> codec.parse(
                        DeploymentState.class,
                        "dev.interlock.inventory.DeploymentState.v1",
                        bytes(
                                "{\"deploymentId\":\"%s\",\"name\":\"n\",\"product\":\"p\",\"members\":[{\"hostId\":\"%s\"}],\"settings\":{}}"
                                        .formatted(HOST, HOST))))
                .hasMessage("dev.interlock.inventory.DeploymentState.v1.members lacks role");
    }

    @Test
    void aStateRecordIsReadByItsOwnClass() {
        var state = new DeploymentState(
                HOST,
                "keeper-emea",
                "keeper-connection-manager",
                List.of(new Member(HOST, "node")),
                Map.of("b", "2", "a", "1"));
        assertThat(codec.parse(DeploymentState.class, codec.type(state), codec.toJson(state)))
                .isEqualTo(state);
        assertThatThrownBy(() -> codec.parse(HostState.class, codec.type(state), codec.toJson(state)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a HostState: dev.interlock.inventory.DeploymentState.v1");
    }

    @Test
    void sessionEventsGoToTheTopicOfHighVolumeByServer() {
        var denied = new LicenseEvent.SessionDenied(
                SERVER, HOST, "maria", "no-license", 10, 10, Instant.parse("2026-11-20T20:15:30Z"));
        assertThat(denied.channel()).isEqualTo(Channel.LICENSE_SESSIONS);
        assertThat(denied.key()).isEqualTo(SERVER.toString());
        assertThat(new LicenseEvent.PoolExpired("A1-b2", "f", 1, denied.at()))
                .returns(Channel.LICENSE_EVENTS, LicenseEvent::channel)
                .returns("A1-b2", LicenseEvent::key);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
