package dev.interlock.platform.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the audit log is as it was written. The whole chain is computed anew every {@code interlock.audit.verify-every}. */
@Context
@Requires(beans = {VerifyAuditLog.class, MeterRegistry.class})
class AuditGauges {

    private static final Logger LOG = LoggerFactory.getLogger(AuditGauges.class);

    private record Look(VerifyAuditLog.Outcome outcome, Instant at) {}

    private final VerifyAuditLog verification;
    private final Clock clock;
    private volatile @Nullable Look last;

    AuditGauges(VerifyAuditLog verification, MeterRegistry meters, Clock clock) {
        this.verification = verification;
        this.clock = clock;
        Gauge.builder("interlock.audit.intact", this::intact)
                .description("1 if the audit log's chain was unbroken when it was last computed, 0 if it was broken")
                .register(meters);
        Gauge.builder("interlock.audit.rows", this::rows)
                .description("entries of the audit log that fit the chain when it was last computed")
                .register(meters);
        Gauge.builder("interlock.audit.verified.age", this::ageSeconds)
                .description("how long ago the audit log's chain was last computed")
                .baseUnit("seconds")
                .register(meters);
    }

    @Scheduled(initialDelay = "3s", fixedDelay = "${interlock.audit.verify-every:1h}")
    void verify() {
        try {
            var outcome = verification.verify();
            if (!outcome.intact()) {
                LOG.error("ALARM: the audit log is broken at row {}: {}", outcome.brokenAt(), outcome.problem());
            }
            last = new Look(outcome, clock.instant());
        } catch (RuntimeException e) {
            LOG.warn("the audit log's chain could not be computed: {}", e.toString());
        }
    }

    private double intact() {
        var look = last;
        return look == null ? Double.NaN : look.outcome().intact() ? 1 : 0;
    }

    private double rows() {
        var look = last;
        return look == null ? Double.NaN : look.outcome().rows();
    }

    private double ageSeconds() {
        var look = last;
        return look == null
                ? Double.NaN
                : Duration.between(look.at(), clock.instant()).toMillis() / 1000.0;
    }
}
