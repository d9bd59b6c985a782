package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.Deployment;
import dev.interlock.inventory.domain.Product;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The deployments on record. */
public interface Deployments {

    /** @return false if its name belongs to another deployment that is not retired */
    boolean add(Deployment deployment, Instant now);

    Optional<Deployment> find(UUID id);

    Optional<Deployment> findForUpdate(UUID id);

    /** Not retired, locked until the transaction ends. */
    Optional<Deployment> named(String nameKey);

    void save(Deployment deployment);

    /**
     * Not retired.
     *
     * @param host only those that it is a member of
     * @param after the last row of the page before
     */
    List<Deployment> page(@Nullable Product product, @Nullable UUID host, Hosts.@Nullable After after, int limit);

    /** Not retired, of any product, with this host in it. */
    List<Deployment> of(UUID host);

    /** For each of the hosts that has one: its deployment of this product. */
    Map<UUID, Deployment> of(Collection<UUID> hosts, Product product);
}
