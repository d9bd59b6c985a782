package dev.interlock.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static Settings parse(String... arguments) {
        return Settings.parse(Path.of("/data"), List.of(arguments));
    }

    @Test
    void portsCountUpFromTheBaseUnlessOneIsGivenAlone() {
        var settings = parse("--port-base", "9000", "--kafka-port", "9092");
        assertThat(settings.ports())
                .containsEntry(Part.CONSOLE, 9000)
                .containsEntry(Part.INVENTORY, 9001)
                .containsEntry(Part.AGENT, 9004)
                .containsEntry(Part.POSTGRES, 9005)
                .containsEntry(Part.KAFKA, 9092)
                .containsEntry(Part.KAFKA_CONTROLLER, 9007);
        assertThat(parse().ports())
                .containsEntry(Part.CONSOLE, 8080)
                .containsEntry(Part.INVENTORY, 8081)
                .containsEntry(Part.UPGRADE, 8083);
        assertThat(parse("--port-base", "0").ports().values()).containsOnly(0);
        assertThat(parse("--console-port", "9999").ports())
                .containsEntry(Part.CONSOLE, 9999)
                .containsEntry(Part.INVENTORY, 8081);
    }

    @Test
    void wrongOptionsAreSaidInASentence() {
        assertThatThrownBy(() -> parse("--prot", "1")).hasMessageContaining("There is no option '--prot'");
        assertThatThrownBy(() -> parse("--data")).hasMessageContaining("--data needs a value");
        assertThatThrownBy(() -> parse("--port-base", "many")).hasMessageContaining("not 'many'");
        assertThatThrownBy(() -> parse("--kafka-port", "65536")).hasMessageContaining("0 to 65535");
        assertThatThrownBy(() -> parse("--second", "upgrade")).hasMessageContaining("--second needs --isolate");
        assertThatThrownBy(() -> parse("--isolate", "--second", "kafka")).hasMessageContaining("name of a service");
    }

    @Test
    void theLabHasTheStorysHostsOrAsManyAsAskedFor() {
        assertThat(parse("--with-lab").labHosts()).isEqualTo(15);
        assertThat(parse("--with-lab", "--lab-hosts", "100").labHosts()).isEqualTo(100);
        assertThatThrownBy(() -> parse("--lab-hosts", "100")).hasMessageContaining("--lab-hosts needs --with-lab");
        assertThatThrownBy(() -> parse("--with-lab", "--lab-hosts", "14"))
                .hasMessage("--lab-hosts wants a number from 15 to 200, not '14'.");
        assertThatThrownBy(() -> parse("--with-lab", "--lab-hosts", "many")).hasMessageContaining("not 'many'");
        assertThatThrownBy(() -> parse("--with-lab", "--lab-hosts")).hasMessageContaining("--lab-hosts needs a value");
    }

    @Test
    void whereEventsGoForASiemIsOneAddress() {
        assertThat(parse().siem()).isNull();
        assertThat(siem("syslog://127.0.0.1:6514"))
                .containsEntry("syslog.protocol", "tcp")
                .containsEntry("syslog.host", "127.0.0.1")
                .containsEntry("syslog.port", "6514")
                .containsEntry("transforms.ocsf.type", "dev.interlock.siem.ToOcsf");
        assertThat(siem("syslogs://siem.example.com?format=cef&check-host=false"))
                .containsEntry("syslog.protocol", "tls")
                .containsEntry("syslog.port", "6514")
                .containsEntry("syslog.tls.check.host", "false")
                .containsEntry("transforms.cef.type", "dev.interlock.siem.ToCef");
        assertThat(siem("tls+syslog://[::1]:7000"))
                .containsEntry("syslog.host", "::1")
                .containsEntry("syslog.port", "7000");
        assertThat(siem("syslog://h").getOrDefault("topics", "").split(","))
                .containsExactlyInAnyOrder(
                        "interlock.inventory.events.v1",
                        "interlock.license.events.v1",
                        "interlock.license.sessions.v1",
                        "interlock.upgrade.events.v1",
                        "interlock.agent.events.v1");
    }

    @Test
    void aWrongAddressOfASiemIsSaidInASentence() {
        assertThatThrownBy(() -> siem("udp://h:514")).hasMessageContaining("syslog:// or, for TLS, syslogs://");
        assertThatThrownBy(() -> siem("syslog:")).hasMessageContaining("For example: --siem syslog://127.0.0.1:6514");
        assertThatThrownBy(() -> siem("syslog://h?format=xml"))
                .hasMessageContaining("format is ocsf or cef, not 'xml'");
        assertThatThrownBy(() -> siem("syslog://h?colour=red")).hasMessageContaining("no option 'colour'");
        assertThatThrownBy(() -> siem("syslogs://h?ca=/no/such.pem"))
                .hasMessageContaining("/no/such.pem cannot be read");
        assertThatThrownBy(() -> siem("syslog://h:99999")).hasMessageContaining("99999");
    }

    private static Map<String, String> siem(String address) {
        return Objects.requireNonNull(parse("--siem", address).siem()).connector();
    }

    @Test
    void aSecondInstanceOfAServiceIsRemembered() {
        assertThat(parse("--isolate", "--second", "upgrade").second()).containsExactly(Part.UPGRADE);
    }
}
