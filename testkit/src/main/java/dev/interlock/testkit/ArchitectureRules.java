package dev.interlock.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The shape of the product. Each module's ArchitectureTest holds the module against all of it:
 *
 * <pre>{@code
 * ArchitectureRules.check("dev.interlock.license");
 * }</pre>
 *
 * Each rule has a class among the tests of this module that breaks it.
 */
public final class ArchitectureRules {

    private static final List<String> SERVICES = List.of("inventory", "license", "agent", "upgrade");

    /** Programs that people see: they may print, and measure the time of day. */
    private static final String[] PROGRAMS = {
        "dev.interlock.cli..",
        "dev.interlock.standalone..",
        "dev.interlock.bench..",
        "dev.interlock.lab..",
        "dev.interlock.embedded..",
        "dev.interlock.testkit.."
    };

    private static final Set<String> TIMES = Set.of(
            "java.time.Instant",
            "java.time.LocalDate",
            "java.time.LocalDateTime",
            "java.time.LocalTime",
            "java.time.OffsetDateTime",
            "java.time.ZonedDateTime");

    private ArchitectureRules() {}

    /** What a service decides, it decides in plain Java. */
    public static ArchRule domainIsPure() {
        return noClasses()
                .that()
                .resideInAPackage("dev.interlock.*.domain..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.micronaut..",
                        "jakarta..",
                        "javax..",
                        "java.sql..",
                        "java.net.http..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "com.fasterxml..",
                        "com.github.kagkarlsson..",
                        "org.apache..",
                        "org.postgresql..",
                        "net.schmizz..",
                        "org.slf4j..",
                        "dev.interlock.platform..")
                .orShould()
                .dependOnClassesThat(describe(
                        "do input and output",
                        type -> Set.of(
                                        "java.io.File",
                                        "java.io.FileInputStream",
                                        "java.io.FileOutputStream",
                                        "java.net.Socket",
                                        "java.net.ServerSocket",
                                        "java.lang.ProcessBuilder")
                                .contains(type.getName())))
                .as("the domain knows no framework, no database, no wire and no platform");
    }

    /** It takes the time as an argument. */
    public static ArchRule domainHasNoClock() {
        return noClasses()
                .that()
                .resideInAPackage("dev.interlock.*.domain..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.time\\.(Clock|InstantSource)")
                .orShould()
                .accessTargetWhere(readsTheTime())
                .as("the domain takes the time as an argument");
    }

    /** Everything else asks the clock bean, which tests can set. */
    public static ArchRule timeComesFromTheClockBean() {
        return noClasses()
                .that(resideInAnyPackage("dev.interlock..")
                        .and(DescribedPredicate.not(resideInAnyPackage(PROGRAMS)))
                        .and(DescribedPredicate.not(resideInAnyPackage("dev.interlock.platform.time.."))))
                .should()
                .accessTargetWhere(readsTheTime())
                .as("the time comes from the clock bean");
    }

    /** The domain knows neither use cases nor adapters; use cases know no adapters. */
    public static ArchRule dependenciesPointInward() {
        var rules = new ArrayList<ArchRule>();
        for (String service : SERVICES) {
            String home = "dev.interlock." + service + ".";
            rules.add(noClasses()
                    .that()
                    .resideInAPackage(home + "domain..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(home + "app..", home + "adapter..")
                    .allowEmptyShould(true));
            rules.add(noClasses()
                    .that()
                    .resideInAPackage(home + "app..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(home + "adapter..")
                    .allowEmptyShould(true));
        }
        return CompositeArchRule.of(rules).as("dependencies point inward: adapter, app, domain");
    }

    /** They share published events and nothing else. */
    public static ArchRule servicesDoNotKnowEachOther() {
        var rules = new ArrayList<ArchRule>();
        for (String service : SERVICES) {
            var others = SERVICES.stream()
                    .filter(other -> !other.equals(service))
                    .map(other -> "dev.interlock." + other + "..")
                    .toArray(String[]::new);
            rules.add(noClasses()
                    .that()
                    .resideInAPackage("dev.interlock." + service + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .allowEmptyShould(true));
        }
        return CompositeArchRule.of(rules).as("services do not know each other");
    }

    /** Whoever reads our events needs nothing of ours but them. */
    public static ArchRule contractsNeedOnlyJackson() {
        return classes()
                .that()
                .resideInAPackage("dev.interlock.contracts..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.interlock.contracts..", "java..", "com.fasterxml.jackson..", "org.jspecify..")
                .as("contracts need only Jackson");
    }

    /** The platform has no domain word, so it cannot know a service. */
    public static ArchRule platformKnowsNoService() {
        return noClasses()
                .that()
                .resideInAPackage("dev.interlock.platform..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SERVICES.stream()
                        .map(service -> "dev.interlock." + service + "..")
                        .toArray(String[]::new))
                .as("the platform knows no service");
    }

    /** The edge passes on what it does not understand; it would have to be released with each service otherwise. */
    public static ArchRule edgeKnowsNoService() {
        return noClasses()
                .that()
                .resideInAPackage("dev.interlock.edge..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(Stream.concat(
                                Stream.of("dev.interlock.contracts.."),
                                SERVICES.stream().map(service -> "dev.interlock." + service + ".."))
                        .toArray(String[]::new))
                .as("the edge knows no service and no event");
    }

    /** A service talks by its log, which is JSON. */
    public static ArchRule onlyProgramsPrint() {
        return noClasses()
                .that(resideInAnyPackage("dev.interlock..").and(DescribedPredicate.not(resideInAnyPackage(PROGRAMS))))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .as("only programs for people print");
    }

    /** What an object needs it gets when it is made. */
    public static ArchRule injectionIsByConstructor() {
        return noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage("dev.interlock..")
                .should()
                .beAnnotatedWith("jakarta.inject.Inject")
                .orShould()
                .beAnnotatedWith("io.micronaut.context.annotation.Value")
                .orShould()
                .beAnnotatedWith("io.micronaut.context.annotation.Property")
                .as("injection is by constructor");
    }

    /** One finds a service's API in one place. */
    public static ArchRule controllersLiveInAdapterHttp() {
        return livesIn("io.micronaut.http.annotation.Controller", "http").as("controllers live in adapter.http");
    }

    /** And what it listens to in another. */
    public static ArchRule listenersLiveInAdapterKafka() {
        return livesIn("io.micronaut.configuration.kafka.annotation.KafkaListener", "kafka")
                .as("Kafka listeners live in adapter.kafka");
    }

    /** Pinned keys, limits and time-outs are in one place; nobody goes round it. */
    public static ArchRule sshGoesThroughThePlatform() {
        return noClasses()
                .that(resideInAnyPackage("dev.interlock..")
                        .and(DescribedPredicate.not(resideInAnyPackage("dev.interlock.platform.ssh.."))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("net.schmizz..", "com.hierynomus..")
                .as("SSH goes through the platform");
    }

    /** Sleeping in place of a condition is either too long or too short. A database that is still starting cannot tell us when. */
    public static ArchRule nobodySleeps() {
        return noClasses()
                .that(resideInAnyPackage("dev.interlock..")
                        .and(DescribedPredicate.not(resideInAnyPackage(PROGRAMS)))
                        .and(DescribedPredicate.not(name("dev.interlock.platform.service.DatabaseWait"))))
                .should()
                .callMethodWhere(describe(
                        "sleeps",
                        call -> call.getTargetOwner().isEquivalentTo(Thread.class)
                                && call.getName().equals("sleep")))
                .as("nobody sleeps in place of a condition");
    }

    /** All of them, by name. */
    public static Map<String, ArchRule> all() {
        var rules = new LinkedHashMap<String, ArchRule>();
        for (ArchRule rule : List.of(
                domainIsPure(),
                domainHasNoClock(),
                timeComesFromTheClockBean(),
                dependenciesPointInward(),
                servicesDoNotKnowEachOther(),
                contractsNeedOnlyJackson(),
                platformKnowsNoService(),
                edgeKnowsNoService(),
                onlyProgramsPrint(),
                injectionIsByConstructor(),
                controllersLiveInAdapterHttp(),
                listenersLiveInAdapterKafka(),
                sshGoesThroughThePlatform(),
                nobodySleeps())) {
            rules.put(rule.getDescription(), rule);
        }
        return rules;
    }

    /**
     * Holds the product's classes below these packages, without tests, against all rules.
     *
     * @throws AssertionError with every breach of every rule
     */
    public static void check(String... packages) {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(packages);
        if (classes.isEmpty()) {
            throw new AssertionError("there are no classes in " + String.join(", ", packages));
        }
        var breaches = new ArrayList<String>();
        all().forEach((name, rule) -> {
            var result = rule.allowEmptyShould(true).evaluate(classes);
            if (result.hasViolation()) {
                breaches.add(name + ":\n  "
                        + String.join("\n  ", result.getFailureReport().getDetails()));
            }
        });
        if (!breaches.isEmpty()) {
            throw new AssertionError("the architecture is broken\n" + String.join("\n", breaches));
        }
    }

    private static ArchRule livesIn(String annotation, String adapter) {
        return classes()
                .that()
                .resideInAnyPackage(SERVICES.stream()
                        .map(service -> "dev.interlock." + service + "..")
                        .toArray(String[]::new))
                .and()
                .areAnnotatedWith(annotation)
                .should()
                .resideInAPackage("dev.interlock.*.adapter." + adapter + "..");
    }

    private static DescribedPredicate<JavaAccess<?>> readsTheTime() {
        return describe("reads the time of the machine", access -> {
            var owner = access.getTargetOwner().getName();
            var name = access.getTarget().getName();
            if (owner.equals("java.lang.System")) {
                return name.equals("currentTimeMillis");
            }
            if (owner.equals("java.time.Clock")) {
                return name.startsWith("system") || name.startsWith("tick");
            }
            if (owner.equals("java.util.Date")) {
                return name.equals("<init>") && access.getDescription().contains("Date.<init>()");
            }
            return TIMES.contains(owner)
                    && name.equals("now")
                    && !access.getTarget().getFullName().contains("now(java.time.Clock)");
        });
    }
}
