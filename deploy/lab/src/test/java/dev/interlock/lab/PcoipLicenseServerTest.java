package dev.interlock.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.lab.LabHost.Output;
import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Effect;
import dev.interlock.lab.product.PcoipLicenseServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables, files and error names are seed 001's. */
class PcoipLicenseServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ENV = "export TERADICI_LICENSE_SERVER_PASSWORD='" + PcoipLicenseServer.PASSWORD + "'\n";

    private final HttpClient http = HttpClient.newHttpClient();
    private Lab lab;
    private LabHost host;

    @BeforeEach
    void start() {
        lab = Lab.builder().seed("pcoip").timeScale(100).start();
        host = lab.add("ls-001", "pcoip-license-server", "connected", "licenses");
        Awaitility.await().until(this::healthy);
    }

    @AfterEach
    void stop() {
        http.close();
        lab.close();
    }

    private boolean healthy() {
        return host.console("curl -s -f http://localhost:7070/api/1.0/health").exit() == 0;
    }

    private HttpResponse<String> send(String method, String path, String token, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(host.http(7070) + path))
                        .timeout(Duration.ofSeconds(10))
                        .header("Authorization", "Bearer " + token)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private Map<?, ?> state() {
        return (Map<?, ?>) host.product().details(host.machine()).getOrDefault("licenseServer", Map.of());
    }

    private Output wrong() {
        return host.console("TERADICI_LICENSE_SERVER_PASSWORD=wrong pcoip-list-licenses");
    }

    private static List<Integer> counts(String list) {
        return list.lines()
                .filter(l -> l.matches("Agent-\\S+\\s+\\d+\\s+\\S+"))
                .map(l -> Integer.valueOf(l.split("\\s+")[1]))
                .toList();
    }

    @Test
    void theListIsTheTwoTablesOfTheSource() {
        Output list = host.console(ENV + "pcoip-list-licenses");
        assertThat(list.exit()).isZero();
        assertThat(counts(list.out())).containsExactly(25, 5);
        assertThat(list.out())
                .contains("Total number of features : 2\n", "0/25\n", "0/5\n", "Total feature count      : 30\n");
        assertThat(host.console(ENV + "pcoip-get-license-server-id").out()).matches("VM_UUID \\([0-9A-F-]{36}\\)\n");
    }

    @Test
    void thePasswordComesFromThePromptToo() {
        Output list = host.console("printf '%s\\n' '" + PcoipLicenseServer.PASSWORD + "' | pcoip-list-licenses");
        assertThat(list.exit()).isZero();
        assertThat(list.out()).startsWith("Enter the license server password: \n=====");
        assertThat(host.console("pcoip-list-licenses </dev/null").err()).isEqualTo("ERROR: A password is required\n");
    }

    @Test
    void threeWrongPasswordsInARowLockTheAdministratorUntilARestart() {
        assertThat(wrong()).isEqualTo(new Output(1, "", "ERROR: Invalid password\n"));
        assertThat(host.console(ENV + "pcoip-list-licenses").exit()).isZero();
        wrong();
        wrong();
        assertThat(wrong().err()).isEqualTo("ERROR: Too many failed logins\n");
        assertThat(host.console(ENV + "pcoip-list-licenses").err()).isEqualTo("ERROR: Too many failed logins\n");
        assertThat(state().get("wrongPasswords")).isEqualTo(4);
        assertThat(state().get("lockedUntil")).asString().isNotEmpty();
        host.console("systemctl restart flexnetls-TERADICI");
        Awaitility.await().until(this::healthy);
        assertThat(host.console(ENV + "pcoip-list-licenses").exit()).isZero();
    }

    @Test
    void connectionsAreRefusedForAWhileAlthoughTheUnitIsActive() {
        lab.timeScale(20);
        assertThat(host.console("systemctl restart flexnetls-TERADICI; systemctl is-active flexnetls-TERADICI; "
                                + "curl -s http://localhost:7070/api/1.0/health; echo $?")
                        .out())
                .isEqualTo("active\n7\n");
        assertThatThrownBy(() -> send("GET", "/api/1.0/health", "", "")).isInstanceOf(ConnectException.class);
        lab.timeScale(1000);
        Awaitility.await().until(this::healthy);
    }

    @Test
    void healthIsReadByAnybodyAndFeaturesByAnAdministrator() throws Exception {
        assertThat(JSON.readTree(send("GET", "/api/1.0/health", "", "").body())
                        .at("/LLS/database/connectionCheck")
                        .asText())
                .isEqualTo("success");
        assertThat(send("GET", "/api/1.0/instances/~/features", "no", "").statusCode())
                .isEqualTo(401);
        String login = "{\"user\":\"admin\",\"password\":\"" + PcoipLicenseServer.PASSWORD + "\"}";
        String token = JSON.readTree(send("POST", "/api/1.0/instances/~/authorize", "", login)
                        .body())
                .path("token")
                .asText();
        JsonNode features = JSON.readTree(
                send("GET", "/api/1.0/instances/~/features", token, "").body());
        assertThat(features.findValuesAsText("featureName")).containsExactly("Agent-Session", "Agent-Graphics");
        assertThat(features.findValuesAsText("featureCount")).containsExactly("25", "5");
        assertThat(JSON.readTree(send("GET", "/api/1.0/hostids", token, "").body())
                        .at("/hostids/0/type")
                        .asText())
                .isEqualTo("VM_UUID");
    }

    @Test
    void anOldServerNamesItselfGls() {
        LabHost old = lab.add("ls-old", "pcoip-license-server", "connected", "licenses", "20.10", "23.04");
        Awaitility.await()
                .until(() -> old.console("curl -s http://localhost:7070/api/1.0/health")
                        .out()
                        .startsWith("{\"GLS\":"));
    }

    @Test
    void anUpdateIsAWindowOfSilenceAndLeavesTheLicenses() throws Exception {
        String before = host.console(ENV + "pcoip-list-licenses").out();
        lab.timeScale(20);
        Thread update = Thread.ofVirtual().start(() -> host.console("dnf -q -y upgrade pcoip-license-server"));
        Awaitility.await().until(() -> !healthy());
        assertThatThrownBy(() -> send("GET", "/api/1.0/health", "", "")).isInstanceOf(IOException.class);
        update.join();
        lab.timeScale(1000);
        Awaitility.await().until(this::healthy);
        assertThat(host.console("rpm -q --qf '%{VERSION}' pcoip-license-server").out())
                .isEqualTo("23.04");
        assertThat(host.console(ENV + "pcoip-list-licenses").out()).isEqualTo(before);
        assertThat(host.count(Effect.Kind.STOP, "flexnetls-TERADICI")).isOne();
        assertThat(host.count(Effect.Kind.UPGRADE, "pcoip-license-server")).isOne();
        assertThat(host.count(Effect.Kind.START, "flexnetls-TERADICI")).isOne();
    }

    @Test
    void licensesOutliveAPowerLossInTheMiddleOfAnUpdate() {
        String before = host.console(ENV + "pcoip-list-licenses").out();
        lab.onCommand(moment -> {
            if (moment instanceof CommandListener.Moment.EffectDone(var effect)
                    && effect.kind() == Effect.Kind.UPGRADE) {
                Thread.ofVirtual().start(() -> host.fail(Fault.CRASH));
            }
        });
        host.console("dnf -q -y upgrade pcoip-license-server");
        Awaitility.await().until(() -> !host.machine().isOn());
        host.heal();
        Awaitility.await().until(this::healthy);
        assertThat(host.console(ENV + "pcoip-list-licenses").out()).isEqualTo(before);
    }

    @Test
    void carriedPackagesInstallWithAllRepositoriesDisabled() {
        LabHost dark = lab.add("ls-dark", "pcoip-license-server", "carried", "licenses");
        assertThat(dark.console("dnf -q -y upgrade pcoip-license-server; rpm -q --qf '%{VERSION}' pcoip-license-server")
                        .out())
                .isEqualTo("22.09");
        dark.fail(Fault.REPO404);
        assertThat(dark.console("cd /home/interlock/rpms && dnf install --disablerepo='*' -y *")
                        .exit())
                .isZero();
        assertThat(dark.console("rpm -q --qf '%{VERSION}' pcoip-license-server").out())
                .isEqualTo("23.04");
        assertThat(dark.count(Effect.Kind.UPGRADE, "pcoip-license-server")).isOne();
    }

    @Test
    void movedOrModifiedStorageKeepsTheServerFromStarting() {
        for (String what : List.of("modified", "moved")) {
            host.fail(Fault.BADSTORAGE, what);
            assertThat(host.console("systemctl restart flexnetls-TERADICI").exit())
                    .isEqualTo(1);
            assertThat(host.console("tail -n 1 /var/log/flexnetls-TERADICI/flexnetls.log")
                            .out())
                    .contains("Trusted storage in /var/opt/flexnetls/TERADICI is corrupted");
            host.heal();
            assertThat(host.console("systemctl restart flexnetls-TERADICI").exit())
                    .isZero();
        }
    }

    @Test
    void anOldProcessKeepsTheServiceFromStartingUntilItIsKilled() {
        host.fail(Fault.STUCK);
        assertThat(host.console("systemctl restart flexnetls-TERADICI").err())
                .startsWith(
                        "Job for flexnetls-TERADICI.service failed because the control process exited with error code");
        assertThat(host.console("pkill -u pcoip_license_server && systemctl restart flexnetls-TERADICI")
                        .exit())
                .isZero();
        assertThat(host.count(Effect.Kind.KILL, "flexnetls-TERADICI")).isOne();
    }

    @Test
    void lostLicensesAreGoneAfterTheUpdate() {
        host.fail(Fault.LOSTLICENSES, "3");
        host.console("dnf -q -y upgrade pcoip-license-server");
        Awaitility.await().until(this::healthy);
        assertThat(counts(host.console(ENV + "pcoip-list-licenses").out())).containsExactly(22, 5);
    }

    @Test
    void offlineActivationSetsTheTotalOnceForEachResponse() throws Exception {
        String code = lab.portal().entitlements().keySet().stream()
                .filter(c -> c.endsWith("3456"))
                .findFirst()
                .orElseThrow();
        Output made = host.console(ENV + "cd /root && pcoip-activate-offline-license -g -a " + code + " -c 28");
        assertThat(made.out()).startsWith("""
                        The binary file /root/request.bin includes the following information:
                        MessageType="Capability request"
                        """).endsWith("DesiredRights=(ActivationID=" + code + ":28)\n");
        byte[] request = Base64.getMimeDecoder()
                .decode(host.console("base64 /root/request.bin").out());
        String response = Base64.getEncoder().encodeToString(lab.portal().respond(request));
        host.console("echo " + response + " | base64 -d > /root/response.bin");
        assertThat(host.console("pcoip-activate-offline-license -v /root/response.bin")
                        .out())
                .contains("Lifetime=86400\n", "RequestHostIDType=\"VM UUID\"\n");
        assertThat(host.console(ENV + "pcoip-activate-offline-license -r /root/response.bin")
                        .exit())
                .isZero();
        assertThat(host.console(ENV + "pcoip-activate-offline-license -r /root/response.bin")
                        .err())
                .isEqualTo("ERROR: The response has been processed already.\n");
        assertThat(counts(host.console(ENV + "pcoip-list-licenses").out())).containsExactly(28, 5);
        assertThat(host.count(Effect.Kind.ACTIVATE, code)).isOne();
        host.console("head -c 40 /root/response.bin > /root/cut.bin");
        assertThat(host.console(ENV + "pcoip-activate-offline-license -r /root/cut.bin")
                        .err())
                .isEqualTo("ERROR: The response file is damaged or is no capability response.\n");
        assertThat(host.console(ENV + "pcoip-activate-online-license -a " + code + " -c 31")
                        .err())
                .isEqualTo("ERROR: ACTIVATION_ID_COUNT_EXCEEDED\n");
        assertThat(host.console(ENV + "pcoip-activate-online-license -a nosuch -c 1")
                        .err())
                .isEqualTo("ERROR: ACTIVATION_ID_INVALID\n");
    }

    @Test
    void thePortalIsReachedFromOutside() throws Exception {
        var bought = outside("POST", "/portal/entitlements", """
                {"code": "AAAA-BBBB", "feature": "Agent-Session", "count": 3, "expires": "2031-01-31"}""");
        assertThat(bought.statusCode()).isEqualTo(201);
        for (int count : new int[] {3, 4}) {
            host.console(ENV + "cd /root && pcoip-activate-offline-license -g -a AAAA-BBBB -c " + count);
            String request = host.console("base64 /root/request.bin").out().replace("\n", "");
            var answer = outside("POST", "/portal/responses", "{\"request\": \"" + request + "\"}");
            if (count == 3) {
                host.console("echo "
                        + JSON.readTree(answer.body()).path("response").asText() + " | base64 -d > /root/response.bin");
                assertThat(host.console(ENV + "pcoip-activate-offline-license -r /root/response.bin")
                                .exit())
                        .isZero();
            } else {
                assertThat(answer.statusCode()).isEqualTo(409);
                assertThat(answer.body()).contains("ACTIVATION_ID_COUNT_EXCEEDED");
            }
        }
        assertThat(counts(host.console(ENV + "pcoip-list-licenses").out())).containsExactly(25, 5, 3);
        assertThat(outside("GET", "/portal", "").body()).contains("AAAA-BBBB");
    }

    private HttpResponse<String> outside(String method, String path, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(lab.api() + path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aResponseIsForOneMachineAndForADay() throws Exception {
        String code = lab.portal().entitlements().keySet().iterator().next();
        host.console(ENV + "cd /root && pcoip-activate-offline-license -g -a " + code + " -c 0");
        byte[] request = Base64.getMimeDecoder()
                .decode(host.console("base64 /root/request.bin").out());
        String response = Base64.getEncoder().encodeToString(lab.portal().respond(request));
        LabHost other = lab.add("ls-002", "pcoip-license-server", "connected", "licenses");
        Awaitility.await()
                .until(() -> other.console("curl -s -f http://localhost:7070/api/1.0/health")
                                .exit()
                        == 0);
        assertThat(other.console("echo " + response + " | base64 -d > r.bin; " + ENV
                                + "pcoip-activate-offline-license -r r.bin")
                        .err())
                .startsWith("ERROR: The response was generated for another machine");
        host.fail(Fault.CLOCK, "86500");
        assertThat(host.console("echo " + response + " | base64 -d > r.bin; " + ENV
                                + "pcoip-activate-offline-license -r r.bin")
                        .err())
                .isEqualTo("ERROR: The response has expired.\n");
    }

    @Test
    void aNewPasswordMustFollowTheRules() {
        assertThat(host.console("printf 'x\\n' | pcoip-set-password -n short -p '" + PcoipLicenseServer.PASSWORD + "'")
                        .err())
                .isEqualTo(
                        "ERROR: The new password does not conform to the password rules: it must be between 8 and 30 characters long\n");
        assertThat(host.console("printf '%s\\n%s\\n%s\\n' '" + PcoipLicenseServer.PASSWORD
                                + "' 'New-passw0rd!' 'New-passw0rd!' | pcoip-set-password")
                        .exit())
                .isZero();
        assertThat(host.console("TERADICI_LICENSE_SERVER_PASSWORD='New-passw0rd!' pcoip-list-licenses")
                        .exit())
                .isZero();
    }

    @Test
    void withoutItsCertificateBundleNoCommandWorks() {
        host.console("rm /opt/flexnetls/TERADICI/flexnet.certs");
        assertThat(host.console(ENV + "pcoip-list-licenses").err())
                .isEqualTo("ERROR: FNE License Server has not been configured for HTTPS\n");
    }
}
