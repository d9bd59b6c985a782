package dev.interlock.siem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class CefTest {

    /** Of CEF's dictionary, as far as we use it. */
    private static final Set<String> KEYS = Set.of(
            "rt",
            "externalId",
            "msg",
            "cat",
            "act",
            "outcome",
            "reason",
            "suser",
            "duser",
            "dhost",
            "dst",
            "dpt",
            "deviceExternalId",
            "deviceFacility",
            "cs1",
            "cs1Label",
            "cs2",
            "cs2Label",
            "cs3",
            "cs3Label",
            "cs4",
            "cs4Label",
            "cs5",
            "cs5Label",
            "cs6",
            "cs6Label");

    /** A line as a receiver reads it: seven header fields, then keys and values. */
    private record Line(List<String> header, Map<String, String> extension) {
        static Line read(String line) {
            assertThat(line).startsWith("CEF:0|").doesNotContain("\n", "\r");
            var fields = new ArrayList<String>();
            var field = new StringBuilder();
            int at = 0;
            while (fields.size() < 7) {
                char c = line.charAt(at++);
                if (c == '\\') {
                    field.append(line.charAt(at++));
                } else if (c == '|') {
                    fields.add(field.toString());
                    field.setLength(0);
                } else {
                    field.append(c);
                }
            }
            var extension = new LinkedHashMap<String, String>();
            var key = Pattern.compile("(?:^| )([A-Za-z0-9_.]+)(?<!\\\\)=").matcher(line.substring(at));
            var found = new ArrayList<int[]>();
            var names = new ArrayList<String>();
            while (key.find()) {
                found.add(new int[] {key.start(), key.end()});
                names.add(key.group(1));
            }
            for (int i = 0; i < found.size(); i++) {
                int end = i + 1 < found.size() ? found.get(i + 1)[0] : line.length() - at;
                extension.put(names.get(i), unescaped(line.substring(at).substring(found.get(i)[1], end)));
            }
            return new Line(fields, extension);
        }

        private static String unescaped(String value) {
            var plain = new StringBuilder();
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c == '\\') {
                    char next = value.charAt(++i);
                    plain.append(next == 'n' ? '\n' : next == 'r' ? '\r' : next);
                } else {
                    plain.append(c);
                }
            }
            return plain.toString();
        }
    }

    private static Line cef(SinkRecord record) {
        try (var transform = new ToCef<SinkRecord>()) {
            transform.configure(Map.of());
            return Line.read((String) transform.apply(record).value());
        }
    }

    @Test
    void everyEventIsALineThatAReceiverCanRead() {
        for (var type : Golden.types().keySet()) {
            var line = cef(Golden.record(type));
            assertThat(line.header().subList(0, 5))
                    .containsExactly("CEF:0", "Interlock", "Interlock", PluginVersion.get(), "dev.interlock." + type);
            assertThat(line.header().get(5)).as(type).isNotBlank();
            assertThat(Integer.parseInt(line.header().get(6))).isBetween(0, 10);
            assertThat(KEYS).as(type).containsAll(line.extension().keySet());
            assertThat(line.extension())
                    .containsEntry("rt", "1795205730250")
                    .containsEntry("externalId", Golden.ID)
                    .containsKeys("msg", "cat", "act", "deviceFacility");
            for (int i = 1; i <= 6; i++) {
                assertThat(line.extension().containsKey("cs" + i))
                        .isEqualTo(line.extension().containsKey("cs" + i + "Label"));
            }
        }
    }

    @Test
    void gravityBecomesSeverity() {
        assertThat(cef(Golden.record("agent.AgentHeard.v1")).header().get(6)).isEqualTo("1");
        assertThat(cef(Golden.record("agent.GracePeriodStarted.v1")).header().get(6))
                .isEqualTo("5");
        assertThat(cef(Golden.record("inventory.HostKeyChanged.v1")).header().get(6))
                .isEqualTo("8");
        assertThat(cef(Golden.record("license.TrustedStorageCorrupted.v1"))
                        .header()
                        .get(6))
                .isEqualTo("10");
    }

    @Test
    void charactersThatMeanSomethingAreEscaped() {
        ObjectNode data = Golden.data("inventory.HostUnreachable.v1");
        data.put("name", "a|b=c\\d");
        data.put("detail", "first\nsecond=2\r\nthird\\");
        var line = cef(Golden.record("dev.interlock.inventory.HostUnreachable.v1", data.toString()));
        assertThat(line.extension()).containsEntry("dhost", "a|b=c\\d");
        assertThat(line.extension().get("msg")).contains("a|b=c\\d", "first\nsecond=2\nthird\\");
        var typed = cef(Golden.record("dev.interlock.odd.A|B\\C.v1", "{}"));
        assertThat(typed.header().get(4)).isEqualTo("dev.interlock.odd.A|B\\C.v1");
    }

    @Test
    void aHostThatIsNamedAndNotNumberedHasNoAddress() {
        var data = Golden.data("inventory.HostDiscovered.v1");
        assertThat(cef(Golden.record("inventory.HostDiscovered.v1")).extension())
                .containsEntry("dst", "10.20.0.11")
                .containsEntry("dpt", "22");
        data.put("address", "kcm-01.example.com");
        assertThat(cef(Golden.record("dev.interlock.inventory.HostDiscovered.v1", data.toString()))
                        .extension())
                .doesNotContainKeys("dst", "dpt");
    }

    @Test
    void whoDidItAndWhoseSessionItIsAreTold() {
        assertThat(cef(Golden.record("upgrade.UpgradeApproved.v1")).extension()).containsEntry("suser", "anna");
        assertThat(cef(Golden.record("license.SessionDenied.v1")).extension())
                .containsEntry("duser", "maria")
                .containsEntry("outcome", "failure")
                .containsEntry("reason", "no-license");
    }
}
