package dev.interlock.edge.proxy;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the open streams of events, in all and of each session, so that a page gone wild cannot take all of them. */
@Singleton
class Streams {

    private final Limits limits;
    private final ConcurrentHashMap<String, Integer> ofSession = new ConcurrentHashMap<>();
    private final AtomicInteger all = new AtomicInteger();

    Streams(Limits limits, MeterRegistry meters) {
        this.limits = limits;
        meters.gauge("interlock.edge.streams", all);
    }

    /** Whether there was room for one more. */
    sealed interface Outcome {
        /** Give it back once; more often does no harm. */
        record Taken(Runnable giveBack) implements Outcome {}

        /** @param most how many there may be */
        record TooMany(int most, boolean ofThisSession) implements Outcome {}
    }

    Outcome take(String session) {
        if (all.incrementAndGet() > limits.streams()) {
            all.decrementAndGet();
            return new Outcome.TooMany(limits.streams(), false);
        }
        int now = ofSession.merge(session, 1, Integer::sum);
        var held = new AtomicBoolean(true);
        Runnable giveBack = () -> {
            if (held.getAndSet(false)) {
                all.decrementAndGet();
                ofSession.computeIfPresent(session, (name, count) -> count == 1 ? null : count - 1);
            }
        };
        if (now > limits.streamsPerSession()) {
            giveBack.run();
            return new Outcome.TooMany(limits.streamsPerSession(), true);
        }
        return new Outcome.Taken(giveBack);
    }
}
