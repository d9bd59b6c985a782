package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.DeploymentDraft;
import dev.interlock.inventory.domain.DeploymentDraft.Place;
import dev.interlock.inventory.domain.Flaw;
import dev.interlock.inventory.domain.Host;
import dev.interlock.inventory.domain.Membership;
import dev.interlock.inventory.domain.Product;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds the hosts that a draft names by name or id. */
@Singleton
class FindMembers {

    private final Hosts hosts;
    private final Deployments deployments;

    FindMembers(Hosts hosts, Deployments deployments) {
        this.hosts = hosts;
        this.deployments = deployments;
    }

    /** @param flaws places whose host is unknown, retired, or there twice */
    record Found(List<Membership> members, List<Flaw> flaws, Map<UUID, String> names) {}

    Found handle(DeploymentDraft draft) {
        var names = new ArrayList<String>();
        var ids = new ArrayList<UUID>();
        for (var place : draft.members()) {
            var id = id(place);
            if (id == null) {
                names.add(key(place));
            } else {
                ids.add(id);
            }
        }
        var byName = names.isEmpty() ? Map.<String, Host>of() : hosts.named(names);
        var byId = ids.isEmpty() ? Map.<UUID, Host>of() : hosts.all(ids);
        var members = new LinkedHashMap<UUID, Membership>();
        var flaws = new ArrayList<Flaw>();
        var found = new HashMap<UUID, String>();
        for (int i = 0; i < draft.members().size(); i++) {
            var place = draft.members().get(i);
            var id = id(place);
            var host = id == null ? byName.get(key(place)) : byId.get(id);
            var field = "members[" + i + "].host";
            if (host == null) {
                flaws.add(new Flaw(
                        field, "there is no host " + place.host(), "Register the host first, or correct the name."));
            } else if (host.retired()) {
                flaws.add(new Flaw(
                        field, "the host " + host.name() + " is retired", "Use a host that is in the inventory."));
            } else if (members.putIfAbsent(host.id(), new Membership(host.id(), place.roleOrDefault())) != null) {
                flaws.add(new Flaw(
                        field,
                        "the host " + host.name() + " is there twice",
                        "Give a host one place in a deployment."));
            } else {
                found.put(host.id(), host.name());
            }
        }
        return new Found(List.copyOf(members.values()), List.copyOf(flaws), Map.copyOf(found));
    }

    /** The first of the hosts that belongs to another deployment of the product: two runs must not meet on one host. */
    Optional<DeploymentChange.HostTaken> taken(Found found, Product product, UUID exceptFor) {
        if (found.members().isEmpty()) {
            return Optional.empty();
        }
        var others = deployments.of(found.names().keySet(), product);
        for (var member : found.members()) {
            var other = others.get(member.hostId());
            if (other != null && !other.id().equals(exceptFor)) {
                return Optional.of(new DeploymentChange.HostTaken(
                        String.valueOf(found.names().get(member.hostId())), other.name()));
            }
        }
        return Optional.empty();
    }

    private static String key(Place place) {
        return place.host() == null ? "" : place.host().strip().toLowerCase(Locale.ROOT);
    }

    private static @Nullable UUID id(Place place) {
        try {
            return place.host() == null || place.host().strip().length() != 36
                    ? null
                    : UUID.fromString(place.host().strip());
        } catch (IllegalArgumentException aName) {
            return null;
        }
    }
}
