package dev.interlock.license.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.cli.LedgerInFolder;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.Allotment;
import dev.interlock.license.domain.ServerId;
import dev.interlock.testkit.Clause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Random histories of two sites with two servers each and one authority: requests, answers, uploads and applications in any order,
 * late, twice, to the wrong request, lost, expired, with crashes anywhere on either side. Seats are never exceeded, and in the end
 * none is lost. The use cases, the files and the authority's ledger are the real ones; only the rows are in memory.
 */
class ConservationPropertiesTest {
    private static final AtomicLong HISTORIES = new AtomicLong();
    private static final AtomicLong STEPS = new AtomicLong();
    private static final AtomicLong CRASHES = new AtomicLong();
    private static final AtomicLong APPLIED = new AtomicLong();

    private static final Map<String, Integer> BOUGHT = Map.of("AB-1", 7, "CD-2", 12);
    private static final List<String> CODES = List.of("AB-1", "CD-2");

    @AfterContainer
    static void howMany() {
        System.out.printf(
                "licence conservation: %d histories, %d steps, %d crashes, %d answers applied%n",
                HISTORIES.get(), STEPS.get(), CRASHES.get(), APPLIED.get());
        assertThat(APPLIED.get()).as("the histories do something").isGreaterThan(HISTORIES.get());
    }

    /** A history's own time. */
    private static final class Time extends Clock {
        private Instant now = Instant.parse("2026-03-01T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Made(Site site, UUID request, byte[] file) {}

    @Property(tries = 100)
    @Clause({"L10", "L12", "L14", "L15"})
    void seatsAreNeverExceededAndNeverLost(@ForAll long seed) throws IOException {
        var random = new Random(seed);
        var time = new Time();
        var shm = Path.of("/dev/shm");
        var folder = Files.isWritable(shm)
                ? Files.createTempDirectory(shm, "interlock-ledger")
                : Files.createTempDirectory("interlock-ledger");
        try {
            var authority = new LedgerInFolder(folder.resolve("authority"));
            var servers = new ArrayList<ServerId>();
            for (int i = 1; i <= 4; i++) {
                servers.add(new ServerId(new UUID(0, i)));
            }
            var sites = List.of(
                    new Site(authority.publicKey(), servers.subList(0, 2), time),
                    new Site(authority.publicKey(), servers.subList(2, 4), time));
            for (var code : CODES) {
                int seats = BOUGHT.getOrDefault(code, 0);
                authority.entitle(code, seats, Instant.parse("2099-01-01T00:00:00Z"), time.now);
                sites.forEach(site -> site.buy(code, seats));
            }
            var made = new ArrayList<Made>();
            var answers = new ArrayList<byte[]>();
            int steps = 20 + random.nextInt(30);
            for (int i = 0; i < steps; i++) {
                step(random, time, authority, sites, servers, made, answers);
                holds(authority, sites, servers);
                STEPS.incrementAndGet();
            }
            nothingIsLost(authority, sites, servers, time);
            HISTORIES.incrementAndGet();
        } finally {
            try (var all = Files.walk(folder)) {
                all.sorted(Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            }
        }
    }

    private static void step(
            Random random,
            Time time,
            LedgerInFolder authority,
            List<Site> sites,
            List<ServerId> servers,
            List<Made> made,
            List<byte[]> answers) {
        int dies = random.nextInt(4) == 0 ? random.nextInt(8) : -1;
        CRASHES.addAndGet(dies >= 0 ? 1 : 0);
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> {
                int s = random.nextInt(4);
                var code = CODES.get(random.nextInt(2));
                int total = random.nextInt(BOUGHT.getOrDefault(code, 0) + 2);
                request(sites.get(s / 2), servers.get(s), code, total, dies, made);
            }
            case 3, 4, 5 -> {
                if (made.isEmpty()) {
                    return;
                }
                // mostly the newest, but any may be carried, also again
                var carried = made.get(random.nextBoolean() ? made.size() - 1 : random.nextInt(made.size()));
                var answer = authority.respond(carried.file(), time.now);
                if (dies < 0) {
                    answer.ifPresent(answers::add);
                } else if (dies % 2 == 0) {
                    authority.tearLastWrite(); // of the next one, which is then never acted on
                } // else: allotted, but the answer was lost on the way
            }
            case 6, 7, 8 -> {
                if (made.isEmpty() || answers.isEmpty()) {
                    return;
                }
                var answer = answers.get(random.nextBoolean() ? answers.size() - 1 : random.nextInt(answers.size()));
                var to = made.get(random.nextInt(made.size()));
                // mostly where it belongs
                for (var each : made) {
                    if (random.nextInt(5) > 0 && fits(each, answer)) {
                        to = each;
                    }
                }
                upload(to, answer, dies);
                apply(to, random.nextBoolean() ? dies : -1);
            }
            default -> time.now = time.now.plus(Duration.ofMinutes(random.nextInt(50)));
        }
    }

    private static boolean fits(Made request, byte[] answer) {
        var payload = new String(answer, StandardCharsets.UTF_8).replaceAll("(?s).*\"payload\":\"([^\"]*)\".*", "$1");
        return new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8)
                .contains(request.request().toString());
    }

    private static void request(Site site, ServerId server, String code, int total, int dies, List<Made> made) {
        site.transaction(dies, () -> site.request.handle(server, new ActivationCode(code), total, "olga"))
                .ifPresent(outcome -> {
                    if (outcome instanceof RequestActivation.Outcome.Made(var request)) {
                        made.add(new Made(site, request.id(), site.file(request.id())));
                    }
                });
    }

    private static void upload(Made to, byte[] answer, int dies) {
        var _ = to.site().transaction(dies, () -> to.site().takeIn.handle(to.request(), answer, "olga"));
    }

    private static boolean apply(Made to, int dies) {
        boolean applied = to.site()
                .transaction(dies, () -> to.site().apply.handle(to.request(), "olga"))
                .filter(ApplyResponse.Outcome.Applied.class::isInstance)
                .isPresent();
        APPLIED.addAndGet(applied ? 1 : 0);
        return applied;
    }

    /** What may carry sessions is at most what the authority thinks is there, and that is at most what was bought. */
    private static void holds(LedgerInFolder authority, List<Site> sites, List<ServerId> servers) {
        var allotted = authority.allotted();
        for (var code : CODES) {
            var machines = allotted.getOrDefault(code, Map.of());
            int seats = BOUGHT.getOrDefault(code, 0);
            assertThat(machines.values().stream().mapToInt(Integer::intValue).sum())
                    .as("allotted of %s", code)
                    .isLessThanOrEqualTo(seats);
            int usable = 0;
            for (int s = 0; s < 4; s++) {
                Allotment held = sites.get(s / 2).pool(code).on(servers.get(s));
                assertThat(held.usable())
                        .as("usable of %s on server %d", code, s)
                        .isLessThanOrEqualTo(machines.getOrDefault(Site.machine(servers.get(s)), 0));
                usable += held.usable();
            }
            assertThat(usable).as("usable of %s everywhere", code).isLessThanOrEqualTo(seats);
        }
    }

    /** Everything is returned, and then everything can be activated at one place. */
    private static void nothingIsLost(LedgerInFolder authority, List<Site> sites, List<ServerId> servers, Time time) {
        for (var code : CODES) {
            for (int s = 0; s < 4; s++) {
                all(authority, sites.get(s / 2), servers.get(s), code, 0, time);
            }
            int seats = BOUGHT.getOrDefault(code, 0);
            all(authority, sites.getLast(), servers.getLast(), code, seats, time);
            assertThat(sites.getLast().pool(code).on(servers.getLast())).isEqualTo(new Allotment(seats, 0, 0));
        }
        holds(authority, sites, servers);
    }

    private static void all(LedgerInFolder authority, Site site, ServerId server, String code, int total, Time time) {
        var made = new ArrayList<Made>();
        request(site, server, code, total, -1, made);
        assertThat(made).as("a request for %d of %s", total, code).hasSize(1);
        var answer = authority.respond(made.getFirst().file(), time.now);
        assertThat(answer).as("an answer to %d of %s", total, code).isPresent();
        upload(made.getFirst(), answer.orElseThrow(), -1);
        assertThat(apply(made.getFirst(), -1))
                .as("applied: %d of %s", total, code)
                .isTrue();
    }
}
