package dev.interlock.upgrade.domain;

import dev.interlock.upgrade.domain.Finding.Weight;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Something that must hold for a run to begin and to go on: a predicate over what this service has been told, with a reason that a
 * person can act on. Checked when a plan is made, when a run is started, resumed or retried, and while it is going on.
 */
public sealed interface Interlock {
    /** All there are, in the order in which people read them. */
    List<Interlock> ALL = List.of(
            new OneRun(),
            new MaintenanceWindow(),
            new NeverReboot(),
            new Orphans(),
            new Clocks(),
            new GraceBudget(),
            new WhoWouldBeRefused(),
            new LicensesAtStake());

    /** What an agent that validates when the license server goes away has from then on (L33). */
    Duration GRACE = Duration.ofDays(7);

    /** Stable, for programs. */
    String word();

    /** What is wrong; empty while it holds. */
    Optional<Finding> broken(Situation s);

    static List<Finding> check(Situation s) {
        return ALL.stream().flatMap(each -> each.broken(s).stream()).toList();
    }

    /** One run a deployment. */
    record OneRun() implements Interlock {
        @Override
        public String word() {
            return "one-run";
        }

        @Override
        public Optional<Finding> broken(Situation s) {
            UUID other = s.otherRun();
            if (other == null) {
                return Optional.empty();
            }
            return Optional.of(Finding.of(
                    this,
                    "P9",
                    Weight.BLOCKS,
                    "Run " + other + " has the deployment " + s.plan().deployment() + ".",
                    "Wait until it has ended, or abort it."));
        }
    }

    /** The window is open, and what is to come fits into what is left of it, in the worst case (K4). */
    record MaintenanceWindow() implements Interlock {
        @Override
        public String word() {
            return "maintenance-window";
        }

        @Override
        public Optional<Finding> broken(Situation s) {
            Window window = s.plan().window();
            if (window == null) {
                return Optional.empty();
            }
            return switch (s.moment()) {
                case PLANNED -> {
                    Instant from = s.now().isAfter(window.start()) ? s.now() : window.start();
                    Duration room = Duration.between(from, window.end());
                    Duration needed = s.plan().maximum();
                    yield room.compareTo(needed) >= 0
                            ? Optional.empty()
                            : tooShort(
                                    Weight.REFUSES,
                                    window,
                                    "holds " + inWords(room) + ", and the plan may take " + inWords(needed));
                }
                case STARTING -> {
                    if (!window.contains(s.now())) {
                        yield closed(s.now(), window);
                    }
                    Duration left = window.left(s.now());
                    Duration needed = s.plan().maximum();
                    yield left.compareTo(needed) >= 0
                            ? Optional.empty()
                            : tooShort(
                                    Weight.BLOCKS,
                                    window,
                                    "is open for another " + inWords(left) + ", and the run may take "
                                            + inWords(needed));
                }
                case RUNNING, GOING_ON -> {
                    if (!window.contains(s.now())) {
                        yield closed(s.now(), window);
                    }
                    Duration left = window.left(s.now());
                    Duration needed = s.nextHost();
                    yield left.compareTo(needed) >= 0
                            ? Optional.empty()
                            : tooShort(
                                    Weight.BLOCKS,
                                    window,
                                    "is open for another " + inWords(left) + ", and the next host may take "
                                            + inWords(needed));
                }
            };
        }

        private Optional<Finding> closed(Instant now, Window window) {
            return Optional.of(Finding.of(
                    this,
                    "K4",
                    Weight.BLOCKS,
                    "The maintenance window is " + (now.isBefore(window.start()) ? "not open yet" : "over") + ": it is "
                            + window.words() + ".",
                    now.isBefore(window.start())
                            ? "Start the run when it is open."
                            : "Make a new plan with a window that is still to come, and have it approved."));
        }

        private Optional<Finding> tooShort(Weight weight, Window window, String sentence) {
            return Optional.of(Finding.of(
                    this,
                    "K4",
                    weight,
                    "The maintenance window (" + window.words() + ") " + sentence + ".",
                    "Make a new plan with a longer window, or with more hosts at once, and have it approved."));
        }
    }

    /** No other run is at work on one of these hosts in a way that forbids that it goes down (P9). */
    record NeverReboot() implements Interlock {
        @Override
        public String word() {
            return "never-reboot";
        }

        @Override
        public Optional<Finding> broken(Situation s) {
            return s.locks().stream()
                    .filter(lock -> !lock.runId().equals(s.runId())
                            && s.plan().targets().stream()
                                    .anyMatch(t -> t.hostId().equals(lock.hostId())))
                    .findFirst()
                    .map(lock -> Finding.of(
                            this,
                            "P9",
                            Weight.BLOCKS,
                            lock.host() + " must not go down now: run " + lock.runId() + " is at '" + lock.step()
                                    + "' there.",
                            "Wait until that run has ended."));
        }
    }

    /** What the product has registered exists (G2). */
    record Orphans() implements Interlock {
        @Override
        public String word() {
            return "orphans";
        }

        @Override
        public Optional<Finding> broken(Situation s) {
            // Servers that are being upgraded come and go in the product's own list; it is the beginning that must be
            // clean.
            if (s.changed()) {
                return Optional.empty();
            }
            List<String> orphans = s.orphans();
            if (orphans == null) {
                return s.plan().product().equals(Product.IGEL_UMS.id())
                        ? Optional.of(Finding.of(
                                this,
                                "G2",
                                Weight.NOTE,
                                "Nobody has compared yet what " + s.plan().deployment()
                                        + " has registered with what exists.",
                                "Probe a member of the deployment: the inventory compares the two."))
                        : Optional.empty();
            }
            return orphans.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Finding.of(
                            this,
                            "G2",
                            Weight.BLOCKS,
                            s.plan().deployment() + " has registered what does not exist: " + String.join(", ", orphans)
                                    + ".",
                            "Delete it in the product, then probe the deployment again.",
                            orphans));
        }
    }

    /** The members' clocks are close enough (G5). */
    record Clocks() implements Interlock {
        @Override
        public String word() {
            return "clocks";
        }

        @Override
        public Optional<Finding> broken(Situation s) {
            String skew = s.clockSkew();
            return skew == null
                    ? Optional.empty()
                    : Optional.of(
                            Finding.of(
                                    this,
                                    "G5",
                                    Weight.BLOCKS,
                                    skew,
                                    "Set the clock right, restart the host's services if it was set by hand (G6), and probe it again."));
        }
    }

    /** Every agent that works now goes on working until the license server is back (L37). */
    record GraceBudget() implements Interlock {
        @Override
        public String word() {
            return "grace-budget";
        }

        @Override
        public Optional<Finding> broken(Situation s) {
            Situation.Coverage coverage = s.coverage();
            if (coverage == null || s.outage().isZero()) {
                return Optional.empty();
            }
            Duration outage = s.outage();
            if (GRACE.compareTo(outage) <= 0) {
                return Optional.of(Finding.of(
                        this,
                        "L37",
                        Weight.BLOCKS,
                        "The license server may be away for " + inWords(outage) + ", longer than the " + GRACE.toDays()
                                + " days that agents go on without it.",
                        "Make a plan with a shorter outage."));
            }
            List<Situation.Agent> tooShort = coverage.outOfGrace(s.now(), outage);
            if (tooShort.isEmpty()) {
                return Optional.empty();
            }
            Situation.Agent first = tooShort.stream()
                    .min(java.util.Comparator.comparing(a -> java.util.Objects.requireNonNull(a.graceEndsAt())))
                    .orElseThrow();
            return Optional.of(Finding.of(
                    this,
                    "L37",
                    Weight.BLOCKS,
                    tooShort.size() + " of " + coverage.agents()
                            + " agents would run out of grace while the license server is"
                            + " away for up to " + inWords(outage) + ": the first is " + first.name()
                            + ", whose grace ends at "
                            + first.graceEndsAt() + ".",
                    "Let these agents connect once while the license server is up: a success gives them "
                            + GRACE.toDays() + " days again. Then start.",
                    tooShort.stream().map(Situation.Agent::name).toList()));
        }
    }

    /** Agents that were never licensed, or whose grace is over, are refused as long as the license server is away (L38). */
    record WhoWouldBeRefused() implements Interlock {
        /** A longer list says something else than that some people will be refused. */
        static final int MOST = 10_000;

        @Override
        public String word() {
            return "refused-agents";
        }

        @Override
        public Optional<Finding> broken(Situation s) {
            if (s.outage().isZero()) {
                return Optional.empty();
            }
            Situation.Coverage coverage = s.coverage();
            if (coverage == null && s.unknownServer() != null) {
                return Optional.of(Finding.of(
                        this,
                        "L38",
                        Weight.BLOCKS,
                        s.plan().deployment() + " names the license server '" + s.unknownServer()
                                + "', of which nothing has been heard or which is out of service: who depends on it is not known.",
                        "Put licenseServerId in the deployment's settings right, or register the license server."));
            }
            if (coverage == null) {
                return s.plan().product().equals(Product.PCOIP_LICENSE_SERVER.id())
                        ? Optional.of(Finding.of(
                                this,
                                "L38",
                                Weight.NOTE,
                                "Which license server " + s.plan().deployment()
                                        + " runs is not known, and so neither is who depends on it.",
                                "Set licenseServerId in the deployment's settings to the license server's id."))
                        : Optional.empty();
            }
            List<Situation.Agent> refused = coverage.refused(s.now());
            if (refused.isEmpty()) {
                return Optional.empty();
            }
            if (refused.size() > MOST) {
                return Optional.of(Finding.of(
                        this,
                        "L38",
                        Weight.BLOCKS,
                        "More than " + MOST + " agents would be refused while the license server is away.",
                        "Let them connect once while it is up."));
            }
            List<String> names = refused.stream().map(Situation.Agent::name).toList();
            Finding finding = Finding.of(
                    this,
                    "L38",
                    Weight.WANTS_WORD,
                    refused.size() + " of " + coverage.agents()
                            + " agents were never licensed or have no grace left, and will be"
                            + " refused while the license server is away for up to " + inWords(s.outage()) + ": "
                            + someOf(names) + ".",
                    "Let them connect once while the license server is up; or an approver says that this may be: interlock plans"
                            + " acknowledge.",
                    names);
            return Optional.of(s.acknowledged(word()).containsAll(names) ? finding.acknowledged() : finding);
        }
    }

    /** No machine is destroyed while licences are active on it (L17). */
    record LicensesAtStake() implements Interlock {
        @Override
        public String word() {
            return "licenses-at-stake";
        }

        @Override
        public Optional<Finding> broken(Situation s) {
            List<Situation.Stake> lost = s.stakes().stream()
                    .filter(stake -> s.plan()
                            .steps()
                            .anyMatch(step -> step.is(Step.Trait.DESTROYS)
                                    && step.hostId().equals(stake.hostId())))
                    .toList();
            if (lost.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(Finding.of(
                    this,
                    "L17",
                    Weight.BLOCKS,
                    "The plan destroys machines on which licences are active, and they would be lost: "
                            + String.join(
                                    ", ",
                                    lost.stream()
                                            .map(l -> l.total() + " of " + l.activationCode() + " on " + l.server())
                                            .toList())
                            + ".",
                    "Return them, or activate them on the other machine first; a lost licence takes a ticket with the vendor.",
                    lost.stream().map(Situation.Stake::activationCode).toList()));
        }
    }

    private static String someOf(List<String> names) {
        int most = 20;
        return names.size() <= most
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, most)) + " and " + (names.size() - most) + " more";
    }

    static String inWords(Duration d) {
        if (d.isNegative()) {
            return "0 s";
        }
        if (d.toDays() > 2) {
            return d.toDays() + " days";
        }
        if (d.toHours() > 2) {
            return d.toHours() + " h" + (d.toMinutesPart() == 0 ? "" : " " + d.toMinutesPart() + " min");
        }
        return d.toMinutes() > 2 ? d.toMinutes() + " min" : d.toSeconds() + " s";
    }
}
