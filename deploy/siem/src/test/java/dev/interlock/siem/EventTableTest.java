package dev.interlock.siem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.contracts.OneOf;
import dev.interlock.siem.mapping.EventTable;
import dev.interlock.siem.mapping.Row;
import dev.interlock.siem.mapping.Sentence;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The table holds against the contract: it can neither fall behind nor speak of what there is not. */
class EventTableTest {

    private static final List<Row> ROWS = EventTable.get().rows();

    @Test
    void everyEventTypeOfTheContractHasARowAndEveryRowAType() {
        assertThat(ROWS.stream().map(Row::type).distinct().toList())
                .as("types in events.json; a new event needs a row there")
                .containsExactlyInAnyOrderElementsOf(Golden.types().keySet());
    }

    @Test
    void theLastRowOfATypeAlwaysFits() {
        for (var type : Golden.types().keySet()) {
            var rows = ROWS.stream().filter(row -> row.type().equals(type)).toList();
            assertThat(rows.getLast().when()).as(type).isEmpty();
            assertThat(rows.subList(0, rows.size() - 1))
                    .as(type)
                    .noneMatch(row -> row.when().isEmpty());
        }
    }

    @Test
    void everyPlaceIsAFieldOfItsEvent() {
        for (var row : ROWS) {
            var record = Objects.requireNonNull(Golden.types().get(row.type()));
            var paths = Stream.of(
                            row.cause(),
                            row.clause(),
                            row.next(),
                            row.finding(),
                            row.entity() == null ? null : row.entity().uid(),
                            row.entity() == null ? null : row.entity().name(),
                            row.app() == null ? null : row.app().uid(),
                            row.app() == null ? null : row.app().name(),
                            row.app() == null ? null : row.app().version())
                    .filter(Objects::nonNull)
                    .map(Sentence::paths)
                    .flatMap(List::stream)
                    .collect(Collectors.toSet());
            if (row.by() != null) {
                paths.add(row.by());
            }
            for (var path : paths) {
                assertThat(component(record, path))
                        .as(row.type() + " {" + path + "}")
                        .isNotNull();
            }
        }
    }

    @Test
    void whatARowAsksForCanBe() {
        for (var row : ROWS) {
            row.when().forEach((field, word) -> {
                var component = Objects.requireNonNull(
                        component(Objects.requireNonNull(Golden.types().get(row.type())), field),
                        row.type() + "." + field);
                if (word.isEmpty()) {
                    assertThat(component.getAnnotatedType().isAnnotationPresent(Nullable.class))
                            .isTrue();
                } else if (component.getType() == boolean.class) {
                    assertThat(word).isIn("true", "false");
                } else {
                    assertThat(component.getAnnotation(OneOf.class).value())
                            .as(row.type() + "." + field)
                            .contains(word);
                }
            });
        }
    }

    /** A nullable field outside of brackets would read "unknown". */
    @Test
    void whatMayBeAbsentStandsInBrackets() {
        for (var row : ROWS) {
            var outside = Sentence.of(row.cause().template().replaceAll("\\[[^\\]]*\\]", ""));
            for (var path : outside.paths()) {
                var component = Objects.requireNonNull(
                        component(Objects.requireNonNull(Golden.types().get(row.type())), path),
                        row.type() + "." + path);
                boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
                boolean ruledOut = ROWS.stream()
                        .anyMatch(other -> other.type().equals(row.type())
                                && "".equals(other.when().get(path)));
                assertThat(nullable && !ruledOut)
                        .as(row.type() + " {" + path + "}")
                        .isFalse();
            }
        }
    }

    @Test
    void everyClauseIsOneOfTheSourceDocuments() throws IOException {
        Set<String> known = Files.readAllLines(Golden.ROOT.resolve("docs/clauses.csv")).stream()
                .map(line -> line.replaceFirst(",.*", ""))
                .collect(Collectors.toSet());
        for (var row : ROWS) {
            if (row.clause() != null && row.clause().paths().isEmpty()) {
                assertThat(known)
                        .as(row.type())
                        .contains(row.clause().template().split(", "));
            }
        }
    }

    private static @Nullable RecordComponent component(Class<?> record, String path) {
        int dot = path.indexOf('.');
        var name = dot < 0 ? path : path.substring(0, dot);
        var found = Arrays.stream(record.getRecordComponents())
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElse(null);
        if (found == null || dot < 0) {
            return found;
        }
        var inner = found.getGenericType() instanceof ParameterizedType list
                ? (Class<?>) list.getActualTypeArguments()[0]
                : found.getType();
        return inner.isRecord() ? component(inner, path.substring(dot + 1)) : null;
    }
}
