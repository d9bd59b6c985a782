package dev.interlock.testkit.openapi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

/** The OpenAPI documents in {@code contracts/openapi}, from which clients are generated. */
public final class PublishedApi {

    private PublishedApi() {}

    /**
     * Fails if a module's published document is not what its controllers say now; rewrites it with {@code
     * -Dinterlock.accept=true}.
     *
     * @param module its name, which is also the document's: {@code inventory-service}
     * @param basePackage of its controllers
     */
    public static void compare(String module, String basePackage) {
        var generated = ApiFiles.generated(module);
        refuseStale(module, generated);
        var document = ApiFiles.write(ApiDocument.of(
                module,
                ApiFiles.read(generated),
                ApiFiles.readIfThere(ApiFiles.parts(module)),
                ApiFiles.readIfThere(ApiFiles.examples(module)),
                ApiRoutes.of(basePackage),
                ProblemTypes.read()));
        var published = ApiFiles.published(module);
        try {
            var before = Files.exists(published) ? Files.readString(published) : "";
            if (before.equals(document)) {
                return;
            }
            if (Boolean.getBoolean("interlock.accept")) {
                Files.writeString(published, document);
                return;
            }
            throw new AssertionError("contracts/openapi/" + module + ".yml is not what the controllers of " + module
                    + " say. First difference, published and now:\n" + firstDifference(before, document)
                    + "\nIf the change is wanted, publish it: mvn -o -q -pl " + module
                    + " test -Dtest=PublishedApiTest -Dinterlock.accept=true");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A compiler that had only some of the classes to do writes a document of only these. */
    private static void refuseStale(String module, Path generated) {
        try {
            if (!Files.exists(generated)) {
                throw new AssertionError(
                        generated + " is not there: compile the module anew, mvn -pl " + module + " clean test.");
            }
            FileTime made = Files.getLastModifiedTime(generated);
            try (Stream<Path> sources = Files.walk(ApiFiles.ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path source :
                        (Iterable<Path>) sources.filter(each -> each.toString().endsWith(".java"))::iterator) {
                    if (Files.getLastModifiedTime(source).compareTo(made) > 0) {
                        throw new AssertionError("The generated document is older than " + source.getFileName()
                                + ": compile the module anew, mvn -pl " + module + " clean test.");
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String firstDifference(String before, String now) {
        List<String> old = before.lines().toList();
        List<String> fresh = now.lines().toList();
        int at = 0;
        while (at < Math.min(old.size(), fresh.size()) && old.get(at).equals(fresh.get(at))) {
            at++;
        }
        return "line " + (at + 1) + "\n  - " + (at < old.size() ? old.get(at) : "(end)") + "\n  + "
                + (at < fresh.size() ? fresh.get(at) : "(end)");
    }
}
