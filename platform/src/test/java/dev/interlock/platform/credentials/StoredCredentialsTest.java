package dev.interlock.platform.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredCredentialsTest {

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------"})
    void readsAPasswordThatOnlyItsOwnerMayRead(String mode) throws IOException {
        write("ums-prod.password", "open sesame\n", mode);

        assertThat(credentials().resolve("ums-prod"))
                .isInstanceOfSatisfying(
                        Credential.Password.class,
                        password -> assertThat(password.password().reveal()).isEqualTo("open sesame"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw-rw-rw-", "r--r--r--", "rwx------"})
    void refusesAFileThatOthersMayReadAndSaysWhatToDo(String mode) throws IOException {
        write("ums-prod.password", "open sesame", mode);

        assertThatExceptionOfType(CredentialException.class)
                .isThrownBy(() -> credentials().resolve("ums-prod"))
                .withMessageContaining(mode)
                .satisfies(refused -> {
                    assertThat(refused.next()).contains("chmod 600 " + dir.resolve("ums-prod.password"));
                    assertThat(refused.getMessage() + refused.next()).doesNotContain("open sesame");
                });
    }

    @Test
    void takesAKeyBeforeAPasswordAndItsPassphraseWithIt() throws IOException {
        write("fleet.password", "open sesame", "rw-------");
        write("fleet.key", "-----BEGIN OPENSSH PRIVATE KEY-----\n", "rw-------");
        write("fleet.passphrase", "abracadabra\r\n", "rw-------");

        assertThat(credentials().resolve("fleet")).isInstanceOfSatisfying(Credential.PrivateKey.class, key -> {
            assertThat(key.pem().reveal()).startsWith("-----BEGIN");
            assertThat(key.passphrase()).isEqualTo(new Secret("abracadabra"));
        });
    }

    @Test
    void takesWhatTheEnvironmentHasWhereThereIsNoFile() {
        var environment = Map.of("INTERLOCK_CREDENTIAL_UMS_PROD", "open sesame");
        var credentials = new StoredCredentials(dir, environment::get);

        assertThat(credentials.resolve("ums-prod"))
                .isEqualTo(new Credential.Password("ums-prod", "environment", new Secret("open sesame")));
    }

    @Test
    void hasAnotherVersionWhenTheFileHasChanged() throws IOException {
        write("ums-prod.password", "wrong", "rw-------");
        var before = credentials().resolve("ums-prod").version();
        assertThat(credentials().resolve("ums-prod").version()).isEqualTo(before);

        Files.writeString(dir.resolve("ums-prod.password"), "right");
        Files.setLastModifiedTime(
                dir.resolve("ums-prod.password"), FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        assertThat(credentials().resolve("ums-prod").version()).isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../etc/shadow", "a/b", "", ".hidden", "a b"})
    void refusesANameThatLeadsElsewhere(String name) {
        assertThatExceptionOfType(CredentialException.class)
                .isThrownBy(() -> credentials().resolve(name))
                .withMessageContaining("is not a name");
    }

    @Test
    void saysWhereACredentialThatIsNotThereWouldBeLookedFor() {
        assertThatExceptionOfType(CredentialException.class)
                .isThrownBy(() -> credentials().resolve("ums-prod"))
                .satisfies(missing -> assertThat(missing.next())
                        .contains(
                                "ums-prod.key", "ums-prod.password", dir.toString(), "INTERLOCK_CREDENTIAL_UMS_PROD"));
    }

    @Test
    void showsNoSecretInTextOrJson() throws Exception {
        write("ums-prod.password", "open sesame", "rw-------");
        var credential = credentials().resolve("ums-prod");
        var mapper =
                new ObjectMapper().disable(com.fasterxml.jackson.databind.SerializationFeature.FAIL_ON_EMPTY_BEANS);

        assertThat(credential.toString()).contains("***").doesNotContain("sesame");
        assertThat(mapper.writeValueAsString(credential)).doesNotContain("sesame");
    }

    private StoredCredentials credentials() {
        return new StoredCredentials(dir, name -> null);
    }

    private void write(String name, String text, String mode) throws IOException {
        var file = Files.writeString(dir.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
