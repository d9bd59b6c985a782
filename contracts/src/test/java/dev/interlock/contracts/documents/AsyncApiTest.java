package dev.interlock.contracts.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.interlock.contracts.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsyncApiTest {

    private static final Path MODULE = Path.of("").toAbsolutePath();

    private final JsonNode packaged = read(MODULE.resolve("target/classes/contracts/asyncapi.yaml"));
    private final JsonSchema specification = specification();

    @Test
    void thePackagedDocumentIsValidAsyncApi3() {
        assertThat(packaged.path("asyncapi").asText()).isEqualTo("3.0.0");
        assertThat(specification.validate(packaged)).isEmpty();
    }

    @Test
    void theSpecificationsSchemaRefusesBrokenDocuments() {
        assertThat(problems(document -> document.remove("info"))).isNotEmpty();
        assertThat(problems(
                        document -> at(document, "/channels/inventoryEvents").put("adress", "x")))
                .isNotEmpty();
        assertThat(problems(document ->
                        at(document, "/channels/inventoryHosts/bindings/kafka").put("partitions", "many")))
                .isNotEmpty();
        assertThat(problems(document -> at(document, "/components/messages/NodeUpdated/bindings/kafka")
                        .put("colour", "red")))
                .isNotEmpty();
        assertThat(problems(document -> at(document, "/components/schemas/NodeUpdated/properties/n")
                        .put("type", "whole")))
                .isNotEmpty();
        assertThat(problems(document ->
                        at(document, "/operations/publishUpgradeEvents").put("action", "shout")))
                .isNotEmpty();
    }

    @Test
    void everyTopicAndEveryMessageStandsInIt() {
        var topics = new TreeSet<String>();
        packaged.path("channels")
                .forEach(channel -> topics.add(channel.path("address").asText()));
        var expected = new TreeSet<String>();
        for (Channel channel : Channel.values()) {
            expected.add(channel.topic());
        }
        assertThat(topics).isEqualTo(expected);

        for (MessageType message : MessageType.all()) {
            JsonNode found = packaged.at("/components/messages/" + message.name());
            assertThat(found.path("name").asText()).isEqualTo(message.type());
            assertThat(found.at("/headers/allOf/1/properties/ce_type/const").asText())
                    .isEqualTo(message.type());
            assertThat(found.at("/examples/0/payload")).isEqualTo(message.example());
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references = packaged.findValuesAsText("$ref");
        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                packaged.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    @Test
    void theSameRecordsGiveTheSameBytesAsTheBuildPackaged(@TempDir Path again) throws IOException {
        ContractDocuments.write(MODULE, again);
        Path packagedFolder = MODULE.resolve("target/classes/contracts");
        try (var files = Files.walk(again)) {
            assertThat(files.filter(Files::isRegularFile).toList())
                    .hasSize(73)
                    .allSatisfy(file ->
                            assertThat(file).hasSameBinaryContentAs(packagedFolder.resolve(again.relativize(file))));
        }
    }

    private Set<ValidationMessage> problems(java.util.function.Consumer<ObjectNode> damage) {
        ObjectNode document = packaged.deepCopy();
        damage.accept(document);
        return specification.validate(document);
    }

    private static ObjectNode at(ObjectNode document, String pointer) {
        return (ObjectNode) document.at(pointer);
    }

    private static JsonNode read(Path yaml) {
        try {
            return new YAMLMapper().readTree(Files.readString(yaml));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The specification's own schema, each part known by its id, so that nothing is fetched. */
    private static JsonSchema specification() {
        try (var in = Objects.requireNonNull(AsyncApiTest.class.getResourceAsStream("/asyncapi/3.0.0.json"))) {
            JsonNode whole = ContractDocuments.JSON.readTree(in);
            var parts = new HashMap<String, String>();
            whole.path("definitions").forEach(part -> parts.put(part.path("$id").asText(), part.toString()));
            String root = whole.path("$id").asText();
            ObjectNode rootAlone = whole.deepCopy();
            rootAlone.remove("definitions");
            parts.put(root, rootAlone.toString());
            return JsonSchemaFactory.getInstance(
                            SpecVersion.VersionFlag.V7,
                            factory -> factory.schemaLoaders(loaders -> loaders.schemas(parts)))
                    .getSchema(SchemaLocation.of(root));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
