package dev.interlock.platform.health;

import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthResult;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A question to something outside, asked at most once at a time: while one hangs, everybody gets "no answer", and no second thread
 * and connection hang with it.
 */
final class Question {

    private record Answer(HealthResult result, long at) {}

    private final String name;
    private final HealthSettings settings;
    private final Callable<Map<String, Object>> ask;
    private @Nullable FutureTask<Map<String, Object>> asking;
    private @Nullable Answer last;

    /** @param ask returns details if all is well, throws if not */
    Question(String name, HealthSettings settings, Callable<Map<String, Object>> ask) {
        this.name = name;
        this.settings = settings;
        this.ask = ask;
    }

    Publisher<HealthResult> answer() {
        return Mono.fromCallable(this::now).subscribeOn(Schedulers.boundedElastic());
    }

    HealthResult now() throws InterruptedException {
        FutureTask<Map<String, Object>> task;
        synchronized (this) {
            if (last != null && System.nanoTime() - last.at() < settings.keep().toNanos()) {
                return last.result();
            }
            if (asking == null || asking.isDone()) {
                asking = new FutureTask<>(ask);
                Thread.ofVirtual().name("health-" + name).start(asking);
            }
            task = asking;
        }
        HealthResult result;
        try {
            var details = task.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
            result =
                    HealthResult.builder(name, HealthStatus.UP).details(details).build();
        } catch (TimeoutException late) {
            result = down("no answer within " + settings.timeout().toMillis() + " ms");
        } catch (ExecutionException failed) {
            result = down(String.valueOf(failed.getCause()));
        }
        synchronized (this) {
            last = new Answer(result, System.nanoTime());
        }
        return result;
    }

    private HealthResult down(String why) {
        return HealthResult.builder(name, HealthStatus.DOWN)
                .details(Map.of("reason", why))
                .build();
    }
}
