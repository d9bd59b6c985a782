package dev.interlock.contracts.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.contracts.OneOf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of change, made to a fixture, is caught – or let pass, where no reader minds. */
class CompatibilityTest {

    private static final Schemas SCHEMAS = new Schemas(new Javadocs(Map.of(), Map.of()));

    record Part(String name, int count) {}

    record Before(
            UUID id,
            String name,
            @Nullable String note,
            int count,
            Instant at,

            @OneOf({"big", "small"}) String size,

            List<Part> parts,
            Map<String, String> labels) {}

    @Test
    void anUnchangedRecordIsCompatible() {
        assertThat(breaks(Before.class)).isEmpty();
    }

    @Test
    void aNewNullableFieldAndANewWordAreCompatible() {
        record After(
                UUID id,
                String name,
                @Nullable String note,
                int count,
                Instant at,

                @OneOf({"big", "small", "tiny"}) String size,

                List<Part> parts,
                Map<String, String> labels,
                @Nullable Instant until) {}
        assertThat(breaks(After.class)).isEmpty();
    }

    @Test
    void aRemovedFieldIsCaught() {
        record After(
                UUID id,
                String name,
                int count,
                Instant at,

                @OneOf({"big", "small"}) String size,

                List<Part> parts,
                Map<String, String> labels) {}
        assertThat(breaks(After.class)).containsExactly("field 'note' was removed or renamed");
    }

    @Test
    void aRenamedFieldIsCaught() {
        record After(
                UUID id,
                String title,
                @Nullable String note,
                int count,
                Instant at,

                @OneOf({"big", "small"}) String size,

                List<Part> parts,
                Map<String, String> labels) {}
        assertThat(breaks(After.class))
                .containsExactly(
                        "field 'name' was removed or renamed",
                        "the new field 'title' is required, but older messages lack it");
    }

    @Test
    void aRetypedFieldIsCaughtEvenWhereOnlyItsFormatOrItsWidthChanged() {
        record After(
                String id,
                String name,
                @Nullable String note,
                long count,
                Instant at,

                @OneOf({"big", "small"}) String size,

                List<String> parts,
                Map<String, Integer> labels) {}
        assertThat(breaks(After.class))
                .containsExactly(
                        "field 'id' changed its type (string (uuid) → string)",
                        "field 'count' changed its type (integer (int32) → integer (int64))",
                        "field 'parts[]' changed its type (object → string)",
                        "field 'labels{}' changed its type (string → integer (int32))");
    }

    @Test
    void aFieldMadeRequiredIsCaught() {
        record After(
                UUID id,
                String name,
                String note,
                int count,
                Instant at,

                @OneOf({"big", "small"}) String size,

                List<Part> parts,
                Map<String, String> labels) {}
        assertThat(breaks(After.class)).containsExactly("field 'note' was made required, but older messages lack it");
    }

    @Test
    void aFieldMadeNullableIsCaught() {
        record After(
                UUID id,
                @Nullable String name,
                @Nullable String note,
                int count,
                Instant at,

                @OneOf({"big", "small"}) String size,

                List<Part> parts,
                Map<String, String> labels) {}
        assertThat(breaks(After.class)).containsExactly("field 'name' was made nullable, but older readers demand it");
    }

    @Test
    void aWordTakenFromAnEnumerationIsCaught() {
        record After(
                UUID id,
                String name,
                @Nullable String note,
                int count,
                Instant at,

                @OneOf({"small", "tiny"}) String size,

                List<Part> parts,
                Map<String, String> labels) {}
        assertThat(breaks(After.class)).containsExactly("field 'size' no longer allows big");
    }

    @Test
    void aFreeTextLimitedToWordsIsCaught() {
        record After(
                UUID id,

                @OneOf({"a", "b"}) String name,

                @Nullable String note,
                int count,
                Instant at,

                @OneOf({"big", "small"}) String size,

                List<Part> parts,
                Map<String, String> labels) {}
        assertThat(breaks(After.class))
                .containsExactly("field 'name' allowed any text and is now limited to some words");
    }

    @Test
    void aChangeInsideANestedRecordIsCaught() {
        record Piece(String name) {}
        record After(
                UUID id,
                String name,
                @Nullable String note,
                int count,
                Instant at,

                @OneOf({"big", "small"}) String size,

                List<Piece> parts,
                Map<String, String> labels) {}
        assertThat(breaks(After.class)).containsExactly("field 'parts[].count' was removed or renamed");
    }

    @Test
    void anotherTopicOrKeyIsCaught() {
        ObjectNode was =
                SCHEMAS.of(Before.class).put("x-interlock-topic", "a.v1").put("x-interlock-key", "id");
        ObjectNode is =
                SCHEMAS.of(Before.class).put("x-interlock-topic", "b.v1").put("x-interlock-key", "name");
        assertThat(Compatibility.breaks(was, is))
                .containsExactly("it moved to another topic (a.v1 → b.v1)", "it is keyed by another field (id → name)");
    }

    @Test
    void anObjectionSaysWhatToDoAndAcceptingNeverWritesABreak(@TempDir Path folder) throws IOException {
        record After(UUID id) {}
        var published = new PublishedSchemas(folder);
        JsonNode before = SCHEMAS.of(Before.class).put("title", "Happened");
        JsonNode after = SCHEMAS.of(After.class).put("title", "Happened");

        assertThat(published.objections(Map.of("t.Happened.v1", before)))
                .singleElement()
                .asString()
                .startsWith("t.Happened.v1 is new: run `mvn");
        published.accept(Map.of("t.Happened.v1", before));
        assertThat(published.objections(Map.of("t.Happened.v1", before))).isEmpty();

        published.accept(Map.of("t.Happened.v1", after));
        assertThat(published.objections(Map.of("t.Happened.v1", after)))
                .hasSize(7)
                .first()
                .isEqualTo(
                        "t.Happened.v1 changed incompatibly: field 'name' was removed or renamed. Put Happened back as"
                                + " it was and make a new version beside it, the record HappenedV2 (type …v2); publish both until"
                                + " nobody reads the old one.");
        assertThat(ContractDocuments.JSON.readTree(Files.readString(folder.resolve("t.Happened.v1.json"))))
                .isEqualTo(before);
        assertThat(published.objections(Map.of()))
                .singleElement()
                .asString()
                .startsWith("t.Happened.v1 is no longer written or read");
    }

    private static List<String> breaks(Class<?> after) {
        return Compatibility.breaks(SCHEMAS.of(Before.class), SCHEMAS.of(after));
    }
}
