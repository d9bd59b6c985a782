package dev.interlock.lab.faults;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What can be made to go wrong. The value's meaning and default stand beside each. */
public enum Fault {
    REFUSE("", "nobody listens: connections are refused, running sessions live on"),
    HANG("", "every process frozen: TCP connects, then nothing answers"),
    DROP("500", "each connection is cut VALUE ms into a command; #K cuts once, at the K-th command from now"),
    HOSTKEY("", "the host presents another host key"),
    AUTH("", "the lab's key is no longer accepted"),
    DISK("", "disk full: writes fail with ENOSPC"),
    BADRPM("", "the version on offer fails in its pre-installation script"),
    BADSVC("", "the version on offer installs, its services die a second after their start"),
    SLOW("200", "VALUE ms added to each log-in, command and answer"),
    SLOWRPM("20", "package scripts sleep VALUE seconds of the host's time"),
    REPO404("", "the repository answers 404"),
    DNFLOCK("", "another process holds dnf's lock: dnf waits for it"),
    CRASH("", "power loss: connections fall silent (VALUE 'reset': are reset), processes die, off until healed"),
    CLOCK("120", "the host's clock is VALUE seconds off"),
    BADSTORAGE("modified", "license server: its trusted storage is modified, or moved, behind its back"),
    SLOWSTART("240", "license server: its port answers VALUE seconds later than usual after a start"),
    LOSTLICENSES("1", "license server: VALUE licenses of the first feature are gone after the next upgrade"),
    WRONGPASSWORD("", "license server: somebody set another administrator's password"),
    STUCK("", "license server: an old process keeps the service from starting until its user's processes are killed"),
    NOROOT("", "/root cannot be written to, not even by root"),
    ORPHAN("server", "UMS: the database knows of a component (VALUE: server, load-balancer) that does not exist"),
    BADBACKUP("cut", "pg_dump's file is cut off in its contents, in its data (VALUE 'data') or empty ('empty')"),
    BADINSTALLER("before", "UMS: the installer fails before any change, in the 'middle', or its file is 'corrupt'"),
    NORECONNECT("", "UMS: the server stays on its copy of the database after the renewal"),
    STUCKBROKER("", "UMS: the load balancer does not stop");

    private final String usual;
    private final String meaning;

    Fault(String usual, String meaning) {
        this.usual = usual;
        this.meaning = meaning;
    }

    public String usual() {
        return usual;
    }

    public String meaning() {
        return meaning;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Fault> of(String word) {
        return Stream.of(values()).filter(f -> f.word().equals(word)).findFirst();
    }
}
