package dev.interlock.lab.product;

import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Effect;
import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.FileSystem;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.Packages;
import dev.interlock.lab.machine.Packages.Change;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.machine.Unit;
import dev.interlock.lab.product.UmsCluster.Progress;
import dev.interlock.lab.product.UmsNode.Copy;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code setup-igel-ums-linux_<version>.bin --nox11 -- --accept-eula yes --silent yes --installation-type <type>}, a makeself
 * archive. The types, the texts and the exit codes above 2 are assumed. Run again after it broke, it goes on where it was.
 */
final class UmsInstaller implements Program {
    static final int WRONG_USE = 1;
    static final int DAMAGED = 2;
    static final int NO_ROOT = 3;
    static final int OLDER = 4;
    static final int NO_DATABASE = 5;
    static final int STILL_RUNS = 6;
    static final int PRECONDITION = 7;
    static final int BROKE = 8;
    static final int ANOTHER = 9;

    private static final Map<String, String> TYPES = Map.of(
            "server", "ha-server",
            "server+load-balancer", "ha-server-load-balancer",
            "load-balancer", "ha-load-balancer",
            "console", "console");
    private static final Duration CHECKS = Duration.ofSeconds(3);
    private static final Duration UNPACKS = Duration.ofSeconds(10);
    private static final Duration COMES_UP = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PART = 1 << 20;

    @Override
    public int run(Call call) throws IOException {
        String version = call.files()
                .text(call.path(call.argv().getFirst()))
                .lines()
                .skip(1)
                .findFirst()
                .orElse("");
        UmsNode node = call.machine().attached(UmsNode.class);
        boolean corrupt = node.machine().faults().value(Fault.BADINSTALLER).equals("corrupt");
        call.line("Verifying archive integrity...  " + (corrupt ? "" : "100%   MD5 checksums are OK. All good."));
        if (corrupt || !version.matches("\\d+(\\.\\d+)+")) {
            call.err(
                    "Error in MD5 checksums: 1c0b0a3d3a0e0e1d9a3d2f6e5c4b3a29 is different from 7f9c2ba4e88f827d616045507605853e");
            return DAMAGED;
        }
        if (call.arguments().contains("--check")) {
            return 0;
        }
        call.line("Uncompressing IGEL Universal Management Suite " + version + "  100%");
        int at = call.arguments().indexOf("--");
        Map<String, String> options = at < 0
                ? Map.of()
                : options(call.arguments().subList(at + 1, call.arguments().size()));
        if (!call.arguments().contains("--nox11") || !"yes".equals(options.get("--silent"))) {
            call.err("No display: run it with --nox11 -- --silent yes.");
            return WRONG_USE;
        }
        if (!"yes".equals(options.get("--accept-eula"))) {
            call.err("The license agreement must be accepted: --accept-eula yes.");
            return WRONG_USE;
        }
        String type = String.valueOf(TYPES.get(node.variant()));
        if (!type.equals(options.get("--installation-type"))) {
            call.err("The installed components are of the type " + type + ", not "
                    + options.getOrDefault("--installation-type", "(none)") + ".");
            return WRONG_USE;
        }
        return install(call, node, version);
    }

    private static Map<String, String> options(List<String> arguments) {
        var options = new LinkedHashMap<String, String>();
        for (int i = 0; i + 1 < arguments.size(); i += 2) {
            options.put(arguments.get(i), arguments.get(i + 1));
        }
        return options;
    }

    private static int install(Call call, UmsNode node, String version) throws IOException {
        if (call.uid() != 0) {
            call.err("You need administration rights to install the UMS.");
            return NO_ROOT;
        }
        if (!call.files().access("/root", 0, 2)) {
            call.err("The directory /root is not writable for the user root.");
            return NO_ROOT;
        }
        if (!node.takeInstaller(call.process())) {
            call.err("Another installation is running.");
            return ANOTHER;
        }
        String installed = node.installed();
        if (Packages.compare(installed, version) > 0) {
            call.err("UMS " + installed + " is installed: it is not possible to install the older version " + version
                    + ".");
            return OLDER;
        }
        call.sleep(CHECKS);
        if (node.machine().faults().value(Fault.BADINSTALLER).equals("before")) {
            call.err("Precondition check failed: libc version is too old.");
            return PRECONDITION;
        }
        boolean there = installed.equals(version);
        try {
            if (there) {
                call.line("UMS " + version + " is installed already.");
                startMissing(call, node);
            } else {
                int broke = replace(call, node, version, installed);
                if (broke != 0) {
                    return broke;
                }
            }
            return node.isServer() && node.inUpdateMode() ? finish(call, node, version) : count(call, node, version);
        } catch (Errno e) {
            call.err("Installation failed: " + e.text());
            return BROKE;
        }
    }

    private static int replace(Call call, UmsNode node, String version, String installed) throws IOException {
        if (node.isServer() && !node.inUpdateMode()) {
            try {
                call.line("UMS Server switches to update mode.");
                node.decouple(call.process());
            } catch (SQLException e) {
                call.process().checkpoint();
                call.err("No copy of the productive database can be made: " + e.getMessage());
                return NO_DATABASE;
            }
        }
        unpack(call);
        if (!node.isConsole()) {
            stop(call, UmsNode.WATCHDOG);
        }
        if (node.isBalancer() && !stop(call, UmsNode.BROKER)) {
            call.err("The UMS Load Balancer does not stop. The installation was cancelled.");
            startUnits(call, List.of(UmsNode.WATCHDOG + ".service"));
            return STILL_RUNS;
        }
        if (node.isServer()) {
            stop(call, UmsNode.SERVER);
        }
        if (node.machine().faults().value(Fault.BADINSTALLER).equals("middle")) {
            call.err("Installation failed: the archive could not be unpacked completely.");
            return BROKE;
        }
        var before = IgelUms.pkg(node.variant(), installed);
        var after = IgelUms.pkg(node.variant(), version);
        call.line("Installing UMS " + version + " in " + UmsNode.HOME);
        call.sleep(after.takes());
        node.machine().packages().replace(call.process(), new Change(after, before), Effect.Kind.UPGRADE);
        start(call, node);
        return 0;
    }

    /** Onto the disk, while everything still runs. */
    private static void unpack(Call call) throws IOException {
        String part = UmsNode.HOME + "/setup.part";
        FileSystem files = call.files();
        FileSystem.Node file = files.openWrite(part, true, 0, 0600);
        files.write(file, 0, new byte[PART], 0, PART);
        call.sleep(UNPACKS);
        files.unlink(part, 0);
    }

    /** @return whether it is down before the installer's patience is at its end */
    private static boolean stop(Call call, String unit) throws IOException {
        call.line("Stopping " + unit);
        HostProcess stopping = call.start(List.of("systemctl", "stop", unit), call.environment(), 0, true);
        call.machine().wait(call.process(), PATIENCE, stopping.exit());
        Unit now = call.machine().units().find(unit);
        return now == null || now.active() == Unit.Active.INACTIVE || now.active() == Unit.Active.FAILED;
    }

    private static void start(Call call, UmsNode node) throws IOException {
        List<String> units = IgelUms.pkg(node.variant(), node.installed()).units().stream()
                .map(u -> u.name())
                .toList();
        if (!units.isEmpty()) {
            call.line("Starting " + String.join(" ", units));
            startUnits(call, units);
            call.sleep(COMES_UP);
        }
    }

    private static void startMissing(Call call, UmsNode node) throws IOException {
        if (!node.isConsole() && !node.isUp(UmsNode.WATCHDOG)
                || node.isServer() && !node.isUp(UmsNode.SERVER)
                || node.isBalancer() && !node.isUp(UmsNode.BROKER)) {
            start(call, node);
        }
    }

    private static void startUnits(Call call, List<String> units) {
        call.machine().units().start(call.process(), units);
    }

    /** Counts, and the last one renews the schema (G14, G16). */
    private static int finish(Call call, UmsNode node, String version) throws IOException {
        UmsCluster cluster = node.cluster();
        try {
            Progress progress = cluster.progress(version, cluster.servers());
            call.line(progress.text());
            if (!progress.complete()) {
                return 0;
            }
            String before = cluster.database().schemaVersion();
            String target = UmsDatabase.majorMinor(version);
            if (!before.equals(target)) {
                call.line("Renewing schema of the productive database: " + before + " -> " + target);
            }
            if (cluster.renew(call.process(), version)) {
                call.line("Schema of the productive database renewed: " + target);
            }
            cluster.finish(version); // first the others: who dies here finds its way back when it is started again
            node.reconnect(call.process());
        } catch (SQLException e) {
            call.process().checkpoint();
            Copy copy = node.copy();
            Progress known = cluster.progress(version, copy == null ? List.of() : copy.servers());
            call.line(known.text());
            call.err("The productive database does not answer: " + e.getMessage());
            if (known.complete()) {
                node.oweRenewal();
            }
        }
        return 0;
    }

    private static int count(Call call, UmsNode node, String version) throws IOException {
        if (node.isServer()) {
            try {
                UmsCluster cluster = node.cluster();
                call.line(cluster.progress(version, cluster.servers()).text());
            } catch (SQLException e) {
                call.process().checkpoint();
                call.err("The productive database does not answer: " + e.getMessage());
            }
        }
        return 0;
    }
}
