package dev.interlock.lab.program;

import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Effect;
import dev.interlock.lab.machine.Packages;
import dev.interlock.lab.machine.Packages.Change;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.machine.RpmPackage;
import dev.interlock.lab.shell.Pattern;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * dnf 4.14 as product scripts use it. Texts and exit codes were taken from a real one: {@code list updates} exits 1 when nothing
 * is pending, {@code check-update} 100 when something is. A transaction installs all new versions first and removes the old ones
 * after: whoever dies between leaves both.
 */
final class Dnf implements Program {
    private static final Duration METADATA = Duration.ofMillis(400);
    private static final Duration DOWNLOAD = Duration.ofMillis(100);
    private static final Duration CHECK = Duration.ofMillis(300);
    private static final Duration CLEANUP = Duration.ofMillis(150);
    private static final String RULE = "=".repeat(80);

    /** Ends the program: what to say and the exit status. */
    private static final class Stop extends Exception {
        private static final long serialVersionUID = 1;

        private final int status;

        Stop(String message) {
            this(1, message);
        }

        Stop(int status, String message) {
            super(message, null, false, false);
            this.status = status;
        }
    }

    @Override
    public int run(Call call) throws IOException {
        Options options = Options.of(
                call.arguments(),
                Set.of(
                        "y",
                        "q",
                        "v",
                        "C",
                        "assumeyes",
                        "assumeno",
                        "quiet",
                        "refresh",
                        "best",
                        "nobest",
                        "nogpgcheck",
                        "cacheonly",
                        "version",
                        "upgrades",
                        "updates",
                        "installed",
                        "available",
                        "duplicates",
                        "showduplicates",
                        "allowerasing",
                        "noautoremove",
                        "all",
                        "b",
                        "skip-broken"),
                Set.of(
                        "setopt",
                        "enablerepo",
                        "disablerepo",
                        "repo",
                        "repoid",
                        "color",
                        "releasever",
                        "x",
                        "exclude",
                        "d",
                        "e",
                        "c",
                        "qf",
                        "queryformat"));
        if (options.has("version")) {
            call.line("4.14.0");
            return 0;
        }
        if (options.unknown() != null) {
            call.err("usage: dnf [options] COMMAND\ndnf: error: unrecognized arguments: " + options.unknown());
            return 2;
        }
        if (options.rest().isEmpty()) {
            call.line("usage: dnf [options] COMMAND");
            return 1;
        }
        String command = options.rest().getFirst();
        List<String> specs = options.rest().subList(1, options.rest().size());
        try {
            return switch (command) {
                case "list" -> list(call, options, specs);
                case "check-update", "check-upgrade" -> checkUpdate(call, options, specs);
                case "upgrade", "update" -> upgrade(call, options, specs);
                case "distro-sync", "dsync" -> sync(call, options, specs);
                case "install" -> install(call, options, specs, false);
                case "downgrade" -> install(call, options, specs, true);
                case "remove", "erase" -> remove(call, options, specs);
                case "check" -> check(call);
                case "repolist" -> {
                    call.line("repo id                             repo name");
                    call.line("vendor                              Vendor packages");
                    yield 0;
                }
                case "repoquery" -> repoquery(call, options, specs);
                case "makecache" -> {
                    metadata(call, options);
                    call.line("Metadata cache created.");
                    yield 0;
                }
                case "clean" -> {
                    call.line("0 files removed");
                    yield 0;
                }
                default -> {
                    call.err("No such command: " + command + ". Please use /usr/bin/dnf --help\n"
                            + "It could be a DNF plugin command, try: \"dnf install 'dnf-command(" + command + ")'\"");
                    yield 1;
                }
            };
        } catch (Stop e) {
            call.err(String.valueOf(e.getMessage()));
            return e.status;
        } finally {
            call.machine().packages().unlock(call.process().pid());
        }
    }

    private static void root(Call call) throws Stop {
        if (call.uid() != 0) {
            throw new Stop(
                    "Error: This command has to be run with superuser privileges (under the root user on most systems).");
        }
    }

    private static void lock(Call call, Options options) throws IOException, Stop {
        int told = 0;
        while (true) {
            int holder = call.machine().packages().lock(call.process().pid());
            if (holder == 0) {
                return;
            }
            if (options.values("setopt").contains("exit_on_lock=1")) {
                throw new Stop(200, "metadata already locked by " + holder);
            }
            if (holder != told) {
                call.err("Waiting for process with pid " + holder + " to finish.");
                told = holder;
            }
            call.sleep(Duration.ofSeconds(1));
        }
    }

    private static void metadata(Call call, Options options) throws IOException, Stop {
        if (call.uid() == 0) {
            lock(call, options); // an ordinary user has a cache of his own
        }
        if (call.machine().faults().has(Fault.DISK)) {
            throw new Stop(
                    (quiet(options) ? "" : "Failed to load expired repos cache: [Errno 28] No space left on device\n")
                            + "[Errno 28] No space left on device");
        }
        if (noRepository(options)) {
            return;
        }
        call.sleep(METADATA);
        if (call.machine().faults().has(Fault.REPO404)) {
            String url = "http://repo.lab/el9/repodata/repomd.xml";
            if (!quiet(options)) {
                call.line("Vendor packages                                  81 kB/s | 335  B     00:00    ");
            }
            throw new Stop(
                    (quiet(options)
                                    ? ""
                                    : "Errors during downloading metadata for repository 'vendor':\n  - Status code: 404 for "
                                            + url + " (IP: 127.0.0.1)\n")
                            + "Error: Failed to download metadata for repo 'vendor': Cannot download repomd.xml: Cannot download repodata/repomd.xml: All mirrors were tried");
        }
        if (!quiet(options)) {
            call.line("Vendor packages                                 1.9 MB/s | 3.0 kB     00:00    ");
        }
    }

    private static boolean quiet(Options options) {
        return options.has("q", "quiet");
    }

    /** Any of the specs; each is read in the first of hawkey's forms that finds something among the candidates. */
    private static Predicate<RpmPackage> matching(List<String> specs, List<RpmPackage> candidates) {
        if (specs.isEmpty()) {
            return _ -> true;
        }
        List<Predicate<RpmPackage>> any =
                specs.stream().map(spec -> matching(spec, candidates)).toList();
        return pkg -> any.stream().anyMatch(one -> one.test(pkg));
    }

    private static Predicate<RpmPackage> matching(String spec, List<RpmPackage> candidates) {
        long dashes = spec.chars().filter(c -> c == '-').count();
        var forms = new ArrayList<Function<RpmPackage, String>>();
        if (dashes >= 2 && spec.contains(".")) {
            forms.add(RpmPackage::nevra);
        }
        forms.add(p -> p.name() + "." + p.arch());
        forms.add(RpmPackage::name);
        if (dashes >= 2) {
            forms.add(p -> p.name() + "-" + p.evr());
        }
        if (dashes >= 1) {
            forms.add(p -> p.name() + "-" + p.version());
        }
        for (Function<RpmPackage, String> form : forms) {
            Predicate<RpmPackage> matches = p -> Pattern.matches(spec, form.apply(p));
            if (candidates.stream().anyMatch(matches)) {
                return matches;
            }
        }
        return _ -> false;
    }

    /** Everything that a spec may mean: what is installed and what is on offer. */
    private static List<RpmPackage> all(Packages packages) {
        var all = new ArrayList<RpmPackage>();
        packages.installed().forEach(i -> all.add(i.pkg()));
        all.addAll(packages.offered());
        return all;
    }

    private static final Comparator<RpmPackage> ORDER =
            Comparator.comparing(RpmPackage::name).thenComparing(RpmPackage::evr, Packages::compare);

    private static void rows(Call call, String title, List<RpmPackage> packages, String from) throws IOException {
        if (packages.isEmpty()) {
            return;
        }
        if (!title.isEmpty()) {
            call.line(title);
        }
        for (RpmPackage pkg : packages.stream().sorted(ORDER).toList()) {
            call.line(String.format(Locale.ROOT, "%-40s %-32s %s", pkg.name() + "." + pkg.arch(), pkg.evr(), from));
        }
    }

    private static int list(Call call, Options options, List<String> arguments) throws IOException, Stop {
        String what = options.has("upgrades", "updates")
                ? "updates"
                : options.has("installed") ? "installed" : options.has("available") ? "available" : "";
        List<String> specs = arguments;
        if (what.isEmpty()
                && !specs.isEmpty()
                && List.of("updates", "upgrades", "installed", "available", "all")
                        .contains(specs.getFirst())) {
            what = specs.getFirst().equals("upgrades") ? "updates" : specs.getFirst();
            specs = specs.subList(1, specs.size());
        }
        Packages packages = call.machine().packages();
        Predicate<RpmPackage> wanted = matching(specs, all(packages));
        if (!what.equals("installed")) {
            metadata(call, options);
        }
        List<RpmPackage> installed = packages.installed().stream()
                .map(Packages.Installed::pkg)
                .filter(wanted)
                .toList();
        List<RpmPackage> updates =
                packages.updates().stream().map(Change::to).filter(wanted).toList();
        List<RpmPackage> available = packages.offered().stream()
                .filter(wanted)
                .filter(p -> options.has("showduplicates")
                        || packages.installed(p.name()).isEmpty()
                        || updates.contains(p))
                .toList();
        boolean any = switch (what) {
            case "updates" -> {
                rows(call, "Available Upgrades", updates, "vendor");
                yield !updates.isEmpty();
            }
            case "installed" -> {
                rows(call, "Installed Packages", installed, "@System");
                yield !installed.isEmpty();
            }
            case "available" -> {
                rows(call, "Available Packages", available, "vendor");
                yield !available.isEmpty();
            }
            default -> {
                rows(call, "Installed Packages", installed, "@System");
                rows(call, "Available Packages", available, "vendor");
                yield !installed.isEmpty() || !available.isEmpty();
            }
        };
        if (!any) {
            throw new Stop("Error: No matching Packages to list");
        }
        return 0;
    }

    private static int checkUpdate(Call call, Options options, List<String> specs) throws IOException, Stop {
        metadata(call, options);
        List<RpmPackage> updates = call.machine().packages().updates().stream()
                .map(Change::to)
                .filter(matching(specs, all(call.machine().packages())))
                .toList();
        if (updates.isEmpty()) {
            return 0;
        }
        call.line("");
        rows(call, "", updates, "vendor");
        return 100;
    }

    private static int repoquery(Call call, Options options, List<String> specs) throws IOException, Stop {
        metadata(call, options);
        List<RpmPackage> from = options.has("installed")
                ? call.machine().packages().installed().stream()
                        .map(Packages.Installed::pkg)
                        .toList()
                : call.machine().packages().offered();
        for (RpmPackage pkg :
                from.stream().filter(matching(specs, from)).sorted(ORDER).toList()) {
            String format = options.value("qf", "queryformat");
            call.line(
                    format == null ? pkg.name() + "-0:" + pkg.evr() + "." + pkg.arch() : Rpm.format(format, pkg, null));
        }
        return 0;
    }

    private static int check(Call call) throws IOException, Stop {
        if (call.machine().faults().has(Fault.DISK)) {
            throw new Stop(
                    "Failed to load expired repos cache: [Errno 28] No space left on device\n[Errno 28] No space left on device");
        }
        int problems = 0;
        for (List<RpmPackage> versions : call.machine().packages().duplicates()) {
            for (RpmPackage old : versions.subList(0, versions.size() - 1)) {
                call.line(old.nevra() + " is a duplicate with "
                        + versions.getLast().nevra());
                problems++;
            }
        }
        if (problems > 0) {
            throw new Stop("Error: Check discovered " + problems + " problem(s)");
        }
        return 0;
    }

    private static int upgrade(Call call, Options options, List<String> specs) throws IOException, Stop {
        root(call);
        metadata(call, options);
        Packages packages = call.machine().packages();
        boolean some = specs.isEmpty();
        for (String spec : specs) {
            Predicate<RpmPackage> meant = matching(spec, all(packages));
            boolean installed = all(packages).stream()
                    .anyMatch(
                            p -> meant.test(p) && !packages.installed(p.name()).isEmpty());
            if (installed) {
                some = true;
            } else {
                if (packages.offered().stream().anyMatch(meant)) {
                    call.line("Package " + spec + " available, but not installed.");
                }
                call.line("No match for argument: " + spec);
            }
        }
        if (!some) {
            throw new Stop("Error: No packages marked for upgrade.");
        }
        Predicate<RpmPackage> wanted = matching(specs, all(packages));
        List<Change> changes = packages.updates().stream()
                .filter(c -> wanted.test(c.to()) || c.from() != null && wanted.test(c.from()))
                .toList();
        return transaction(call, options, "Upgrading", "Upgrade", changes, Effect.Kind.UPGRADE);
    }

    /** Whatever the repository's newest is, newer or older than what is installed. */
    private static int sync(Call call, Options options, List<String> specs) throws IOException, Stop {
        root(call);
        metadata(call, options);
        Packages packages = call.machine().packages();
        Predicate<RpmPackage> wanted = matching(specs, packages.offered());
        var up = new ArrayList<Change>();
        var down = new ArrayList<Change>();
        for (String name : packages.offered().stream()
                .filter(wanted)
                .map(RpmPackage::name)
                .distinct()
                .toList()) {
            RpmPackage now = packages.newest(name);
            packages.offered().stream()
                    .filter(p -> p.name().equals(name) && wanted.test(p))
                    .max(Comparator.comparing(RpmPackage::evr, Packages::compare))
                    .filter(best -> now != null && Packages.compare(best.evr(), now.evr()) != 0)
                    .ifPresent(best -> (older(now, best) ? down : up).add(new Change(best, now)));
        }
        return down.isEmpty()
                ? transaction(call, options, "Upgrading", "Upgrade", up, Effect.Kind.UPGRADE)
                : transaction(call, options, "Downgrading", "Downgrade", down, Effect.Kind.DOWNGRADE);
    }

    private static int install(Call call, Options options, List<String> specs, boolean downgrade)
            throws IOException, Stop {
        root(call);
        metadata(call, options);
        Packages packages = call.machine().packages();
        var changes = new ArrayList<Change>();
        for (String spec : specs) {
            RpmPackage best = spec.endsWith(".rpm")
                    ? file(call, spec)
                    : offers(call, options).stream()
                            .filter(matching(spec, all(packages)))
                            .filter(p -> !downgrade || older(packages.newest(p.name()), p))
                            .max(Comparator.comparing(RpmPackage::evr, Packages::compare))
                            .orElse(null);
            if (best == null) {
                call.line("No match for argument: " + spec);
                throw new Stop("Error: Unable to find a match: " + spec);
            }
            RpmPackage now = packages.newest(best.name());
            if (now != null && Packages.compare(best.evr(), now.evr()) == 0) {
                if (!quiet(options)) {
                    call.line("Package " + now.nevra() + " is already installed.");
                }
            } else {
                changes.add(new Change(best, now));
            }
        }
        return downgrade
                ? transaction(call, options, "Downgrading", "Downgrade", changes, Effect.Kind.DOWNGRADE)
                : !changes.isEmpty() && changes.stream().allMatch(c -> c.from() != null)
                        ? transaction(call, options, "Upgrading", "Upgrade", changes, Effect.Kind.UPGRADE)
                        : transaction(call, options, "Installing", "Install", changes, Effect.Kind.INSTALL);
    }

    /** A package that somebody carried to the host. */
    private static RpmPackage file(Call call, String spec) throws IOException, Stop {
        RpmPackage pkg = call.machine().packages().carried(call.path(spec));
        if (pkg == null) {
            call.err("Can not load RPM file: " + spec + ".");
            throw new Stop("Could not open: " + spec);
        }
        return pkg;
    }

    private static boolean noRepository(Options options) {
        return options.values("disablerepo").contains("*");
    }

    private static List<RpmPackage> offers(Call call, Options options) {
        return noRepository(options) ? List.of() : call.machine().packages().offered();
    }

    private static boolean older(@Nullable RpmPackage now, RpmPackage offered) {
        return now != null && Packages.compare(offered.evr(), now.evr()) < 0;
    }

    private static int transaction(
            Call call, Options options, String doing, String verb, List<Change> unordered, Effect.Kind kind)
            throws IOException, Stop {
        boolean quiet = quiet(options);
        List<Change> changes = unordered.stream()
                .sorted(Comparator.comparing((Change c) -> c.to().name()))
                .toList();
        var text = new StringBuilder();
        if (!quiet) {
            text.append("Dependencies resolved.\n");
        }
        if (changes.isEmpty()) {
            call.out(quiet ? "" : text + "Nothing to do.\nComplete!\n");
            return 0;
        }
        text.append(RULE)
                .append("\n Package               Architecture   Version              Repository      Size\n")
                .append(RULE)
                .append("\n");
        text.append(doing).append(":\n");
        for (Change change : changes) {
            text.append(String.format(
                    Locale.ROOT,
                    " %-21s %-14s %-20s %-12s %6s%n",
                    change.to().name(),
                    change.to().arch(),
                    change.to().evr(),
                    "vendor",
                    "7.1 k"));
        }
        text.append("\nTransaction Summary\n").append(RULE).append("\n");
        text.append(verb)
                .append("  ")
                .append(changes.size())
                .append(changes.size() == 1 ? " Package\n" : " Packages\n");
        text.append("\nTotal download size: ").append(changes.size() * 7).append(" k\n");
        boolean yes = options.has("y", "assumeyes");
        if (!quiet || !yes) {
            call.out(text.toString());
        }
        if (!yes) {
            call.out("Is this ok [y/N]: ");
            byte[] answer = new byte[64];
            int n = call.read(answer);
            if (n <= 0 || answer[0] != 'y' && answer[0] != 'Y') {
                throw new Stop("Operation aborted.");
            }
        }
        say(call, quiet, "Downloading Packages:");
        for (int i = 0; i < changes.size(); i++) {
            call.sleep(DOWNLOAD);
            String rpm = changes.get(i).to().nevra() + ".rpm";
            say(
                    call,
                    quiet,
                    String.format(
                            Locale.ROOT, "(%d/%d): %-40s 2.3 MB/s | 7.1 kB     00:00    ", i + 1, changes.size(), rpm));
        }
        say(
                call,
                quiet,
                "-".repeat(80) + "\nTotal                                           1.4 MB/s |  14 kB     00:00     ");
        say(
                call,
                quiet,
                "Running transaction check\nTransaction check succeeded.\nRunning transaction test\nTransaction test succeeded.\nRunning transaction");
        call.sleep(CHECK);
        say(call, quiet, progress("Preparing        : ", "", 1, 1));
        call.process().shield(true);
        try {
            return run(call, quiet, verb, doing, changes, kind);
        } finally {
            call.process().shield(false);
        }
    }

    private static int run(Call call, boolean quiet, String verb, String doing, List<Change> changes, Effect.Kind kind)
            throws IOException, Stop {
        Packages packages = call.machine().packages();
        int total =
                (int) changes.stream().mapToLong(c -> c.from() == null ? 1 : 2).sum();
        int at = 0;
        var failed = new ArrayList<Change>();
        for (Change change : changes) {
            at++;
            RpmPackage pkg = change.to();
            say(call, quiet, progress("Running scriptlet: ", pkg.nevra(), at, total));
            call.sleep(pkg.takes().dividedBy(2));
            if (pkg.fault() == RpmPackage.Fault.FAILS_TO_INSTALL) {
                failed.add(change);
                call.line(pkg.name() + ": pre-installation check failed\nerror: %prein(" + pkg.nevra()
                        + ") scriptlet failed, exit status 1\n");
                continue;
            }
            if (call.machine().faults().has(Fault.DISK)) {
                failed.add(change);
                call.line("error: unpacking of archive failed on file "
                        + pkg.files().keySet().stream().findFirst().orElse("/")
                        + ": cpio: write failed - No space left on device");
                call.line("error: " + pkg.nevra() + ": install failed");
                continue;
            }
            packages.scriptlets(pkg.name()).before(call.process(), pkg);
            packages.bringIn(call.process(), change, kind);
            say(call, quiet, progress(String.format(Locale.ROOT, "%-17s: ", doing), pkg.nevra(), at, total));
            for (String kept : packages.setAside(change)) {
                call.line("warning: " + kept + " created as " + kept + ".rpmnew\n");
            }
            call.sleep(pkg.takes().dividedBy(2));
            call.sleep(Duration.ofSeconds(call.machine().faults().number(Fault.SLOWRPM)));
            say(call, quiet, progress("Running scriptlet: ", pkg.nevra(), at, total));
            packages.scriptlets(pkg.name()).after(call.process(), pkg);
        }
        for (Change change : changes) {
            RpmPackage old = change.from();
            if (old == null || failed.contains(change)) {
                continue;
            }
            at++;
            say(call, quiet, progress("Running scriptlet: ", old.nevra(), at, total));
            call.sleep(CLEANUP);
            packages.cleanUp(call.process(), old);
            say(call, quiet, progress("Cleanup          : ", old.nevra(), at, total));
        }
        at = 0;
        for (Change change : changes) {
            at++;
            say(call, quiet, progress("Verifying        : ", change.to().nevra(), at, total));
        }
        List<String> done = changes.stream()
                .filter(c -> !failed.contains(c))
                .map(c -> c.to().nevra())
                .toList();
        if (!done.isEmpty()) {
            call.out("\n" + (verb.endsWith("e") ? verb + "d" : verb + "ed") + ":\n");
            for (String nevra : done) {
                call.out(String.format(Locale.ROOT, "  %-78s%n", nevra));
            }
            call.line("");
        }
        if (!failed.isEmpty()) {
            call.line("\nFailed:");
            var errors = new StringBuilder();
            for (Change change : failed) {
                call.line("  " + (change.from() == null ? "" : change.from().nevra() + "       ")
                        + change.to().nevra());
                if (change.to().fault() == RpmPackage.Fault.FAILS_TO_INSTALL) {
                    errors.append("Error in PREIN scriptlet in rpm package ")
                            .append(change.to().name())
                            .append('\n');
                }
            }
            call.line("");
            throw new Stop(errors + "Error: Transaction failed");
        }
        say(call, quiet, "Complete!");
        return 0;
    }

    private static int remove(Call call, Options options, List<String> specs) throws IOException, Stop {
        root(call);
        Packages packages = call.machine().packages();
        if (options.has("duplicates")) {
            metadata(call, options);
            if (packages.duplicates().isEmpty()) {
                throw new Stop("Error: No duplicated packages found for removal.");
            }
            if (!options.has("y", "assumeyes")) {
                call.out("Is this ok [y/N]: ");
                throw new Stop("Operation aborted.");
            }
            say(call, quiet(options), "Dependencies resolved.\n" + RULE + "\nReinstalling:");
            call.process().shield(true);
            try {
                for (List<RpmPackage> versions : packages.duplicates()) {
                    for (RpmPackage old : versions.subList(0, versions.size() - 1)) {
                        call.sleep(CLEANUP);
                        packages.repair(call.process(), versions.getLast(), old);
                        say(call, quiet(options), progress("Obsoleting       : ", old.nevra(), 1, 1));
                    }
                    call.line("\nReinstalled:\n  " + versions.getLast().nevra());
                }
            } finally {
                call.process().shield(false);
            }
            say(call, quiet(options), "\nComplete!");
            return 0;
        }
        lock(call, options);
        List<RpmPackage> gone = packages.installed().stream()
                .map(Packages.Installed::pkg)
                .filter(p -> !specs.isEmpty() && matching(specs, all(packages)).test(p))
                .toList();
        if (gone.isEmpty()) {
            for (String spec : specs) {
                call.line("No match for argument: " + spec);
            }
            call.line("No packages marked for removal.\nDependencies resolved.\nNothing to do.\nComplete!");
            return 0;
        }
        if (!options.has("y", "assumeyes")) {
            call.out("Is this ok [y/N]: ");
            throw new Stop("Operation aborted.");
        }
        for (RpmPackage pkg : gone) {
            call.machine()
                    .units()
                    .stop(
                            call.process(),
                            pkg.units().stream().map(u -> u.name()).toList());
            call.sleep(CLEANUP);
            packages.remove(call.process(), pkg);
        }
        call.line("Removed:\n  "
                + String.join("\n  ", gone.stream().map(RpmPackage::nevra).toList()) + "\n\nComplete!");
        return 0;
    }

    private static void say(Call call, boolean quiet, String text) throws IOException {
        if (!quiet) {
            call.line(text);
        }
    }

    private static String progress(String what, String nevra, int at, int total) {
        return String.format(Locale.ROOT, "  %-72s%s ", what + nevra, at + "/" + total);
    }
}
