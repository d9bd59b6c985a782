package dev.interlock.siem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.interlock.contracts.Channel;
import dev.interlock.siem.syslog.SyslogSinkConnector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each example in deploy/siem/examples does what it says, as far as it is ours: topics, converters, transforms, our sink. */
class ExamplesTest {

    static Stream<Path> examples() throws IOException {
        try (var files = Files.list(Golden.ROOT.resolve("deploy/siem/examples"))) {
            return files.sorted().toList().stream();
        }
    }

    private static Map<String, String> config(Path example) throws IOException {
        var config = new TreeMap<String, String>();
        JsonNode json = Golden.JSON.readTree(Files.readString(example));
        assertThat(json.path("name").asText()).isNotBlank();
        json.path("config")
                .properties()
                .forEach(each -> config.put(each.getKey(), each.getValue().asText()));
        return config;
    }

    private static String setting(Map<String, String> config, String name) {
        return Objects.requireNonNull(config.get(name), name);
    }

    private static <T> T made(Map<String, String> config, String setting, Class<T> type) throws Exception {
        return Class.forName(setting(config, setting))
                .asSubclass(type)
                .getDeclaredConstructor()
                .newInstance();
    }

    private static Map<String, String> below(Map<String, String> config, String prefix) {
        var below = new HashMap<String, String>();
        config.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                below.put(name.substring(prefix.length()), value);
            }
        });
        return below;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void itReadsTheEventTopicsAndNoOthers(Path example) throws IOException {
        assertThat(setting(config(example), "topics").split(","))
                .isSubsetOf(Arrays.stream(Channel.values())
                        .filter(channel -> !channel.compacted())
                        .map(Channel::topic)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void itsErrorHandlingLosesNothingSilently(Path example) throws IOException {
        var config = config(example);
        assertThat(config).containsEntry("errors.tolerance", "all").containsKey("errors.deadletterqueue.topic.name");
    }

    @ParameterizedTest
    @MethodSource("examples")
    @SuppressWarnings("unchecked")
    void anEventPassesItsConvertersAndTransforms(Path example) throws Exception {
        var config = config(example);
        for (var type : Golden.types().keySet()) {
            var golden = Golden.record(type);
            var converter = made(config, "value.converter", Converter.class);
            converter.configure(below(config, "value.converter."), false);
            var value =
                    converter.toConnectData(golden.topic(), ((String) golden.value()).getBytes(StandardCharsets.UTF_8));
            var headers = made(config, "header.converter", HeaderConverter.class);
            var headerSettings = below(config, "header.converter.");
            headerSettings.put("converter.type", "header");
            headers.configure(headerSettings);
            var record = golden.newRecord(
                    golden.topic(),
                    1,
                    golden.keySchema(),
                    golden.key(),
                    value.schema(),
                    value.value(),
                    golden.timestamp());
            for (var header : golden.headers()) {
                var bytes = header.value() instanceof byte[] b
                        ? b
                        : String.valueOf(header.value()).getBytes(StandardCharsets.UTF_8);
                record.headers().add(header.key(), headers.toConnectHeader(golden.topic(), header.key(), bytes));
            }
            for (var name : setting(config, "transforms").split(",")) {
                try (var transform = (Transformation<SinkRecord>)
                        made(config, "transforms." + name + ".type", Transformation.class)) {
                    transform.config().parse(below(config, "transforms." + name + "."));
                    transform.configure(below(config, "transforms." + name + "."));
                    record = transform.apply(record);
                }
            }
            assertThat(record.value()).as(type).isInstanceOfAny(String.class, Map.class);
            if (record.value() instanceof String text && !text.startsWith("{")) {
                assertThat(text).contains(Golden.ID);
            } else {
                var event = Golden.JSON.valueToTree(
                        record.value() instanceof String text ? Golden.JSON.readTree(text) : record.value());
                assertThat(OcsfSchema.breaches((JsonNode) (event.has("event") ? event.path("event") : event)))
                        .as(type)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void ourSinkTakesItsSettings(Path example) throws IOException {
        var config = config(example);
        if (setting(config, "connector.class").equals(SyslogSinkConnector.class.getName())) {
            // the example's files are on the reader's machine
            config.keySet().removeIf(name -> name.equals("syslog.tls.ca") || name.equals("syslog.tls.certificate"));
            var validated = new SyslogSinkConnector().validate(config);
            assertThat(validated.configValues().stream().flatMap(value -> value.errorMessages().stream()))
                    .isEmpty();
            assertThat(new SyslogSinkConnector().config().names())
                    .containsAll(config.keySet().stream()
                            .filter(name -> name.startsWith("syslog."))
                            .toList());
        } else {
            assertThat(setting(config, "connector.class")).isNotBlank();
        }
    }
}
