package dev.interlock.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.interlock.testkit.ArchitectureRules;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final ArchRule ASKS_THE_SERVICES_BY_THE_CLIENT = noClasses()
            .that()
            .resideInAPackage("dev.interlock.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.net.http..")
            .as(
                    "the services are asked by the operations of api-client, which are generated from the documents: add what is"
                            + " missing there");

    @Test
    void keepsToTheRulesOfTheProduct() {
        ArchitectureRules.check("dev.interlock.cli");
    }

    @Test
    void asksTheServicesByTheGeneratedClientOnly() {
        ASKS_THE_SERVICES_BY_THE_CLIENT.check(new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.interlock.cli"));
        assertThat(ASKS_THE_SERVICES_BY_THE_CLIENT
                        .evaluate(new ClassFileImporter().importClasses(AsksByItself.class))
                        .hasViolation())
                .as("a class that does so is found")
                .isTrue();
    }

    record AsksByItself(HttpClient http) {}

    @Test
    void hasNoPathOfAnApiWrittenIntoIt() throws IOException {
        try (var files = Files.walk(Path.of("src/main/java"))) {
            var sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(sources).hasSizeGreaterThan(20);
            for (Path source : sources) {
                assertThat(Files.readString(source))
                        .as("%s: the paths are those of api-client, generated from contracts/openapi", source)
                        .doesNotContain("/api/v");
            }
        }
    }
}
