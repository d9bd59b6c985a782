package dev.interlock.platform.messaging;

import dev.interlock.platform.audit.Audited;
import dev.interlock.platform.http.Page;
import dev.interlock.platform.problem.Problem;
import dev.interlock.platform.problem.ProblemException;
import dev.interlock.platform.security.MayAdminister;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** What this service could not handle: to see, and to handle again once the cause is mended. */
@Controller("/api/v1/dead-letters")
@Requires(beans = {DeadLetters.class, KafkaDeliveries.class})
@MayAdminister
@Tag(name = "dead letters")
class DeadLettersController {

    private final DeadLetters deadLetters;
    private final Listeners listeners;
    private final ReentrantLock one = new ReentrantLock();

    DeadLettersController(DeadLetters deadLetters, Listeners listeners) {
        this.deadLetters = deadLetters;
        this.listeners = listeners;
    }

    /** @param topic the topic that the records came from; all if absent */
    @Get
    @Operation(
            operationId = "listDeadLetters",
            summary = "List the pending dead letters",
            description = "There is no next page: replay, or read the dead letter topic for more.")
    Page<DeadLetter> list(@QueryValue @Nullable String topic, @QueryValue @Nullable Integer limit) {
        int most = Page.limit(limit);
        var letters = new ArrayList<DeadLetter>();
        try {
            for (String each : topic == null ? deadLetters.topics() : List.of(existing(topic))) {
                if (letters.size() < most) {
                    letters.addAll(deadLetters.list(each, most - letters.size()));
                }
            }
        } catch (KafkaException e) {
            throw unavailable(e);
        }
        return new Page<>(letters, null);
    }

    /**
     * What a replay did.
     *
     * @param delivered handled now, or already before; no longer pending
     * @param failed still pending, with their new reasons
     */
    record DeadLettersReplayed(String topic, int delivered, int failed) {}

    /** @param topic the topic that the records came from */
    @Post("/replay")
    @Audited("dead-letters.replay")
    @Operation(
            operationId = "replayDeadLetters",
            summary = "Give all pending dead letters of a topic to this service's handler again, in their order")
    DeadLettersReplayed replay(@QueryValue String topic) {
        var listener = listeners
                .of(deadLetters.consumer(), topic)
                .orElseThrow(() -> ProblemException.notFound("listener of this service for the topic", topic));
        if (!one.tryLock()) {
            throw ProblemException.conflict(
                    "replay-running",
                    "A replay is running",
                    "Another replay of this service's dead letters has not ended.",
                    "Wait for it, then look at the list.");
        }
        // on a thread of its own: each letter needs its own transaction, not that of the audit log
        try (ExecutorService worker = Executors.newVirtualThreadPerTaskExecutor()) {
            var dead = existing(topic);
            var replay = worker.submit(() -> deadLetters.replay(dead, record -> listeners.call(listener, record)))
                    .get();
            return new DeadLettersReplayed(topic, replay.delivered(), replay.failed());
        } catch (ExecutionException e) {
            throw unavailable(e.getCause());
        } catch (KafkaException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        } finally {
            one.unlock();
        }
    }

    private String existing(String topic) {
        var dead = DeadLetter.deadLetterTopic(topic, deadLetters.consumer());
        if (!deadLetters.topics().contains(dead)) {
            throw ProblemException.notFound("dead letter of the topic", topic);
        }
        return dead;
    }

    private static ProblemException unavailable(@Nullable Throwable cause) {
        return new ProblemException(
                Problem.of("dead-letters-unavailable", 503, "The dead letters cannot be reached or handled now")
                        .detail("Kafka or the database does not answer; letters that are not yet handled stay pending.")
                        .next("Try again when GET /health/readiness says UP."),
                cause);
    }
}
