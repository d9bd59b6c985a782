package dev.interlock.lab.machine;

import dev.interlock.lab.faults.Fault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A host's rpm database and what its repository offers. */
public final class Packages {
    /** A package in the database. Two of one name are what a crash in mid-transaction leaves. */
    public record Installed(RpmPackage pkg, Instant at, String from) {}

    /** One package's place in a transaction. */
    public record Change(RpmPackage to, @Nullable RpmPackage from) {}

    private static final List<String> LOCKS =
            List.of("/var/cache/dnf/metadata_lock.pid", "/var/lib/dnf/rpmdb_lock.pid");

    /** How an RPM file begins. */
    private static final String LEAD = "\u00ed\u00ab\u00ee\u00db";

    private final Machine machine;
    private final List<Installed> installed = new ArrayList<>();
    private final List<RpmPackage> offered = new ArrayList<>();
    private final Map<String, Scriptlets> scriptlets = new HashMap<>();
    private final Map<String, RpmPackage> carried = new HashMap<>();
    private int lockedBy;

    Packages(Machine machine) {
        this.machine = machine;
    }

    public synchronized List<Installed> installed() {
        return List.copyOf(installed);
    }

    public synchronized List<Installed> installed(String name) {
        return installed.stream().filter(i -> i.pkg().name().equals(name)).toList();
    }

    public synchronized @Nullable RpmPackage newest(String name) {
        return installed.stream()
                .map(Installed::pkg)
                .filter(p -> p.name().equals(name))
                .max(Comparator.comparing(RpmPackage::evr, Packages::compare))
                .orElse(null);
    }

    /** Puts a package on offer; of a name, the newest counts. */
    public synchronized void offer(RpmPackage pkg) {
        offered.removeIf(p -> p.nevra().equals(pkg.nevra()));
        offered.add(pkg);
    }

    /** What the repository offers now; releases 2 and 3 are those built wrong. */
    public synchronized List<RpmPackage> offered() {
        boolean badRpm = machine.faults().has(Fault.BADRPM);
        boolean badService = machine.faults().has(Fault.BADSVC);
        return offered.stream()
                .map(p -> {
                    boolean update =
                            offered.stream().anyMatch(o -> o.name().equals(p.name()) && compare(o.evr(), p.evr()) < 0);
                    if (update && badRpm) {
                        return p.as(p.version(), "2.el9", RpmPackage.Fault.FAILS_TO_INSTALL);
                    }
                    return update && badService ? p.as(p.version(), "3.el9", RpmPackage.Fault.SERVICES_DIE) : p;
                })
                .toList();
    }

    /** The newest on offer that is newer than what is installed. */
    public synchronized List<Change> updates() {
        var updates = new ArrayList<Change>();
        for (String name :
                installed.stream().map(i -> i.pkg().name()).distinct().toList()) {
            RpmPackage now = newest(name);
            offered().stream()
                    .filter(p -> p.name().equals(name) && now != null && compare(p.evr(), now.evr()) > 0)
                    .max(Comparator.comparing(RpmPackage::evr, Packages::compare))
                    .ifPresent(p -> updates.add(new Change(p, now)));
        }
        return updates;
    }

    /** Names with more than one version in the database. */
    public synchronized List<List<RpmPackage>> duplicates() {
        return installed.stream()
                .map(i -> i.pkg().name())
                .distinct()
                .map(name -> installed(name).stream()
                        .map(Installed::pkg)
                        .sorted(Comparator.comparing(RpmPackage::evr, Packages::compare))
                        .toList())
                .filter(versions -> versions.size() > 1)
                .toList();
    }

    /** Before the lab starts: no effect, no time. */
    public synchronized void preinstall(RpmPackage pkg) {
        add(pkg, null);
        offer(pkg);
    }

    /** Puts an RPM file on the disk, as somebody who carried it there. */
    public synchronized void carry(String path, RpmPackage pkg) {
        carried.put(pkg.nevra(), pkg);
        machine.files().put(path, LEAD + pkg.nevra(), 0644);
    }

    /** The package in a file, or null if it is no RPM. */
    public synchronized @Nullable RpmPackage carried(String path) {
        try {
            String text = machine.files().text(path);
            return text.startsWith(LEAD) ? carried.get(text.substring(LEAD.length())) : null;
        } catch (Errno e) {
            return null;
        }
    }

    /** What runs before and after this package is unpacked. */
    public synchronized void scriptlets(String name, Scriptlets scripts) {
        scriptlets.put(name, scripts);
    }

    private static final Scriptlets NONE = new Scriptlets() {
        @Override
        public void before(HostProcess rpm, RpmPackage incoming) {}

        @Override
        public void after(HostProcess rpm, RpmPackage incoming) {}
    };

    public synchronized Scriptlets scriptlets(String name) {
        return scriptlets.getOrDefault(name, NONE);
    }

    /** The first half of an update in rpm: the new version is there, the old one still in the database. */
    public void bringIn(HostProcess process, Change change, Effect.Kind kind) {
        RpmPackage from = change.from();
        String detail = (from == null ? "" : from.evr() + " -> ") + change.to().evr();
        machine.effect(
                process.boot(), process.commandId(), kind, change.to().name(), detail, () -> add(change.to(), from));
        machine.units().redeploy(process.boot(), process.commandId(), change.to());
    }

    /** The second half: the old version leaves the database. */
    public void cleanUp(HostProcess process, RpmPackage old) {
        process.checkpoint();
        synchronized (this) {
            drop(old);
        }
    }

    /** An installer that is no rpm puts its new version in the place of the old one. */
    public void replace(HostProcess process, Change change, Effect.Kind kind) {
        RpmPackage from = change.from();
        String detail = (from == null ? "" : from.evr() + " -> ") + change.to().evr();
        machine.effect(process, kind, change.to().name(), detail, () -> {
            synchronized (this) {
                if (from != null) {
                    drop(from);
                }
                add(change.to(), from);
            }
        });
    }

    public void repair(HostProcess process, RpmPackage keep, RpmPackage old) {
        machine.effect(
                process.boot(),
                process.commandId(),
                Effect.Kind.REPAIR,
                old.name(),
                old.evr() + " removed, " + keep.evr() + " kept",
                () -> {
                    synchronized (this) {
                        drop(old);
                        write(keep, keep);
                    }
                });
    }

    public void remove(HostProcess process, RpmPackage old) {
        machine.effect(process.boot(), process.commandId(), Effect.Kind.REMOVE, old.name(), old.evr(), () -> {
            synchronized (this) {
                drop(old);
                for (var file : old.files().keySet()) {
                    try {
                        machine.files().unlink(file, 0);
                    } catch (Errno e) {
                        // gone already
                    }
                }
                old.units().forEach(unit -> machine.units().unload(unit.name()));
            }
        });
    }

    private void drop(RpmPackage old) {
        installed.removeIf(i -> i.pkg().nevra().equals(old.nevra()));
    }

    private synchronized void add(RpmPackage pkg, @Nullable RpmPackage from) {
        installed.removeIf(i -> i.pkg().nevra().equals(pkg.nevra()));
        installed.add(new Installed(pkg, machine.now(), from == null ? "@System" : "@vendor"));
        write(pkg, from);
    }

    private void write(RpmPackage pkg, @Nullable RpmPackage from) {
        pkg.files().forEach((path, content) -> {
            boolean changed = false;
            if (content.config() && machine.files().exists(path)) {
                try {
                    RpmPackage.Content before =
                            from == null ? null : from.files().get(path);
                    changed = before == null
                            || from == null
                            || !machine.files().text(path).equals(from.text(before));
                } catch (Errno e) {
                    changed = false;
                }
            }
            machine.files().put(changed ? path + ".rpmnew" : path, pkg.text(content), content.mode());
        });
        for (UnitFile unit : pkg.units()) {
            machine.files().put(unit.path(), unit.text().replace("@VERSION@", pkg.version()), 0644);
            machine.units().load(unit, unit.description().replace("@VERSION@", pkg.version()));
        }
    }

    /** Whether a changed config file will be, or was, written beside the old one. */
    public List<String> setAside(Change change) {
        var out = new ArrayList<String>();
        change.to().files().forEach((path, content) -> {
            if (content.config() && machine.files().exists(path + ".rpmnew")) {
                out.add(path);
            }
        });
        return out;
    }

    // ---- dnf's lock

    /** @return 0 if the lock is now the caller's, or else who has it */
    public synchronized int lock(int pid) {
        if (lockedBy != 0 && lockedBy != pid && machine.process(lockedBy) != null) {
            return lockedBy;
        }
        lockedBy = pid;
        for (String file : LOCKS) {
            machine.files().put(file, pid + "\n", 0644);
        }
        return 0;
    }

    /** Takes the lock from whoever has it. */
    public synchronized int seize(int pid) {
        lockedBy = 0;
        return lock(pid);
    }

    public synchronized void unlock(int pid) {
        if (lockedBy == pid) {
            lockedBy = 0;
            for (String file : LOCKS) {
                try {
                    machine.files().unlink(file, 0);
                } catch (Errno e) {
                    // somebody removed it
                }
            }
        }
    }

    synchronized void powerLost() {
        lockedBy = 0;
    }

    // ---- versions

    /** rpmvercmp on {@code version-release}. */
    public static int compare(String a, String b) {
        String[] x = a.split("-", 2);
        String[] y = b.split("-", 2);
        int version = segments(x[0], y[0]);
        return version != 0 || x.length < 2 || y.length < 2 ? version : segments(x[1], y[1]);
    }

    private static int segments(String a, String b) {
        int i = 0;
        int j = 0;
        while (true) {
            while (i < a.length() && !Character.isLetterOrDigit(a.charAt(i)) && a.charAt(i) != '~') {
                i++;
            }
            while (j < b.length() && !Character.isLetterOrDigit(b.charAt(j)) && b.charAt(j) != '~') {
                j++;
            }
            boolean tildeA = i < a.length() && a.charAt(i) == '~';
            boolean tildeB = j < b.length() && b.charAt(j) == '~';
            if (tildeA || tildeB) {
                if (!tildeA) {
                    return 1;
                }
                if (!tildeB) {
                    return -1;
                }
                i++;
                j++;
                continue;
            }
            if (i >= a.length() || j >= b.length()) {
                return Integer.compare(a.length() - i, b.length() - j) == 0 ? 0 : i >= a.length() ? -1 : 1;
            }
            boolean digits = Character.isDigit(a.charAt(i));
            int p = i;
            int q = j;
            while (p < a.length() && (digits ? Character.isDigit(a.charAt(p)) : Character.isLetter(a.charAt(p)))) {
                p++;
            }
            while (q < b.length() && (digits ? Character.isDigit(b.charAt(q)) : Character.isLetter(b.charAt(q)))) {
                q++;
            }
            if (q == j) {
                return digits ? 1 : -1;
            }
            String left = a.substring(i, p);
            String right = b.substring(j, q);
            int result = digits
                    ? new java.math.BigInteger(left).compareTo(new java.math.BigInteger(right))
                    : left.compareTo(right);
            if (result != 0) {
                return Integer.signum(result);
            }
            i = p;
            j = q;
        }
    }
}
