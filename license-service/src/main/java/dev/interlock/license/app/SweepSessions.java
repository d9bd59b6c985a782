package dev.interlock.license.app;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;

/** Releases sessions whose agent never said goodbye, if a greatest age is set, and forgets sessions and refusals of long ago. */
@Singleton
public class SweepSessions {
    private static final int BATCH = 500;

    private final Sessions sessions;
    private final ReleaseSession release;
    private final Denials denials;
    private final LicenseSettings settings;
    private final Clock clock;

    SweepSessions(Sessions sessions, ReleaseSession release, Denials denials, LicenseSettings settings, Clock clock) {
        this.sessions = sessions;
        this.release = release;
        this.denials = denials;
        this.settings = settings;
        this.clock = clock;
    }

    /** @return how many were released or forgotten; as many as a batch means that there may be more */
    @Transactional
    public int handle() {
        var now = clock.instant();
        var longAgo = now.minus(settings.sessionHistory());
        int done = Math.max(sessions.forget(longAgo, BATCH), denials.forget(longAgo, BATCH));
        var maxAge = settings.sessionMaxAge();
        if (maxAge != null) {
            var old = sessions.liveSince(now.minus(maxAge), BATCH);
            old.forEach(release::handle);
            done = Math.max(done, old.size());
        }
        return done;
    }

    /** The timer. */
    @Factory
    static class Timer {
        @Bean
        @Singleton
        RecurringTask<Void> sweepSessions(BeanProvider<SweepSessions> sweep) {
            return Tasks.recurring("sweep-sessions", FixedDelay.of(Duration.ofMinutes(1)))
                    .execute((instance, context) -> {
                        while (sweep.get().handle() >= BATCH) {
                            // the rest of a long backlog, each batch in its own transaction
                        }
                    });
        }
    }
}
