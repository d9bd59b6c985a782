package dev.interlock.inventory.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.inventory.domain.DeploymentDraft.Place;
import dev.interlock.testkit.Clause;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DraftsTest {

    private static List<String> fieldsOf(List<Flaw> flaws) {
        return flaws.stream().map(Flaw::field).toList();
    }

    @Test
    void listsEveryFlawOfAHostAtOnceWithWhatToDo() {
        var draft = new HostDraft(
                "bad name!", " ", 70000, null, "../etc/passwd", "ssh-ed25519 nonsense", Map.of("db_password", "x"));

        assertThat(fieldsOf(draft.flaws()))
                .containsExactly("name", "address", "port", "user", "credential", "hostKey", "labels.db_password");
        assertThat(draft.flaws()).allSatisfy(flaw -> assertThat(flaw.next()).isNotBlank());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "fd00::1", "fe80::1%eth0", "kcm-01.example.org", "localhost"})
    void takesAddressesAsTheyCome(String address) {
        assertThat(new HostDraft("a", address, null, "root", "fleet", null, null).flaws())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"root@10.0.0.1", "10.0.0.1; rm -rf /", "http://a", "$(reboot)", "-oProxyCommand=x y"})
    void refusesAddressesThatAreMoreThanThat(String address) {
        assertThat(fieldsOf(new HostDraft("a", address, null, "root", "fleet", null, null).flaws()))
                .containsExactly("address");
    }

    @Test
    void readsAKeyWithCommentOrAsSshKeyscanPrintsIt() {
        var key = Estate.KEY.line();

        assertThat(HostKey.of(key + " root@kcm-01")).contains(Estate.KEY);
        assertThat(HostKey.of("10.0.0.1 " + key)).contains(Estate.KEY);
        assertThat(HostKey.of("SHA256:abc")).isEmpty();
        assertThat(HostKey.of(key.replace("ssh-ed25519", "ssh-rsa")))
                .as("another type than its bytes say")
                .isEmpty();
        assertThat(Estate.KEY.fingerprint()).startsWith("SHA256:").hasSize(50);
    }

    private static DeploymentDraft connectionManager(Map<String, String> settings) {
        return new DeploymentDraft("cm-eu", "pcoip-connection-manager", List.of(new Place("cm-01", null)), settings);
    }

    @Test
    @Clause("C3")
    void aCloudDeploymentHasTheSecurityGatewayAlwaysOn() {
        var off = connectionManager(Map.of("location", "cloud", "securityGateway", "off"));
        var unsaid = connectionManager(Map.of("location", "cloud"));

        assertThat(fieldsOf(off.flaws())).containsExactly("settings.securityGateway");
        assertThat(unsaid.flaws()).isEmpty();
        assertThat(unsaid.completedSettings()).containsEntry("securityGateway", "on");
    }

    @Test
    void onPremisesTheGatewayIsTheOperatorsChoice() {
        assertThat(connectionManager(Map.of("location", "on-premises", "securityGateway", "off"))
                        .flaws())
                .isEmpty();
        assertThat(fieldsOf(connectionManager(Map.of("location", "moon", "securityGateway", "maybe"))
                        .flaws()))
                .containsExactlyInAnyOrder("settings.location", "settings.securityGateway");
    }

    @Test
    void listsEveryFlawOfADeploymentAtOnce() {
        var draft = new DeploymentDraft(
                "", "kubernetes", List.of(new Place("", "Bad Role")), Map.of("admin_password", "x"));

        assertThat(fieldsOf(draft.flaws()))
                .containsExactly("name", "product", "members[0].host", "members[0].role", "settings.admin_password");
    }
}
