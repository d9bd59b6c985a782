package dev.interlock.platform.scheduling;

import static dev.interlock.platform.probe.Probe.inTransaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.interlock.platform.probe.Probe;
import dev.interlock.platform.probe.ProbeTasks;
import dev.interlock.platform.probe.ProbeTasks.Note;
import dev.interlock.testkit.TestInfrastructure;
import io.micronaut.context.ApplicationContext;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchedulerTest {

    final String mark = UUID.randomUUID().toString();
    final List<ApplicationContext> running = new ArrayList<>();
    Map<String, Object> properties = Map.of();

    @BeforeEach
    void fresh() {
        properties = Probe.fresh(TestInfrastructure.get());
    }

    @AfterEach
    void close() {
        running.forEach(ApplicationContext::close);
    }

    ApplicationContext service(Object... more) {
        var service = Probe.start(Probe.with(properties, more));
        running.add(service);
        return service;
    }

    @Test
    void aTaskScheduledInATransactionRunsRightAfterItsCommit() {
        var service = service("interlock.scheduler.polling-interval", "1h");
        inTransaction(service, connection -> {
            schedule(service, "now");
            assertThat(run()).isEmpty();
            return 1;
        });
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(run()).containsExactly(mark + "now"));
    }

    @Test
    void aTaskScheduledInATransactionThatIsRolledBackIsNotThere() {
        var service = service();
        assertThatThrownBy(() -> inTransaction(service, connection -> {
                    schedule(service, "undone");
                    throw new IllegalStateException("stop");
                }))
                .hasStackTraceContaining("stop");
        schedule(service, "done");
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(run()).containsExactly(mark + "done"));
        await().untilAsserted(() -> assertThat(scheduled(service)).isZero());
    }

    @Test
    void ofTwoInstancesOneRunsATask() {
        var first = service();
        service();
        IntStream.range(0, 60).forEach(i -> schedule(first, "-" + i));
        await().atMost(Duration.ofSeconds(10)).until(() -> run().size() >= 60);
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        assertThat(run()).hasSize(60).doesNotHaveDuplicates();
    }

    @Test
    void aTimerOutlivesTheInstanceThatSetIt() {
        var first = service("interlock.scheduler.enabled", false);
        schedule(first, "later");
        first.close();
        assertThat(run()).isEmpty();
        service();
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(run()).containsExactly(mark + "later"));
    }

    private static int scheduled(ApplicationContext service) {
        return inTransaction(service, connection -> {
            try (var select = connection.prepareStatement(
                            "SELECT count(*) FROM scheduled_tasks WHERE task_name = 'remember'");
                    var row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void schedule(ApplicationContext service, String text) {
        service.getBean(SchedulerClient.class)
                .scheduleIfNotExists(new TaskInstance<>("remember", mark + text, new Note(mark + text)), Instant.now());
    }

    private List<String> run() {
        return ProbeTasks.RUN.stream().filter(each -> each.startsWith(mark)).toList();
    }
}
