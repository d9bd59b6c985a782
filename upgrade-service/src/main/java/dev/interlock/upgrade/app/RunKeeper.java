package dev.interlock.upgrade.app;

import dev.interlock.platform.telemetry.TraceContext;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that every run that has to move is carried by some instance: takes those that nobody has a lease for, new ones as well as
 * those of an instance that died.
 */
@Singleton
public final class RunKeeper implements ApplicationEventListener<ServerStartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(RunKeeper.class);

    private final RunCarrier.Parts parts;
    private final Instance instance;
    private final Map<UUID, RunCarrier> carriers = new ConcurrentHashMap<>();
    private final Map<UUID, Thread> threads = new ConcurrentHashMap<>();
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile boolean stopping;
    private @Nullable Thread scanner;

    RunKeeper(
            Runs runs,
            MoveRun move,
            Estate estate,
            HostWork.Source hosts,
            RunMetrics metrics,
            EngineSettings settings,
            Clock clock,
            Instance instance,
            CheckInterlocks interlocks) {
        this.parts = new RunCarrier.Parts(
                runs, move, estate, hosts, new Semaphore(settings.mostHosts()), metrics, settings, clock, interlocks);
        this.instance = instance;
    }

    @Override
    public void onApplicationEvent(ServerStartupEvent event) {
        scanner = Thread.ofVirtual().name("run-keeper").start(this::scan);
    }

    /** A run was added, or moved by a person: does not wait for the next look. */
    public void wake(UUID runId) {
        RunCarrier carrier = carriers.get(runId);
        if (carrier != null) {
            carrier.wake();
        } else {
            wakeUps.release();
        }
    }

    /** What interlocks look at has changed: every run that is carried here is looked at again. */
    public void thingsChanged() {
        carriers.values().forEach(RunCarrier::thingsChanged);
    }

    private void scan() {
        while (!stopping) {
            try {
                for (UUID run : parts.runs().abandoned()) {
                    take(run);
                }
                wakeUps.tryAcquire(parts.settings().scan().toMillis(), TimeUnit.MILLISECONDS);
                wakeUps.drainPermits();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("cannot look for runs now: {}", e.toString());
                try {
                    TimeUnit.MILLISECONDS.sleep(parts.settings().scan().toMillis());
                } catch (InterruptedException stopped) {
                    return;
                }
            }
        }
    }

    private void take(UUID runId) {
        if (stopping || carriers.containsKey(runId)) {
            return;
        }
        OptionalLong epoch = parts.runs()
                .acquire(
                        runId,
                        instance.name(),
                        parts.settings().lease(),
                        parts.settings().mostRuns());
        if (epoch.isEmpty()) {
            return;
        }
        TraceContext trace = TraceContext.continuing(
                parts.runs().find(runId).map(Runs.StoredRun::traceparent).orElse(null));
        RunCarrier carrier = new RunCarrier(runId, parts);
        carriers.put(runId, carrier);
        parts.metrics().carries(carriers.size());
        threads.put(
                runId,
                Thread.ofVirtual()
                        .name("run-" + runId)
                        .start(() -> trace.run(() -> {
                            try {
                                carrier.run();
                            } finally {
                                carriers.remove(runId);
                                threads.remove(runId);
                                parts.metrics().carries(carriers.size());
                                // a person may have moved it while it came to rest
                                wakeUps.release();
                            }
                        })));
    }

    @PreDestroy
    void stop() throws InterruptedException {
        stopping = true;
        Thread scanning = scanner;
        if (scanning != null) {
            scanning.interrupt();
            scanning.join(2000);
        }
        carriers.values().forEach(RunCarrier::stop);
        for (Thread thread : threads.values()) {
            thread.join(5000);
        }
    }
}
