package dev.interlock.license.app;

import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.Allotment;
import dev.interlock.license.domain.Pool;
import dev.interlock.license.domain.ServerId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The purchases, and how they are split over servers. */
public interface Pools {
    /**
     * @param nextNotice when there is something to tell of its end
     * @return false when exactly this code is there already
     */
    boolean add(Pool pool, Instant nextNotice);

    Optional<Pool> find(ActivationCode code);

    /**
     * Reads a pool and keeps every other activation of it waiting until the transaction ends. Its sessions are kept waiting
     * too, so that what is decided on the counts still holds when it is written.
     */
    Optional<Pool> findForActivation(ActivationCode code);

    /** A code that has this {@link ActivationCode#likeness}. */
    Optional<ActivationCode> similar(String likeness);

    /** By code, after {@code after}. */
    List<Pool> page(@Nullable ActivationCode after, int limit);

    /** What a server holds, by code. */
    Map<ActivationCode, Allotment> on(ServerId server);

    /** Writes a total, of which nothing is being returned; the levels of use will be told anew. */
    void setTotal(ActivationCode code, ServerId server, int total);

    /** So many of the total carry no session any more and wait for the authority to confirm their return. */
    void setReturning(ActivationCode code, ServerId server, int returning);

    /** From now on this authority allots the purchase. */
    void bind(ActivationCode code, String authority);

    /** No session is authorised from what the server holds; it stays counted against the purchases. */
    void authoriseNoMore(ServerId server);

    /** Pools of which something is to be told now; kept from other instances of the service until the transaction ends. */
    List<Pool> claimDue(Instant now, int limit);

    /** @param at null when all is told */
    void setNextNotice(ActivationCode code, @Nullable Instant at);

    /** @return false when this notice was told before */
    boolean addNotice(ActivationCode code, String notice, Instant at);
}
