package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.Facts;
import dev.interlock.inventory.domain.Facts.Difference;
import dev.interlock.inventory.domain.Host;
import dev.interlock.inventory.domain.HostSettings;
import dev.interlock.inventory.domain.HostStatus;
import dev.interlock.inventory.domain.Product;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The hosts on record. */
public interface Hosts {

    /** @return false if its name or its address and port belong to another host that is not retired */
    boolean add(Host host, Instant now);

    Optional<Host> find(UUID id);

    /** Also locks it until the transaction ends. */
    Optional<Host> findForUpdate(UUID id);

    /** Those not retired, by {@link HostSettings#nameKey}; locked until the transaction ends. */
    Map<String, Host> named(Collection<String> nameKeys);

    Map<UUID, Host> all(Collection<UUID> ids);

    /** The host, not retired, that already has this name, or this address and port. */
    Optional<Host> inTheWayOf(HostSettings settings, UUID exceptFor);

    void save(Host host);

    /**
     * @param status null for all that are not retired
     * @param deployment only its members
     * @param search part of name or address
     * @param after the last row of the page before
     */
    List<Listed> page(
            @Nullable HostStatus status,
            @Nullable Product product,
            @Nullable UUID deployment,
            @Nullable String search,
            @Nullable After after,
            int limit);

    /** A place in the order of lists. */
    record After(String nameKey, UUID id) {}

    /**
     * A host with what the probing knows.
     *
     * @param probedAt the last probe that ended, well or not
     * @param nextProbeAt null while only a person's word can help
     */
    record Listed(
            Host host,
            Instant createdAt,
            @Nullable Instant probedAt,
            @Nullable Instant nextProbeAt) {}

    Optional<Listed> show(UUID id);

    void addFacts(UUID host, Facts facts, List<Difference> changes, Instant at);

    /** Newest first, older than {@code before}. */
    List<FormerFacts> facts(UUID host, @Nullable Long before, int limit);

    record FormerFacts(long seq, Instant observedAt, Facts facts, List<Difference> changes) {}

    /** Forgets former facts, but never the newest of a host. */
    int forgetFacts(Instant olderThan, int most);
}
