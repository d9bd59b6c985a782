package dev.interlock.contracts.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import dev.interlock.contracts.Channel;
import dev.interlock.contracts.EventCodec;
import dev.interlock.contracts.Published;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message ever promised can be read, and says the same when it is written again. */
class GoldenFilesTest {

    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EventCodec codec = new EventCodec();

    static Stream<MessageType> messages() {
        return MessageType.all().stream();
    }

    @Test
    void everyMessageHasAGoldenFileAndEveryGoldenFileAMessage() throws IOException {
        var files = new TreeSet<String>();
        try (var found = Files.list(MODULE.resolve("src/test/resources/golden"))) {
            found.forEach(file -> files.add(file.getFileName().toString()));
        }
        var types = new TreeSet<String>();
        messages().forEach(message -> types.add(message.type() + ".json"));
        assertThat(files).isEqualTo(types).hasSize(72);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aGoldenFileIsReadAndWrittenWithoutLoss(MessageType message) throws IOException {
        Published read = read(message, message.example());
        assertThat(JSON.readTree(codec.toJson(read))).isEqualTo(message.example());
        assertThat(codec.type(read)).isEqualTo(message.type());
        assertThat(read.key()).isNotBlank();
        assertThat(read(message, JSON.readTree(codec.toJson(read)))).isEqualTo(read);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aGoldenFileIsWhatItsPackagedSchemaAsksFor(MessageType message) throws IOException {
        JsonSchema schema = schema(message);
        assertThat(schema.validate(message.example())).isEmpty();
        for (String field : names(message.example())) {
            ObjectNode wrong = message.example().deepCopy();
            wrong.putArray(field).addArray();
            assertThat(schema.validate(wrong))
                    .as("%s that is no %s", field, field)
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void codecAndSchemaAgreeOnWhatMayBeAbsent(MessageType message) throws IOException {
        JsonSchema schema = schema(message);
        for (String field : names(message.example())) {
            ObjectNode without = message.example().deepCopy();
            without.remove(field);
            if (schema.validate(without).isEmpty()) {
                assertThat(JSON.readTree(codec.toJson(read(message, without)))).isEqualTo(without);
            } else {
                assertThatThrownBy(() -> read(message, without))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(field);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatANewerServiceAddsIsIgnored(MessageType message) {
        ObjectNode newer = message.example().deepCopy();
        newer.putObject("addedLater").put("in", "2031");
        assertThat(read(message, newer)).isEqualTo(read(message, message.example()));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void theTypeNameSaysWhoseItIs(MessageType message) {
        Channel channel = message.channel();
        assertThat(message.type()).isEqualTo("dev.interlock.%s.%s.v1".formatted(channel.domain(), message.name()));
        assertThat(channel.topic()).startsWith("interlock." + channel.domain() + ".");
    }

    private Published read(MessageType message, JsonNode data) {
        Class<?> family = MessageType.FAMILIES.stream()
                .filter(each -> each.isAssignableFrom(message.record()))
                .findFirst()
                .orElseThrow();
        return (Published) codec.parse(family, message.type(), data.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonSchema schema(MessageType message) throws IOException {
        Path file = MODULE.resolve("target/classes/contracts/schemas/" + message.type() + ".json");
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(
                        Files.readString(file),
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build());
    }
}
