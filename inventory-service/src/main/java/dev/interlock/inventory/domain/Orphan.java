package dev.interlock.inventory.domain;

import dev.interlock.inventory.domain.Registrations.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** A registration that is none of the deployment's members (G2, G24). */
public record Orphan(Entry registered) {

    /**
     * A member, as far as it can be compared with a registration.
     *
     * @param hostname as the machine itself tells it; null if it was never read
     * @param kinds what it is by its role or by what was found on it
     * @param version that was found on it
     */
    public record Candidate(
            UUID hostId,
            String name,
            @Nullable String hostname,
            String address,
            Set<String> kinds,
            @Nullable String version) {}

    public String next() {
        var list = registered.kind().equals(Registrations.SERVER) ? "Server" : "Load Balancer";
        return "If " + registered.name()
                + " no longer exists, delete it in the UMS Console under UMS Administration > UMS"
                + " Network > " + list
                + "; if it does, register its host and add it to the deployment. Then have a server"
                + " probed again.";
    }

    /**
     * Each member answers for one registration of a kind, found by name first, then by address: a second one of the same name or
     * address is what a machine that was set up anew left behind. Of two with one name that of the version found there counts.
     * Addresses of the machine itself (127.0.0.1) tell nothing.
     */
    public static List<Orphan> among(List<Entry> entries, List<Candidate> members) {
        var open = new LinkedHashSet<>(entries);
        var taken = new HashSet<List<Object>>();
        for (BiPredicate<Entry, Candidate> same : List.<BiPredicate<Entry, Candidate>>of(
                (entry, member) -> sameName(entry, member) && sameVersion(entry, member),
                Orphan::sameName,
                Orphan::sameAddress)) {
            for (var entry : List.copyOf(open)) {
                members.stream()
                        .filter(member -> member.kinds().contains(entry.kind()))
                        .filter(member -> !taken.contains(place(entry, member)))
                        .filter(member -> same.test(entry, member))
                        .findFirst()
                        .ifPresent(member -> {
                            taken.add(place(entry, member));
                            open.remove(entry);
                        });
            }
        }
        var orphans = new ArrayList<Orphan>();
        open.forEach(entry -> orphans.add(new Orphan(entry)));
        orphans.sort(Comparator.comparing((Orphan each) -> each.registered().kind())
                .thenComparing(each -> each.registered().name())
                .thenComparing(each -> each.registered().id()));
        return List.copyOf(orphans);
    }

    private static List<Object> place(Entry entry, Candidate member) {
        return List.of(entry.kind(), member.hostId());
    }

    private static boolean sameName(Entry entry, Candidate member) {
        var registered = firstLabel(entry.name());
        return registered.equals(firstLabel(member.name()))
                || (member.hostname() != null && registered.equals(firstLabel(member.hostname())));
    }

    private static boolean sameVersion(Entry entry, Candidate member) {
        return entry.version() != null && entry.version().equals(member.version());
    }

    private static boolean sameAddress(Entry entry, Candidate member) {
        var address = entry.address();
        return address != null
                && !address.startsWith("127.")
                && !address.equals("::1")
                && address.equalsIgnoreCase(member.address());
    }

    /** Of a host name; an address stays whole. */
    private static String firstLabel(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        int dot = lower.indexOf('.');
        return dot < 0 || lower.matches("[0-9.]+") ? lower : lower.substring(0, dot);
    }
}
