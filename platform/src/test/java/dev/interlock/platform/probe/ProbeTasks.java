package dev.interlock.platform.probe;

import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A timer of the probe, and what it was told by those that have run in this JVM. */
@Factory
public class ProbeTasks {

    /** The data of one timer. */
    public record Note(String text) {}

    public static final List<String> RUN = new CopyOnWriteArrayList<>();

    @Singleton
    OneTimeTask<Note> remember() {
        return Tasks.oneTime("remember", Note.class)
                .execute((instance, context) -> RUN.add(instance.getData().text()));
    }
}
