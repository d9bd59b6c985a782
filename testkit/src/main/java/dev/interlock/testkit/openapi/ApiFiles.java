package dev.interlock.testkit.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the documents are, and how they are read and written. */
final class ApiFiles {

    /** The published documents: one a service, and what every service serves. */
    static final List<String> NAMES =
            List.of("inventory-service", "license-service", "upgrade-service", "agent-monitor", "platform");

    static final Path ROOT = Path.of(System.getProperty("interlock.root", ".."));
    static final Path PUBLISHED = ROOT.resolve("contracts/openapi");
    static final Path SOURCES = ROOT.resolve("contracts/api");

    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                    .build())
            .build();

    private ApiFiles() {}

    static Path published(String name) {
        return PUBLISHED.resolve(name + ".yml");
    }

    /** What people write beside the code: the words of the document, and schemas of free JSON. */
    static Path parts(String name) {
        return SOURCES.resolve("words").resolve(name + ".yml");
    }

    /** An example of each operation. */
    static Path examples(String name) {
        return SOURCES.resolve("examples").resolve(name + ".yml");
    }

    /** What the compiler of the module made from its controllers. */
    static Path generated(String name) {
        return ROOT.resolve(name).resolve("target/classes/META-INF/swagger").resolve(name + ".yml");
    }

    static ObjectNode read(Path file) {
        try {
            JsonNode read = YAML.readTree(file.toFile());
            return read instanceof ObjectNode object ? object : YAML.createObjectNode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode readIfThere(Path file) {
        return Files.exists(file) ? read(file) : YAML.createObjectNode();
    }

    static String write(JsonNode document) {
        try {
            return YAML.writeValueAsString(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
