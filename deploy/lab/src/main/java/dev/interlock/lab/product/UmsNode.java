package dev.interlock.lab.product;

import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Daemon;
import dev.interlock.lab.machine.Effect;
import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.Fds;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.OpenFile;
import dev.interlock.lab.machine.Packages;
import dev.interlock.lab.machine.RpmPackage;
import dev.interlock.lab.machine.Unit;
import dev.interlock.lab.product.UmsDatabase.Kind;
import dev.interlock.lab.product.UmsDatabase.Registered;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A host with UMS components: its mode, its data source, what its services do by themselves. All but the services outlives a crash. */
final class UmsNode {
    static final String HOME = "/opt/IGEL/RemoteManager";
    static final String SERVER = "igel-ums-server";
    static final String BROKER = "igel-ums-broker";
    static final String WATCHDOG = "igel-ums-watchdog";
    static final String PACKAGE = "igel-ums";

    /** Assumed: IGEL does not say how a host shows that it is in update mode. */
    private static final String MARKER = HOME + "/rmguiserver/update-mode";

    private static final Duration WATCHES = Duration.ofSeconds(5);
    private static final Duration TRIES_AGAIN = Duration.ofSeconds(5);

    /** What a server works with in update mode (G11). */
    record Copy(List<Registered> servers, List<Registered> balancers) {}

    private final Machine machine;
    private final UmsCluster cluster;
    private final String variant;
    private final UUID processId;
    private final ReentrantLock settling = new ReentrantLock();
    private final AtomicInteger wakes = new AtomicInteger();
    private volatile @Nullable Copy copy;
    private volatile boolean renewalOwed;
    private @Nullable HostProcess installer;

    UmsNode(Machine machine, UmsCluster cluster, String variant) {
        this.machine = machine;
        this.cluster = cluster;
        this.variant = variant;
        this.processId = id(machine.name());
    }

    private static UUID id(String text) {
        return UUID.nameUUIDFromBytes(("ums/" + text).getBytes(StandardCharsets.UTF_8));
    }

    String host() {
        return machine.name();
    }

    Machine machine() {
        return machine;
    }

    UmsCluster cluster() {
        return cluster;
    }

    UUID processId() {
        return processId;
    }

    String variant() {
        return variant;
    }

    boolean isServer() {
        return variant.startsWith("server");
    }

    boolean isBalancer() {
        return variant.endsWith("load-balancer");
    }

    boolean isConsole() {
        return variant.equals("console");
    }

    String installed() {
        RpmPackage newest = machine.packages().newest(PACKAGE);
        return newest == null ? "0" : newest.version();
    }

    boolean hasAtLeast(String version) {
        return Packages.compare(installed(), version) >= 0;
    }

    /** The copy that the server works with, or null in normal mode. */
    @Nullable
    Copy copy() {
        return copy;
    }

    boolean inUpdateMode() {
        return copy != null;
    }

    private @Nullable Unit unit(String name) {
        return machine.units().find(name);
    }

    boolean isUp(String name) {
        Unit unit = unit(name);
        return unit != null && unit.active() == Unit.Active.ACTIVE;
    }

    /** One installer at a time. */
    synchronized boolean takeInstaller(HostProcess process) {
        HostProcess other = installer;
        if (other != null && !other.exit().isDone() && machine.process(other.pid()) == other) {
            return false;
        }
        installer = process;
        return true;
    }

    // ---- services

    void attend() {
        if (isServer()) {
            machine.units().runs(SERVER, daemon(SERVER, true, this::wake));
        }
        if (isBalancer()) {
            machine.units().runs(BROKER, daemon(BROKER, false, this::wake));
        }
    }

    private Daemon daemon(String unit, boolean stops, Runnable started) {
        return new Daemon() {
            @Override
            public String user() {
                return "root";
            }

            @Override
            public boolean stops() {
                return stops || !machine.faults().has(Fault.STUCKBROKER);
            }

            @Override
            public void started() {
                started.run();
            }

            @Override
            public void stopped() {
                spawn("watchdog", process -> watch(process, unit));
            }
        };
    }

    private void spawn(String what, Machine.Body body) {
        machine.spawn(
                null,
                0,
                machine.name() + "#ums",
                List.of(HOME + "/" + what),
                Fds.of(OpenFile.text(""), OpenFile.text(""), OpenFile.text("")),
                body);
    }

    /** Starts again what went down, unless it is itself stopped by then. */
    private int watch(HostProcess process, String unit) {
        process.sleep(WATCHES);
        Unit now = unit(unit);
        if (isUp(WATCHDOG)
                && now != null
                && (now.active() == Unit.Active.INACTIVE || now.active() == Unit.Active.FAILED)) {
            machine.units().start(process, List.of(unit + ".service"));
        }
        return 0;
    }

    /** Something came that the server or the balancer may have waited for. */
    void wake() {
        int mine = wakes.incrementAndGet();
        spawn("rmguiserver/settle", process -> settle(process, mine));
    }

    private int settle(HostProcess process, int mine) {
        while (mine == wakes.get()) {
            process.checkpoint();
            try {
                settling.lockInterruptibly();
            } catch (InterruptedException e) {
                process.checkpoint();
                continue;
            }
            try {
                if (settled(process)) {
                    return 0;
                }
            } catch (SQLException e) {
                process.checkpoint();
            } finally {
                settling.unlock();
            }
            process.sleep(TRIES_AGAIN);
        }
        return 0;
    }

    /** @return whether there is nothing left to wait for */
    private boolean settled(HostProcess process) throws SQLException {
        if (isBalancer() && isUp(BROKER)) {
            cluster.database().register(self(Kind.LOAD_BALANCER, "normal"));
        }
        if (!isServer() || !isUp(SERVER)) {
            return true;
        }
        if (!inUpdateMode()) {
            if (fits(cluster.database().schemaVersion())) {
                cluster.database().register(self(Kind.SERVER, "normal"));
            }
            return true;
        }
        if (machine.faults().has(Fault.NORECONNECT)) {
            return true;
        }
        if (renewalOwed) {
            cluster.renew(process, installed());
            renewalOwed = false;
            cluster.finish(installed());
        }
        if (cluster.finished(installed())) {
            reconnect(process);
        }
        return true;
    }

    private Registered self(Kind kind, String mode) {
        return new Registered(kind, processId, host(), "127.0.0.1", installed(), mode);
    }

    void registerAll() throws SQLException {
        if (isServer()) {
            cluster.database().register(self(Kind.SERVER, "normal"));
        }
        if (isBalancer()) {
            cluster.database().register(self(Kind.LOAD_BALANCER, "normal"));
        }
    }

    boolean fits(String schemaVersion) {
        return schemaVersion.equals(UmsDatabase.majorMinor(installed()));
    }

    // ---- modes

    /** Into update mode: from here on the productive database is not touched (G11, G13). */
    void decouple(HostProcess process) throws SQLException {
        var taken = new Copy(cluster.servers(), cluster.database().registered(Kind.LOAD_BALANCER));
        change(process, Effect.Kind.DECOUPLE, "local copy", () -> {
            cluster.database().register(self(Kind.SERVER, "update"));
            copy = taken;
            machine.files().put(MARKER, "since=" + machine.now().toString() + " from=" + installed() + "\n", 0644);
        });
    }

    /** Restarts on the productive database, in normal mode (G17). Does nothing in normal mode. */
    void reconnect(HostProcess process) throws SQLException {
        settling.lock();
        try {
            if (!inUpdateMode() || !fits(cluster.database().schemaVersion())) {
                return;
            }
            machine.units().stop(process, List.of(SERVER + ".service"));
            try {
                change(process, Effect.Kind.RECONNECT, "productive database", () -> {
                    cluster.database().register(self(Kind.SERVER, "normal"));
                    copy = null;
                    renewalOwed = false;
                    unmark();
                });
            } finally {
                machine.units().start(process, List.of(SERVER + ".service"));
            }
        } finally {
            settling.unlock();
        }
    }

    /** The last one to be updated, but the database is away: as soon as it is back. */
    void oweRenewal() {
        renewalOwed = true;
        wake();
    }

    private void unmark() {
        try {
            machine.files().unlink(MARKER, 0);
        } catch (Errno gone) {
            machine.journal().add(SERVER + ".service", SERVER, 1, "the update mode's mark was gone already");
        }
    }

    private interface DatabaseChange {
        void make() throws SQLException;
    }

    private void change(HostProcess process, Effect.Kind kind, String detail, DatabaseChange change)
            throws SQLException {
        try {
            machine.effect(process, kind, SERVER, detail, () -> {
                try {
                    change.make();
                } catch (SQLException e) {
                    throw new UmsCluster.Failed(e);
                }
            });
        } catch (UmsCluster.Failed e) {
            throw e.sql();
        }
    }

    // ---- the orphan

    void orphan(String kind, boolean there) {
        var which = kind.equals("server") ? Kind.SERVER : Kind.LOAD_BALANCER;
        UUID id = id(host() + "/orphan");
        try {
            if (there) {
                cluster.database()
                        .register(new Registered(which, id, host() + "-old", "10.99.0.1", installed(), "normal"));
            } else {
                cluster.database().remove(Kind.SERVER, id);
                cluster.database().remove(Kind.LOAD_BALANCER, id);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The UMS' database does not answer: " + e.getMessage(), e);
        }
    }
}
