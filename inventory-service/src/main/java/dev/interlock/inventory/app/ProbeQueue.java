package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.Host;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which hosts are due, kept in the database: any number of instances take from it, each host goes to one. */
public interface ProbeQueue {

    /**
     * A host to be probed.
     *
     * @param startedAt names the claim: what came in later is not answered by it
     */
    record Claim(Host host, boolean updatesWanted, Instant startedAt) {}

    /** Makes hosts due now. A probe that is going on does not count: another one follows it. */
    void request(UUID host, Instant now, boolean updates);

    /** Takes hosts that are due; if nothing is heard of them until {@code leaseUntil} they are due again. */
    List<Claim> claim(Instant now, Instant leaseUntil, int most);

    /** The claim has ended; {@code next} is null for not before somebody asks. */
    void done(UUID host, Instant startedAt, Instant now, @Nullable Instant next);

    /** The claim came to nothing. */
    void giveBack(UUID host, Instant startedAt, Instant again);
}
