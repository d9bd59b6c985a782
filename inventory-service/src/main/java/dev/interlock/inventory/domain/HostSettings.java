package dev.interlock.inventory.domain;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What people decide about a host; made by {@link HostDraft}.
 *
 * @param name unique among the hosts that are not retired, whatever its case
 * @param credential the name of a credential, never the secret itself
 */
public record HostSettings(
        String name, String address, int port, String user, String credential, SortedMap<String, String> labels) {

    public HostSettings {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    /** What must be unique, and what lists are sorted by. */
    public String nameKey() {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Whether a probe of one says something about the other. */
    public boolean connectsLike(HostSettings other) {
        return address.equals(other.address)
                && port == other.port
                && user.equals(other.user)
                && credential.equals(other.credential);
    }

    /** These settings with the labels of before that they do not mention. */
    public HostSettings keepingLabelsOf(HostSettings before) {
        var all = new TreeMap<>(before.labels);
        all.putAll(labels);
        return new HostSettings(name, address, port, user, credential, all);
    }

    public HostSettings withLabels(Map<String, String> labels) {
        return new HostSettings(name, address, port, user, credential, new TreeMap<>(labels));
    }
}
