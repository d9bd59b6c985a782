package dev.interlock.lab.product;

import dev.interlock.lab.product.PcoipMessages.Request;
import dev.interlock.lab.product.PcoipMessages.Response;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** The vendor's licensing portal: what was bought, and on which machine how much of it is active. */
public final class PcoipPortal {
    /** A purchase. */
    public record Entitlement(String code, String feature, int count, LocalDate expires, Map<String, Integer> active) {
        public Entitlement {
            active = new TreeMap<>(active);
        }
    }

    /** The portal answers with an error instead of a response. */
    public static final class PortalException extends Exception {
        private static final long serialVersionUID = 1;

        PortalException(String message) {
            super(message);
        }
    }

    private final Clock clock;
    private final Map<String, Entitlement> entitlements = new TreeMap<>();
    private final AtomicLong numbers = new AtomicLong();

    public PcoipPortal(Clock clock) {
        this.clock = clock;
    }

    public synchronized Entitlement entitle(String code, String feature, int count, LocalDate expires) {
        var entitlement = new Entitlement(code, feature, count, expires, Map.of());
        entitlements.put(code, entitlement);
        return entitlement;
    }

    public synchronized Map<String, Entitlement> entitlements() {
        return new TreeMap<>(entitlements);
    }

    /** Sets the total that is active on a machine; what was active there before is free again. */
    synchronized Entitlement allocate(String code, int total, String hostId) throws PortalException {
        Entitlement entitlement = entitlements.get(code);
        if (entitlement == null) {
            throw new PortalException("ACTIVATION_ID_INVALID");
        }
        int elsewhere = entitlement.active.entrySet().stream()
                .filter(e -> !e.getKey().equals(hostId))
                .mapToInt(Map.Entry::getValue)
                .sum();
        if (elsewhere + total > entitlement.count) {
            throw new PortalException("ACTIVATION_ID_COUNT_EXCEEDED");
        }
        entitlement.active.put(hostId, total);
        return entitlement;
    }

    /** What uploading a request.bin downloads: a response.bin. */
    public byte[] respond(byte[] requestBin) throws PortalException {
        Request request = Request.read(requestBin);
        if (request == null) {
            throw new PortalException("INVALID_REQUEST: the file is no capability request, or is damaged");
        }
        Entitlement entitlement = allocate(request.code(), request.count(), request.hostId());
        return new Response(
                        request.hostId(),
                        request.hostUuid(),
                        clock.instant(),
                        PcoipMessages.LIFETIME,
                        request.code(),
                        request.count(),
                        entitlement.feature(),
                        entitlement.expires().toString(),
                        numbers.incrementAndGet())
                .bytes();
    }
}
