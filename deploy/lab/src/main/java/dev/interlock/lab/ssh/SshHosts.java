package dev.interlock.lab.ssh;

import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.faults.Faults;
import dev.interlock.lab.machine.Machine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.random.JceRandomFactory;
import org.apache.sshd.common.random.SingletonRandomFactory;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.util.net.ConnectionEndpointsIndicator;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;

/**
 * One MINA server for all hosts: a host is a port, told by the local address of the connection. So 200 hosts share one set of
 * threads, and a host's port can be closed, silenced and opened again by itself.
 */
public final class SshHosts implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Set<String> USERS = Set.of("interlock", "root");

    /** SshServer with its acceptor in reach. */
    private static final class ManyPorts extends SshServer {
        synchronized int open(int port) throws IOException {
            Set<SocketAddress> before = new HashSet<>(acceptor.getBoundAddresses());
            acceptor.bind(new InetSocketAddress(LOOPBACK, port));
            return acceptor.getBoundAddresses().stream()
                    .filter(a -> !before.contains(a))
                    .map(a -> ((InetSocketAddress) a).getPort())
                    .findFirst()
                    .orElseThrow();
        }

        synchronized void shut(int port) {
            acceptor.unbind(new InetSocketAddress(LOOPBACK, port));
        }

        synchronized void shutAll() {
            acceptor.unbind();
        }
    }

    private final ManyPorts server =
            (ManyPorts) new ServerBuilder().factory(ManyPorts::new).build();
    private final Map<Integer, SshHost> hosts = new ConcurrentHashMap<>();
    private final Map<Integer, Silence> silent = new ConcurrentHashMap<>();
    private final PublicKey client;

    /** A port on which the kernel accepts (or, when its queue is full, drops) connections that nobody serves. */
    private record Silence(ServerSocket socket, List<Socket> fillers) {}

    public SshHosts(PublicKey client) throws IOException {
        this.client = client;
        server.setHost(LOOPBACK.getHostAddress());
        server.setPort(0);
        server.setRandomFactory(new SingletonRandomFactory(JceRandomFactory.INSTANCE));
        server.setKeyExchangeFactories(List.of(
                ServerBuilder.DH2KEX.apply(BuiltinDHFactories.curve25519),
                ServerBuilder.DH2KEX.apply(BuiltinDHFactories.ecdhp256)));
        server.setKeyPairProvider(new KeyPairProvider() {
            @Override
            public Iterable<KeyPair> loadKeys(@Nullable SessionContext session) {
                return session == null ? List.of() : List.of(host(session).hostKey());
            }
        });
        PublickeyAuthenticator authenticator = (user, key, session) -> {
            Faults faults = host(session).machine().faults();
            delay(faults);
            return USERS.contains(user) && !faults.has(Fault.AUTH) && KeyUtils.compareKeys(key, this.client);
        };
        server.setPublickeyAuthenticator(authenticator);
        server.setCommandFactory((channel, script) -> {
            ServerSession session = channel.getServerSession();
            return new ExecCommand(host(session), session, script);
        });
        server.setShellFactory(channel -> {
            ServerSession session = channel.getServerSession();
            return new ExecCommand(host(session), session, "sh -s");
        });
        CoreModuleProperties.IDLE_TIMEOUT.set(server, Duration.ZERO);
        CoreModuleProperties.NIO2_READ_TIMEOUT.set(server, Duration.ZERO);
        CoreModuleProperties.NIO_WORKERS.set(server, 16);
        CoreModuleProperties.SOCKET_BACKLOG.set(server, 512);
        CoreModuleProperties.MAX_CONCURRENT_SESSIONS.set(server, Integer.MAX_VALUE);
        CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "OpenSSH_8.7-lab");
        server.start();
        server.shutAll();
    }

    static void delay(Faults faults) {
        long millis = faults.number(Fault.SLOW);
        if (millis > 0) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static int port(ConnectionEndpointsIndicator session) {
        return ((InetSocketAddress) session.getLocalAddress()).getPort();
    }

    private SshHost host(ConnectionEndpointsIndicator session) {
        SshHost host = hosts.get(port(session));
        if (host == null) {
            throw new IllegalStateException("no host at " + session.getLocalAddress());
        }
        return host;
    }

    /** @param port 0 for any free one */
    public int add(int port, SshHost host) throws IOException {
        int bound;
        synchronized (hosts) {
            bound = server.open(port);
            hosts.put(bound, host);
        }
        return bound;
    }

    /** Connections are refused; those that are there stay. */
    public void refuse(int port) {
        server.shut(port);
    }

    /** Connections are made by the kernel and nobody answers; those that are there get no answer. */
    public void hang(int port) throws IOException {
        server.shut(port);
        silence(port, new Silence(listen(port, 512), List.of()));
    }

    /** New connections are not even made: as with a host that is off, they time out. Those that are there fall silent. */
    public void off(int port) throws IOException {
        server.shut(port);
        ServerSocket socket = listen(port, 1);
        var fillers = new ArrayList<Socket>();
        for (int i = 0; i < 8; i++) {
            var filler = new Socket();
            fillers.add(filler);
            try {
                filler.connect(new InetSocketAddress(LOOPBACK, port), 100);
            } catch (IOException e) {
                break; // the queue is full
            }
        }
        silence(port, new Silence(socket, fillers));
    }

    private static ServerSocket listen(int port, int backlog) throws IOException {
        var socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(LOOPBACK, port), backlog);
        return socket;
    }

    private void silence(int port, Silence silence) {
        silent.put(port, silence);
        for (ServerSession session : sessions(port)) {
            session.getIoSession().suspendRead();
        }
    }

    /** Serves a port again that was refused, hung or off. */
    public void serve(int port, boolean resume) throws IOException {
        Silence silence = silent.remove(port);
        if (silence != null) {
            silence.socket.close();
            for (Socket filler : silence.fillers) {
                filler.close();
            }
        }
        synchronized (hosts) {
            server.open(port);
        }
        for (ServerSession session : sessions(port)) {
            if (resume) {
                session.getIoSession().resumeRead();
            } else {
                session.close(true);
            }
        }
    }

    /** Cuts all connections of a host. */
    public void cut(int port) {
        sessions(port).forEach(session -> session.close(true));
    }

    public List<ServerSession> sessions(int port) {
        return server.getActiveSessions().stream()
                .map(ServerSession.class::cast)
                .filter(session ->
                        session.getLocalAddress() instanceof InetSocketAddress local && local.getPort() == port)
                .toList();
    }

    public Machine machine(int port) {
        SshHost host = hosts.get(port);
        if (host == null) {
            throw new IllegalArgumentException("no host at port " + port);
        }
        return host.machine();
    }

    @Override
    public void close() throws IOException {
        for (Silence silence : silent.values()) {
            silence.socket.close();
            for (Socket filler : silence.fillers) {
                filler.close();
            }
        }
        server.stop(true);
    }
}
