package dev.interlock.inventory.domain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Hosts that together are one installation of a product.
 *
 * @param name unique among the deployments that are not retired, whatever its case
 * @param members in the order in which they were given; each host once
 */
public record Deployment(
        UUID id,
        String name,
        Product product,
        List<Membership> members,
        SortedMap<String, String> settings,
        boolean retired,
        long version) {

    public Deployment {
        members = List.copyOf(members);
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        if (members.stream().map(Membership::hostId).distinct().count() != members.size()) {
            throw new IllegalArgumentException("a host has one place in a deployment");
        }
    }

    public String nameKey() {
        return name.toLowerCase(Locale.ROOT);
    }

    /** The same deployment with other contents; itself if nothing differs. */
    public Deployment edited(String name, List<Membership> members, SortedMap<String, String> settings) {
        if (name.equals(this.name) && members.equals(this.members) && settings.equals(this.settings)) {
            return this;
        }
        return new Deployment(id, name, product, members, settings, retired, version + 1);
    }

    public Deployment retire() {
        return new Deployment(id, name, product, members, settings, true, version + 1);
    }

    /** Members that {@code before} did not have, or had in another role. */
    public List<Membership> addedSince(Deployment before) {
        var added = new ArrayList<>(members);
        added.removeAll(before.members);
        return added;
    }

    /** Members that {@code before} had and this has not, or has in another role. */
    public List<Membership> removedSince(Deployment before) {
        return before.addedSince(this);
    }
}
