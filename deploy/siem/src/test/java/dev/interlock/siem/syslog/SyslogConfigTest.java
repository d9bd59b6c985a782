package dev.interlock.siem.syslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyslogConfigTest {

    private static Map<String, String> errors(Map<String, String> settings) {
        var all = new HashMap<>(Map.of("topics", "t", "name", "n", "syslog.host", "siem.example.com"));
        all.putAll(settings);
        return new SyslogSinkConnector()
                .validate(all).configValues().stream()
                        .filter(value -> !value.errorMessages().isEmpty())
                        .collect(Collectors.toMap(
                                value -> value.name(), value -> String.join(" ", value.errorMessages())));
    }

    @Test
    void aHostIsEnough() {
        assertThat(errors(Map.of())).isEmpty();
    }

    @Test
    void withoutAHostItSaysSo() {
        assertThat(new SyslogSinkConnector()
                        .validate(Map.of("topics", "t")).configValues().stream()
                                .filter(value -> value.name().equals("syslog.host"))
                                .flatMap(value -> value.errorMessages().stream()))
                .anyMatch(error -> error.contains("syslog.host"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "syslog.port | 0 | 1",
                "syslog.protocol | udp | tcp, tls",
                "syslog.facility | 24 | 23",
                "syslog.app.name | two words | printable",
                "syslog.structured.data.id | interlock | private enterprise number",
                "syslog.oversized | drop | mark, report, fail",
                "syslog.confirm | hope | close, age",
                "syslog.max.message.bytes | 100 | 480",
                "syslog.backoff.min.ms | 60000 | syslog.backoff.max.ms",
                "syslog.tls.ca | /no/such/file.pem | cannot be read",
            })
    void aWrongSettingIsNamedWithWhatIsRight(String setting, String value, String said) {
        assertThat(errors(Map.of(setting, value))).containsOnlyKeys(setting);
        assertThat(errors(Map.of(setting, value)).get(setting)).contains(said);
    }

    @Test
    void aFileThatIsNoCertificateIsRefused(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("ca.pem"), "not a certificate");
        assertThat(errors(Map.of("syslog.tls.ca", file.toString())).get("syslog.tls.ca"))
                .contains("PEM");
    }

    @Test
    void filesForTlsWithoutTlsAreAMistake(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("ca.pem"), "x");
        assertThat(errors(Map.of("syslog.protocol", "tcp", "syslog.tls.ca", file.toString()))
                        .get("syslog.tls.ca"))
                .contains("use TLS");
    }
}
