package dev.interlock.license.app;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import dev.interlock.contracts.Channel;
import dev.interlock.contracts.Event;
import dev.interlock.contracts.StateRecord;
import dev.interlock.license.adapter.files.SignedCapabilityFiles;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.ActivationRequest;
import dev.interlock.license.domain.ActivationRequest.State;
import dev.interlock.license.domain.Allotment;
import dev.interlock.license.domain.CapabilityResponse;
import dev.interlock.license.domain.CustodyEntry;
import dev.interlock.license.domain.LicenseServer;
import dev.interlock.license.domain.LicenseServer.Kind;
import dev.interlock.license.domain.Pool;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.outbox.Outbox;
import java.lang.reflect.Proxy;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One license-service with its real use cases on rows in memory. A use case is one transaction: it can die after any number of
 * writes, and then none of them has been.
 */
public final class Site implements Pools, LicenseServers, ServerIdentities, ActivationRequests, Outbox {
    private static final KeyPair KEYS = keys();
    private static final Instant END = Instant.parse("2099-01-01T00:00:00Z");

    /** The process was killed. */
    static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private Map<ActivationCode, Pool> pools = new HashMap<>();
    private Map<UUID, ActivationRequest> requests = new HashMap<>();
    private Map<UUID, byte[]> files = new HashMap<>();
    private Map<UUID, byte[]> responses = new HashMap<>();
    private Map<ServerId, Long> sequences = new HashMap<>();
    private List<Event> told = new ArrayList<>();
    private final Map<ServerId, LicenseServer> servers = new HashMap<>();
    private int writesLeft = Integer.MAX_VALUE;

    final RequestActivation request;
    final TakeInResponse takeIn;
    final ApplyResponse apply;

    public Site(String authority, List<ServerId> servers, Clock clock) {
        servers.forEach(id -> this.servers.put(id, new LicenseServer(id, "ls", Kind.NATIVE, null, Instant.EPOCH)));
        var settings = new LicenseSettings(10, List.of(), null, Duration.ofDays(1), List.of(authority), null);
        var capabilityFiles = new SignedCapabilityFiles(settings);
        var levels = new TellLevel(never(Sessions.class), this, settings);
        var flexnet = never(FlexnetServers.class);
        request = new RequestActivation(this, this, this, capabilityFiles, flexnet, this, this, clock);
        takeIn = new TakeInResponse(this, new ReadResponse(this, capabilityFiles, flexnet), this, clock);
        apply = new ApplyResponse(
                this,
                capabilityFiles,
                this,
                this,
                new RecordApplied(this, this, levels, this),
                never(SchedulerClient.class),
                this,
                clock);
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What no activation of a native server without sessions may ask. */
    private static <T> T never(Class<T> port) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (self, method, args) -> {
            throw new AssertionError("asked " + method);
        }));
    }

    public void buy(String code, int seats) {
        var pool = new Pool(new ActivationCode(code), seats, "session", END, Map.of(), Instant.EPOCH);
        pools.put(pool.code(), pool);
    }

    /** @param dies after so many writes; negative: lives */
    <T> Optional<T> transaction(int dies, Supplier<T> useCase) {
        var before = new Object[] {
            new HashMap<>(pools),
            new HashMap<>(requests),
            new HashMap<>(files),
            new HashMap<>(responses),
            new HashMap<>(sequences),
            new ArrayList<>(told)
        };
        writesLeft = dies < 0 ? Integer.MAX_VALUE : dies;
        try {
            return Optional.of(useCase.get());
        } catch (Died killed) {
            restore(before);
            return Optional.empty();
        } finally {
            writesLeft = Integer.MAX_VALUE;
        }
    }

    @SuppressWarnings("unchecked")
    private void restore(Object[] before) {
        pools = (Map<ActivationCode, Pool>) before[0];
        requests = (Map<UUID, ActivationRequest>) before[1];
        files = (Map<UUID, byte[]>) before[2];
        responses = (Map<UUID, byte[]>) before[3];
        sequences = (Map<ServerId, Long>) before[4];
        told = (List<Event>) before[5];
    }

    private void write() {
        if (writesLeft-- <= 0) {
            throw new Died();
        }
    }

    public Pool pool(String code) {
        return Objects.requireNonNull(pools.get(new ActivationCode(code)));
    }

    List<Event> told() {
        return told;
    }

    public static String machine(ServerId server) {
        return server.value().toString().toUpperCase(Locale.ROOT);
    }

    // ---- rows

    @Override
    public Identity next(ServerId server) {
        write();
        return new Identity(machine(server), KEYS, sequences.merge(server, 1L, Long::sum));
    }

    @Override
    public String machineId(ServerId server) {
        return machine(server);
    }

    private void put(Pool was, ServerId server, Allotment allotment, @Nullable String authority) {
        write();
        var allotments = new HashMap<>(was.allotments());
        allotments.put(server, allotment);
        pools.put(
                was.code(),
                new Pool(
                        was.code(),
                        was.seats(),
                        was.feature(),
                        was.expiresAt(),
                        allotments,
                        was.createdAt(),
                        authority));
    }

    @Override
    public void setTotal(ActivationCode code, ServerId server, int total) {
        var was = findForActivation(code).orElseThrow();
        put(was, server, new Allotment(total, 0), was.authority());
    }

    @Override
    public void setReturning(ActivationCode code, ServerId server, int returning) {
        var was = findForActivation(code).orElseThrow();
        put(was, server, new Allotment(was.on(server).total(), 0, returning), was.authority());
    }

    @Override
    public void bind(ActivationCode code, String authority) {
        write();
        var was = findForActivation(code).orElseThrow();
        pools.put(
                code,
                new Pool(
                        code,
                        was.seats(),
                        was.feature(),
                        was.expiresAt(),
                        was.allotments(),
                        was.createdAt(),
                        authority));
    }

    @Override
    public Optional<Pool> find(ActivationCode code) {
        return Optional.ofNullable(pools.get(code));
    }

    @Override
    public Optional<Pool> findForActivation(ActivationCode code) {
        return find(code);
    }

    @Override
    public Optional<LicenseServer> find(ServerId id) {
        return Optional.ofNullable(servers.get(id));
    }

    @Override
    public void add(ActivationRequest made, byte[] file) {
        write();
        requests.put(made.id(), made);
        files.put(made.id(), file);
    }

    @Override
    public Optional<ActivationRequest> find(UUID id) {
        return Optional.ofNullable(requests.get(id));
    }

    @Override
    public Optional<ActivationRequest> findForChange(UUID id) {
        return find(id);
    }

    @Override
    public Optional<ActivationRequest> live(ServerId server, ActivationCode code) {
        return requests.values().stream()
                .filter(each -> each.server().equals(server)
                        && each.code().equals(code)
                        && (each.state() == State.OPEN || each.state() == State.ANSWERED))
                .findFirst();
    }

    @Override
    public byte[] file(UUID id) {
        return Objects.requireNonNull(files.get(id));
    }

    @Override
    public Optional<byte[]> response(UUID id) {
        return Optional.ofNullable(responses.get(id));
    }

    @Override
    public void answered(UUID id, byte[] response, String sha256, String contents, CapabilityResponse read) {
        write();
        responses.put(id, response);
        change(id, State.ANSWERED, sha256, read.expiresAt(), null);
    }

    @Override
    public void reopen(UUID id) {
        write();
        responses.remove(id);
        change(id, State.OPEN, null, null, null);
    }

    @Override
    public void applied(UUID id, Instant at, String by) {
        write();
        change(id, State.APPLIED, "applied", null, at);
    }

    @Override
    public void superseded(UUID id, Instant at, String by) {
        write();
        change(id, State.SUPERSEDED, null, null, at);
    }

    private void change(
            UUID id, State state, @Nullable String sha256, @Nullable Instant expires, @Nullable Instant closed) {
        var was = find(id).orElseThrow();
        requests.put(
                id,
                new ActivationRequest(
                        id,
                        was.server(),
                        was.code(),
                        was.total(),
                        was.sequence(),
                        was.machineId(),
                        was.sha256(),
                        was.contents(),
                        was.madeAt(),
                        was.madeBy(),
                        state,
                        sha256,
                        expires,
                        closed,
                        null));
    }

    @Override
    public void trace(UUID id, CustodyEntry entry) {
        write();
    }

    @Override
    public void add(Event event) {
        write();
        told.add(event);
    }

    // ---- not part of this story

    @Override
    public void state(StateRecord state) {
        throw new AssertionError();
    }

    @Override
    public void tombstone(Channel channel, String key) {
        throw new AssertionError();
    }

    @Override
    public boolean add(Pool pool, Instant nextNotice) {
        throw new AssertionError();
    }

    @Override
    public Optional<ActivationCode> similar(String likeness) {
        return Optional.empty();
    }

    @Override
    public List<Pool> page(@Nullable ActivationCode after, int limit) {
        throw new AssertionError();
    }

    @Override
    public Map<ActivationCode, Allotment> on(ServerId server) {
        throw new AssertionError();
    }

    @Override
    public void authoriseNoMore(ServerId server) {
        throw new AssertionError();
    }

    @Override
    public List<Pool> claimDue(Instant now, int limit) {
        throw new AssertionError();
    }

    @Override
    public void setNextNotice(ActivationCode code, @Nullable Instant at) {
        throw new AssertionError();
    }

    @Override
    public boolean addNotice(ActivationCode code, String notice, Instant at) {
        throw new AssertionError();
    }

    @Override
    public boolean add(LicenseServer server, String registeredBy) {
        throw new AssertionError();
    }

    @Override
    public boolean exists(ServerId id) {
        throw new AssertionError();
    }

    @Override
    public Optional<LicenseServer> findForChange(ServerId id) {
        throw new AssertionError();
    }

    @Override
    public void retire(ServerId id, Instant at, String by, String reason, boolean lost) {
        throw new AssertionError();
    }

    @Override
    public List<LicenseServer> page(@Nullable String afterName, int limit) {
        throw new AssertionError();
    }

    @Override
    public long nextSequence(ServerId server) {
        throw new AssertionError();
    }

    @Override
    public List<ActivationRequest> page(@Nullable ServerId server, @Nullable Position after, int limit) {
        throw new AssertionError();
    }

    @Override
    public Map<ActivationCode, Integer> askedFor(Collection<ActivationCode> codes) {
        throw new AssertionError();
    }

    @Override
    public Map<ServerId, LicenseServer> all(Collection<ServerId> ids) {
        throw new AssertionError();
    }

    @Override
    public Optional<String> responseContents(UUID id) {
        throw new AssertionError();
    }

    @Override
    public void applying(UUID id) {
        throw new AssertionError();
    }

    @Override
    public void notApplied(UUID id) {
        throw new AssertionError();
    }

    @Override
    public List<CustodyEntry> custody(UUID id) {
        throw new AssertionError();
    }
}
