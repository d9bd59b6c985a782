package dev.interlock.license.app;

import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.ActivationRequest;
import dev.interlock.license.domain.CapabilityResponse;
import dev.interlock.license.domain.CustodyEntry;
import dev.interlock.license.domain.ServerId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Requests for licences, their files and their answers', and the trail of both. */
public interface ActivationRequests {
    /** Where a page begins; the list is newest first. */
    record Position(Instant madeAt, UUID id) {}

    void add(ActivationRequest request, byte[] file);

    /** For a server whose requests do not number themselves; the server's row is kept until the transaction ends. */
    long nextSequence(ServerId server);

    Optional<ActivationRequest> find(UUID id);

    /** Reads it and keeps everybody else's change of it waiting until the transaction ends. */
    Optional<ActivationRequest> findForChange(UUID id);

    /** The one that is under way for this code on this server, kept as {@link #findForChange} keeps it. */
    Optional<ActivationRequest> live(ServerId server, ActivationCode code);

    /** Newest first. */
    List<ActivationRequest> page(@Nullable ServerId server, @Nullable Position after, int limit);

    /** How many more licences of each of these purchases are asked for by requests that are under way. */
    Map<ActivationCode, Integer> askedFor(Collection<ActivationCode> codes);

    byte[] file(UUID id);

    /** The answer that was taken in. */
    Optional<byte[]> response(UUID id);

    /** As it was shown when it was taken in. */
    Optional<String> responseContents(UUID id);

    /** Keeps an answer that fits. */
    void answered(UUID id, byte[] response, String sha256, String contents, CapabilityResponse read);

    /** Forgets an answer that turned out unfit, so that another can be uploaded. */
    void reopen(UUID id);

    /** Before a server of its own is given the answer. */
    void applying(UUID id);

    /** After the server could not be given the answer: it can be tried again. */
    void notApplied(UUID id);

    void applied(UUID id, Instant at, String by);

    void superseded(UUID id, Instant at, String by);

    void trace(UUID id, CustodyEntry entry);

    List<CustodyEntry> custody(UUID id);
}
