package dev.interlock.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyTest {
    @TempDir
    Path folder;

    @Test
    void theKeyIsMadeOnceAndReadableByItsOwnerOnly() throws Exception {
        var file = folder.resolve("signing.pem");
        var first = SigningKey.in(file).jwksJson();
        assertThat(SigningKey.in(file).jwksJson()).isEqualTo(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void theTokenCarriesNameRolesAndEnd() {
        var now = Instant.parse("2026-01-01T00:00:00Z");
        var token = SigningKey.generate().token("pat \"p\"", List.of("operator", "viewer"), now, Duration.ofHours(1));
        var claims = new String(
                Base64.getUrlDecoder().decode(token.split("\\.")[1]), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(claims)
                .isEqualTo(
                        "{\"iss\":\"interlock-standalone\",\"sub\":\"pat \\\"p\\\"\",\"roles\":[\"operator\",\"viewer\"],"
                                + "\"iat\":1767225600,\"nbf\":1767225600,\"exp\":1767229200}");
        assertThat(Base64.getUrlDecoder().decode(token.split("\\.")[2])).hasSize(64);
    }

    @Test
    void aDamagedKeyIsNotReplacedInSilence() throws Exception {
        var file = folder.resolve("signing.pem");
        Files.writeString(file, "not a key");
        assertThatThrownBy(() -> SigningKey.in(file))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining("damaged");
        assertThat(file).hasContent("not a key");
    }
}
