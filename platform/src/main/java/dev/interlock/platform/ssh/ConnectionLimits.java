package dev.interlock.platform.ssh;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Places for connections, in all and for each host. First come, first served; who waits for a busy host holds no place of others. */
final class ConnectionLimits {

    private static final class Host {
        private final Semaphore places;
        private int users;

        Host(int places) {
            this.places = new Semaphore(places, true);
        }
    }

    private final Semaphore total;
    private final int perHost;
    private final Map<String, Host> hosts = new HashMap<>();

    ConnectionLimits(int total, int perHost) {
        this.total = new Semaphore(total, true);
        this.perHost = perHost;
    }

    /** A taken place; give it back once. */
    final class Place {
        private final String name;
        private final Host host;
        private boolean returned;

        private Place(String name, Host host) {
            this.name = name;
            this.host = host;
        }

        synchronized void giveBack() {
            if (!returned) {
                returned = true;
                total.release();
                host.places.release();
                leave(name, host);
            }
        }
    }

    /**
     * Waits for a place.
     *
     * @return null when none was free in time
     */
    @Nullable
    Place take(String name, long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        var host = enter(name);
        boolean taken = false;
        try {
            if (host.places.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
                try {
                    taken = total.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } finally {
                    if (!taken) {
                        host.places.release();
                    }
                }
            }
        } finally {
            if (!taken) {
                leave(name, host);
            }
        }
        return taken ? new Place(name, host) : null;
    }

    private Host enter(String name) {
        synchronized (hosts) {
            var host = hosts.computeIfAbsent(name, n -> new Host(perHost));
            host.users++;
            return host;
        }
    }

    private void leave(String name, Host host) {
        synchronized (hosts) {
            if (--host.users == 0) {
                hosts.remove(name);
            }
        }
    }

    int hostsKnown() {
        synchronized (hosts) {
            return hosts.size();
        }
    }
}
