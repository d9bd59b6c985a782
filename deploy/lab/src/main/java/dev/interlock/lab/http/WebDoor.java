package dev.interlock.lab.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Killed;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP port of a host, at a loopback port of the lab. It is open exactly while the host's service listens: before and after,
 * connections are refused; on a frozen host they are made and nobody answers. A host that is off refuses them too, where a real
 * one would be silent.
 */
public final class WebDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebDoor.class);

    /** Below the range from which the kernel takes ports for outgoing connections, so that nobody takes it while it is shut. */
    private static final int LOWEST = 20_000;

    private static final int HIGHEST = 32_000;
    private static final int TRIES = 200;

    /** Also of doors that are shut now. */
    private static final Set<Integer> TAKEN = ConcurrentHashMap.newKeySet();

    private static final int MOST = 1 << 20;
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Machine machine;
    private final int served;
    private final int port;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread keeper;
    private volatile boolean closed;
    private @Nullable HttpServer server;

    public WebDoor(Machine machine, int served) throws IOException {
        this.machine = machine;
        this.served = served;
        this.port = anyFree();
        look();
        this.keeper =
                Thread.ofVirtual().name(machine.name() + "/http/" + served).start(this::keep);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    private static int anyFree() throws IOException {
        IOException last = new IOException("no try");
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (!TAKEN.add(port)) {
                continue;
            }
            try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                TAKEN.remove(port);
                last = taken;
            }
        }
        throw last;
    }

    private static HttpServer create(int port) throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
    }

    private boolean open() {
        return machine.isOn()
                && !machine.faults().has(Fault.REFUSE)
                && machine.units().listener(served) != null;
    }

    private void keep() {
        while (!closed) {
            try {
                look();
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private synchronized void look() {
        boolean open = !closed && open();
        HttpServer now = server;
        if (open && now == null) {
            try {
                serve(create(port));
            } catch (IOException taken) {
                LOG.info("{} has no port {} just now: {}", machine.name(), port, taken.getMessage());
            }
        } else if (!open && now != null) {
            now.stop(0);
            server = null;
        }
    }

    private synchronized void serve(HttpServer fresh) {
        fresh.createContext("/", this::handle);
        fresh.setExecutor(threads);
        fresh.start();
        server = fresh;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            machine.waitWhileFrozen();
            Site site = machine.site(served);
            if (!open() || site == null) {
                return; // it stopped listening meanwhile: the connection ends without an answer
            }
            Map<String, String> headers = new TreeMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            String body = new String(exchange.getRequestBody().readNBytes(MOST), StandardCharsets.UTF_8);
            Site.Reply reply = site.answer(new Site.Request(
                    exchange.getRequestMethod(), exchange.getRequestURI().getPath(), headers, body));
            byte[] bytes = reply.bytes();
            exchange.getResponseHeaders().set("Content-Type", reply.type());
            exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        } catch (Killed e) {
            return; // the power went in the middle of the answer
        }
    }

    @Override
    public void close() {
        closed = true;
        keeper.interrupt();
        synchronized (this) {
            HttpServer now = server;
            if (now != null) {
                now.stop(0);
                server = null;
            }
        }
        threads.shutdownNow();
        TAKEN.remove(port);
    }
}
