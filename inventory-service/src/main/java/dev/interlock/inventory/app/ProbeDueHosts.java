package dev.interlock.inventory.app;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.interlock.inventory.domain.ProbeOutcome;
import dev.interlock.platform.telemetry.LogFields;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes hosts that are due from the queue, as many as this instance has room for, and probes each on a virtual thread. Woken when
 * somebody asks for a probe, when a probe ends while more wait, and by a timer of the database. What an instance that dies had
 * taken is due again when its lease ends.
 */
@Singleton
public class ProbeDueHosts {

    private static final Logger LOG = LoggerFactory.getLogger(ProbeDueHosts.class);

    /** Longer than the slowest probe: two tries with all their time-outs, and the list of updates. */
    private static final Duration LEASE = Duration.ofMinutes(6);

    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(10);

    private final ProbeQueue queue;
    private final HostProbe probe;
    private final RecordProbe record;
    private final JudgeDeployment judge;
    private final InventorySettings settings;
    private final Clock clock;
    private final Semaphore room;
    private final AtomicBoolean moreWait = new AtomicBoolean();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("probe-", 0).factory());

    ProbeDueHosts(
            ProbeQueue queue,
            HostProbe probe,
            RecordProbe record,
            JudgeDeployment judge,
            InventorySettings settings,
            MeterRegistry meters,
            Clock clock) {
        this.queue = queue;
        this.probe = probe;
        this.record = record;
        this.judge = judge;
        this.settings = settings;
        this.clock = clock;
        int concurrency = settings.probe().concurrency();
        this.room = new Semaphore(concurrency);
        meters.gauge("interlock.probes.running", room, free -> concurrency - free.availablePermits());
    }

    /** Looks in the background. */
    public void wake() {
        try {
            threads.execute(this::handleSafely);
        } catch (RejectedExecutionException stopping) {
            // the next instance takes what is due
        }
    }

    /** @return how many hosts were taken */
    public int handle() {
        int taken = 0;
        int free = room.drainPermits();
        while (free > 0) {
            var now = clock.instant();
            var claims = List.<ProbeQueue.Claim>of();
            try {
                claims = queue.claim(now, now.plus(LEASE), free);
            } finally {
                room.release(free - claims.size());
            }
            moreWait.set(claims.size() == free);
            taken += claims.size();
            claims.forEach(this::start);
            free = claims.size() == free ? room.drainPermits() : 0;
        }
        if (taken == 0 && room.availablePermits() == 0) {
            moreWait.set(true);
        }
        return taken;
    }

    private void start(ProbeQueue.Claim claim) {
        try {
            threads.execute(() -> {
                try {
                    probe(claim);
                } finally {
                    room.release();
                    if (moreWait.get()) {
                        handleSafely();
                    }
                }
            });
        } catch (RejectedExecutionException stopping) {
            room.release();
            queue.giveBack(claim.host().id(), claim.startedAt(), claim.startedAt());
        }
    }

    private void probe(ProbeQueue.Claim claim) {
        var host = claim.host();
        try (var fields = LogFields.with("host", host.name())) {
            var outcome = probe.probe(host, claim.updatesWanted() || updatesAreDue(claim));
            record.handle(claim, outcome);
            judge(claim, outcome);
        } catch (RuntimeException e) {
            boolean stopping = threads.isShutdown();
            if (!stopping) {
                LOG.error("the probe of {} failed in Interlock itself and is tried again", host.name(), e);
            }
            giveBack(claim, stopping);
        }
    }

    /** What is missed here is made good by the next probe. */
    private void judge(ProbeQueue.Claim claim, ProbeOutcome outcome) {
        if (outcome instanceof ProbeOutcome.Read read) {
            try {
                judge.probed(claim.host().id(), read.registrations(), claim.startedAt());
            } catch (RuntimeException e) {
                LOG.warn(
                        "the deployments of {} were not judged after its probe: {}",
                        claim.host().name(),
                        e.toString());
            }
        }
    }

    private void giveBack(ProbeQueue.Claim claim, boolean atOnce) {
        try {
            var again = atOnce ? claim.startedAt() : clock.instant().plus(AFTER_A_FAULT);
            queue.giveBack(claim.host().id(), claim.startedAt(), again);
        } catch (RuntimeException e) {
            LOG.warn("{} is probed again when its lease ends: {}", claim.host().name(), e.toString());
        }
    }

    /** Not at first sight, which should be quick. */
    private boolean updatesAreDue(ProbeQueue.Claim claim) {
        var at = claim.host().updatesAt();
        if (at == null) {
            return claim.host().seen() != null;
        }
        return !at.plus(settings.probe().updatesEvery()).isAfter(claim.startedAt());
    }

    private void handleSafely() {
        try {
            handle();
        } catch (RuntimeException e) {
            LOG.warn("hosts that are due could not be taken; the timer tries again: {}", e.toString());
        }
    }

    @PreDestroy
    void stop() throws InterruptedException {
        threads.shutdownNow();
        if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
            LOG.warn("probes did not end in time; their hosts are due again when the leases end");
        }
    }

    /** The timers: what is due by the clock, and what is too old. */
    @Factory
    static class Timers {
        @Bean
        @Singleton
        RecurringTask<Void> probeDueHosts(BeanProvider<ProbeDueHosts> due) {
            return Tasks.recurring("probe-due-hosts", FixedDelay.of(Duration.ofSeconds(1)))
                    .execute((instance, context) -> due.get().handle());
        }

        @Bean
        @Singleton
        RecurringTask<Void> forgetFormerFacts(BeanProvider<ForgetFormerFacts> forget) {
            return Tasks.recurring("forget-former-facts", FixedDelay.of(Duration.ofHours(1)))
                    .execute((instance, context) -> {
                        while (forget.get().handle() >= ForgetFormerFacts.BATCH) {
                            // each batch in its own transaction
                        }
                    });
        }
    }
}
