package dev.interlock.contracts.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Run by the build after the tests are compiled: writes {@code contracts/asyncapi.yaml} and {@code
 * contracts/schemas/<type>.json} among the module's classes, so that they are packaged and served. The same input gives
 * the same bytes; nothing is done when nothing changed.
 */
public final class ContractDocuments {

    static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** @param args the module's folder */
    public static void main(String[] args) throws IOException {
        Path module = Path.of(args[0]);
        Path target = module.resolve("target/classes/contracts");
        Path mark = module.resolve("target/contract-documents.sha256");
        String digest = digest(module);
        if (Files.exists(mark) && Files.exists(target) && Files.readString(mark).equals(digest)) {
            return;
        }
        write(module, target);
        Files.writeString(mark, digest);
    }

    static void write(Path module, Path target) throws IOException {
        Javadocs docs = Javadocs.read(module.resolve("src/main/java"));
        List<MessageType> messages = MessageType.all();
        var schemas = new Schemas(docs);
        Path folder = Files.createDirectories(target.resolve("schemas"));
        try (var old = Files.list(folder)) {
            for (Path each : old.toList()) {
                Files.delete(each);
            }
        }
        for (MessageType message : messages) {
            Files.writeString(folder.resolve(message.type() + ".json"), json(schemas.of(message, docs)));
        }
        Files.writeString(target.resolve("asyncapi.yaml"), yaml(new AsyncApi(docs).document(messages)));
    }

    static String json(JsonNode document) throws IOException {
        return JSON.writeValueAsString(document) + "\n";
    }

    static String yaml(JsonNode document) throws IOException {
        return YAMLMapper.builder(YAMLFactory.builder()
                        .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                        .disable(YAMLGenerator.Feature.SPLIT_LINES)
                        .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                        .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                        .build())
                .build()
                .writeValueAsString(document);
    }

    private static String digest(Path module) throws IOException {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            var inputs = new ArrayList<Path>();
            for (String folder : List.of("src/main/java", "src/test/java", "src/test/resources/golden", "pom.xml")) {
                try (var found = Files.walk(module.resolve(folder))) {
                    found.filter(Files::isRegularFile).forEach(inputs::add);
                }
            }
            inputs.sort(null);
            for (Path each : inputs) {
                sha.update(each.toString().getBytes(StandardCharsets.UTF_8));
                sha.update(Files.readAllBytes(each));
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private ContractDocuments() {}
}
