package dev.interlock.inventory.domain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a probe found on a host and what stays so until somebody changes it. What moves all the time is in {@link Gauges}.
 *
 * @param os null where {@code /etc/os-release} is missing
 * @param packages of the managed products: name to version; two versions of one package (an update was interrupted) stand as
 *     {@code 1.4.0, 1.5.0}
 * @param units of the managed products that exist: unit to {@code active}, {@code inactive}, {@code failed} …
 * @param ports on which something listens, without the short-lived ones
 * @param memoryBytes in all
 * @param hostname as the machine itself tells it
 */
public record Facts(
        @Nullable OperatingSystem os,
        String kernel,
        String architecture,
        SortedMap<String, String> packages,
        SortedMap<String, String> units,
        SortedSet<Integer> ports,
        @Nullable Integer cores,
        @Nullable Long memoryBytes,
        @Nullable String hostname) {

    /** As {@code /etc/os-release} says it: {@code Rocky Linux}, {@code 9.4}. */
    public record OperatingSystem(String name, String version) {}

    /** One fact before and after; null where there was or is none. */
    public record Difference(
            String fact, @Nullable String before, @Nullable String after) {}

    public Facts {
        packages = Collections.unmodifiableSortedMap(new TreeMap<>(packages));
        units = Collections.unmodifiableSortedMap(new TreeMap<>(units));
        ports = Collections.unmodifiableSortedSet(new TreeSet<>(ports));
    }

    /** What is different now, in the order of the facts' names. */
    public List<Difference> since(Facts before) {
        var was = before.flat();
        var is = flat();
        var names = new TreeSet<>(was.keySet());
        names.addAll(is.keySet());
        var differences = new ArrayList<Difference>();
        for (var name : names) {
            if (!Objects.equals(was.get(name), is.get(name))) {
                differences.add(new Difference(name, was.get(name), is.get(name)));
            }
        }
        return List.copyOf(differences);
    }

    /** Every fact by its path: {@code os.version}, {@code packages.kcm}, {@code units.guacd}, {@code ports} …, and what follows from them, {@code conflicts.…} */
    SortedMap<String, String> flat() {
        var flat = new TreeMap<String, String>();
        if (os != null) {
            flat.put("os.name", os.name());
            flat.put("os.version", os.version());
        }
        put(flat, "kernel", kernel);
        put(flat, "architecture", architecture);
        prefixed(flat, "packages.", packages);
        prefixed(flat, "units.", units);
        put(flat, "ports", joined(ports));
        if (cores != null) {
            flat.put("cores", cores.toString());
        }
        if (memoryBytes != null) {
            flat.put("memory.bytes", memoryBytes.toString());
        }
        if (hostname != null) {
            flat.put("hostname", hostname);
        }
        Conflict.in(this).forEach(conflict -> flat.put("conflicts." + conflict.rule(), conflict.detail()));
        return flat;
    }

    private static void put(Map<String, String> flat, String name, String value) {
        if (!value.isEmpty()) {
            flat.put(name, value);
        }
    }

    private static void prefixed(Map<String, String> flat, String prefix, Map<String, String> facts) {
        facts.forEach((name, value) -> flat.put(prefix + name, value));
    }

    private static String joined(Set<Integer> ports) {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
