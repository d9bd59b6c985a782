package dev.interlock.platform.scheduling;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;

/** Tasks run from when all else is there until the service begins to stop. */
@Singleton
@Requires(beans = Scheduler.class)
@Requires(property = "interlock.scheduler.enabled", notEquals = "false")
class SchedulerLifecycle {

    private final Scheduler scheduler;

    SchedulerLifecycle(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @EventListener
    void onStartup(StartupEvent event) {
        scheduler.start();
    }

    @EventListener
    void onShutdown(ShutdownEvent event) {
        stop();
    }

    @PreDestroy
    void stop() {
        if (scheduler.getSchedulerState().isStarted()
                && !scheduler.getSchedulerState().isShuttingDown()) {
            scheduler.stop();
        }
    }
}
