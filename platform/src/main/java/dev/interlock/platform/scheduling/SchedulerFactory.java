package dev.interlock.platform.scheduling;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.serializer.JacksonSerializer;
import com.github.kagkarlsson.scheduler.task.OnStartup;
import com.github.kagkarlsson.scheduler.task.Task;
import io.micronaut.context.BeanContext;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import javax.sql.DataSource;

/**
 * db-scheduler on the service's own database, with every bean of type {@link Task}. Tasks run on virtual threads, each at
 * least once: db-scheduler removes the row after the task's own transaction. Task data is JSON.
 */
@Factory
@Requires(beans = DataSource.class)
final class SchedulerFactory {

    /**
     * Only that which runs the tasks; to schedule, inject {@link SchedulerClient}, so that a task may depend on what
     * schedules it.
     */
    @Singleton
    @Bean(typed = Scheduler.class)
    Scheduler scheduler(
            BeanContext beans,
            DataSource database,
            TransactionOperations<Connection> transactions,
            Clock clock,
            SchedulerSettings settings,
            @Property(name = "micronaut.application.name", defaultValue = "interlock") String application,
            @Property(name = "interlock.instance", defaultValue = "") String instance) {
        var known = new ArrayList<Task<?>>();
        var atStart = new ArrayList<Task<?>>();
        for (Task<?> task : beans.getBeansOfType(Task.class)) {
            (task instanceof OnStartup ? atStart : known).add(task);
        }
        var name = application + "/" + (instance.isEmpty() ? UUID.randomUUID() : instance);
        var soon = new RunAfterCommit(transactions, clock);
        var scheduler = startTasks(Scheduler.create(new TransactionDataSource(database, transactions), known), atStart)
                .schedulerName(new SchedulerName.Fixed(name))
                .jdbcCustomization(new PostgreSqlJdbcCustomization(false, false))
                .serializer(new JacksonSerializer())
                .clock(clock::instant)
                .pollingInterval(settings.pollingInterval())
                .pollUsingLockAndFetch(0.5, 1.0)
                .heartbeatInterval(settings.heartbeat())
                .missedHeartbeatsLimit(4)
                .threads(settings.threads())
                .executorService(Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("task-", 0).factory()))
                .shutdownMaxWait(settings.stopWait())
                .addSchedulerListener(soon)
                .build();
        soon.of(scheduler);
        return scheduler;
    }

    @Singleton
    @Primary
    SchedulerClient schedulerClient(BeanProvider<Scheduler> scheduler) {
        return (SchedulerClient) Proxy.newProxyInstance(
                SchedulerClient.class.getClassLoader(),
                new Class<?>[] {SchedulerClient.class},
                (proxy, method, args) -> {
                    try {
                        return method.invoke(scheduler.get(), args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static com.github.kagkarlsson.scheduler.SchedulerBuilder startTasks(
            com.github.kagkarlsson.scheduler.SchedulerBuilder builder, List<Task<?>> tasks) {
        return builder.startTasks((List) tasks);
    }
}
