package dev.interlock.inventory.domain;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a product says of the servers and load balancers it knows (G2). */
public sealed interface Registrations {

    String SERVER = "server";
    String LOAD_BALANCER = "load-balancer";

    /**
     * One entry of the product's list.
     *
     * @param id the product's own, which outlives a change of name or address
     * @param kind {@link #SERVER} or {@link #LOAD_BALANCER}
     */
    record Entry(
            String id,
            String kind,
            String name,
            @Nullable String address,
            @Nullable String version) {}

    /**
     * The list of the productive database.
     *
     * @param by the commands that listed it
     * @param kinds of which it tells; of others nothing is known
     */
    record Listed(String by, Set<String> kinds, List<Entry> entries) implements Registrations {
        public Listed {
            kinds = Set.copyOf(kinds);
            entries = List.copyOf(entries);
        }
    }

    /** The server works on its own copy of the database (G11): its list is of the time when it left, and proves nothing. */
    record OfACopy() implements Registrations {}

    /** The list could not be read. */
    record Unreadable(String detail) implements Registrations {}
}
