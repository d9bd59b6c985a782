package dev.interlock.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
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
    void aSecondInstanceOfAServiceIsRemembered() {
        assertThat(parse("--isolate", "--second", "upgrade").second()).containsExactly(Part.UPGRADE);
    }
}
