package dev.interlock.lab.faults;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** The faults now set on one host. */
public final class Faults {
    private final Map<Fault, String> set = new EnumMap<>(Fault.class);

    public synchronized boolean has(Fault fault) {
        return set.containsKey(fault);
    }

    public synchronized String value(Fault fault) {
        return set.getOrDefault(fault, "");
    }

    /** The value as a number; 0 if the fault is not set. */
    public synchronized long number(Fault fault) {
        String value = set.get(fault);
        return value == null
                ? 0
                : Long.parseLong(value.startsWith("+") || value.startsWith("#") ? value.substring(1) : value);
    }

    public synchronized void put(Fault fault, String value) {
        set.put(fault, value.isEmpty() ? fault.usual() : value);
    }

    public synchronized boolean remove(Fault fault) {
        return set.remove(fault) != null;
    }

    /** By word, for people. */
    public synchronized Map<String, String> all() {
        var all = new TreeMap<String, String>();
        set.forEach((fault, value) -> all.put(fault.word(), value));
        return all;
    }
}
