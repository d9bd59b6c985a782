package dev.interlock.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every rule catches the classes that were written to break it, and no others of them. */
class ArchitectureRulesTest {

    private static final Map<String, ArchRule> RULES = ArchitectureRules.all();

    /** Which class breaks which rules. */
    private static final Map<String, Set<String>> BREAKS = Map.ofEntries(
            Map.entry(
                    "KnowsTheDatabase", Set.of("the domain knows no framework, no database, no wire and no platform")),
            Map.entry("LooksAtTheClock", Set.of("the domain takes the time as an argument")),
            Map.entry("KnowsItsUseCase", Set.of("dependencies point inward: adapter, app, domain")),
            Map.entry("KnowsItsAdapter", Set.of("dependencies point inward: adapter, app, domain")),
            Map.entry("AsksTheMachineForTheTime", Set.of("the time comes from the clock bean")),
            Map.entry("KnowsAnotherService", Set.of("services do not know each other")),
            Map.entry("NeedsALibrary", Set.of("contracts need only Jackson")),
            Map.entry("KnowsAService", Set.of("the platform knows no service")),
            Map.entry("KnowsWhomItAsks", Set.of("the edge knows no service and no event")),
            Map.entry("Prints", Set.of("only programs for people print")),
            Map.entry("HasItsFieldsFilled", Set.of("injection is by constructor")),
            Map.entry("AnswersRequests", Set.of("controllers live in adapter.http")),
            Map.entry("Listens", Set.of("Kafka listeners live in adapter.kafka")),
            Map.entry("GoesRoundThePlatform", Set.of("SSH goes through the platform")),
            Map.entry("Sleeps", Set.of("nobody sleeps in place of a condition")));

    private static final JavaClasses ALL = new ClassFileImporter()
            .importPackages(
                    "dev.interlock.license",
                    "dev.interlock.agent",
                    "dev.interlock.contracts",
                    "dev.interlock.platform",
                    "dev.interlock.edge")
            .that(describe(
                    "were written to break a rule",
                    type -> type.getPackageName().endsWith(".broken")));

    @Test
    void everyBrokenClassIsCaughtByItsRuleAndByNoOther() {
        var caught = new TreeMap<String, Set<String>>();
        for (JavaClass broken : ALL) {
            var one = ALL.that(describe("are it", broken::equals));
            var rules = new LinkedHashSet<String>();
            RULES.forEach((name, rule) -> {
                if (rule.allowEmptyShould(true).evaluate(one).hasViolation()) {
                    rules.add(name);
                }
            });
            if (!rules.isEmpty()) {
                caught.put(broken.getSimpleName(), rules);
            }
        }
        assertThat(caught).isEqualTo(new TreeMap<>(BREAKS));
    }

    @Test
    void everyRuleHasAClassThatBreaksIt() {
        var covered = new TreeSet<String>();
        BREAKS.values().forEach(covered::addAll);
        assertThat(covered).isEqualTo(new TreeSet<>(RULES.keySet()));
    }
}
