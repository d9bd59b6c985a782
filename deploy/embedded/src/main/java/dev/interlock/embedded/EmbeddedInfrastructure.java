package dev.interlock.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** PostgreSQL and Kafka side by side below one folder; as a program, in a JVM of its own that can be killed. */
public final class EmbeddedInfrastructure implements AutoCloseable {
    private final EmbeddedPostgres postgres;
    private final EmbeddedKafka kafka;

    private EmbeddedInfrastructure(EmbeddedPostgres postgres, EmbeddedKafka kafka) {
        this.postgres = postgres;
        this.kafka = kafka;
    }

    /** Starts both at the same time; if one cannot start, the other is stopped again. */
    public static EmbeddedInfrastructure start(EmbeddedPostgres.Options postgres, EmbeddedKafka.Options kafka) {
        var database = new FutureTask<>(() -> EmbeddedPostgres.start(postgres));
        Thread.ofPlatform().name("start-postgres").start(database);
        EmbeddedKafka broker;
        try {
            broker = EmbeddedKafka.start(kafka);
        } catch (RuntimeException e) {
            try {
                await(database).close();
            } catch (RuntimeException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        try {
            return new EmbeddedInfrastructure(await(database), broker);
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    private static EmbeddedPostgres await(FutureTask<EmbeddedPostgres> task) {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new EmbeddedException("PostgreSQL cannot be started: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedException("Interrupted while PostgreSQL was starting", e);
        }
    }

    public EmbeddedPostgres postgres() {
        return postgres;
    }

    public EmbeddedKafka kafka() {
        return kafka;
    }

    @Override
    public void close() {
        try {
            kafka.close();
        } finally {
            postgres.close();
        }
    }

    /**
     * {@code --data DIR [--postgres-port N] [--kafka-port N] [--controller-port N] [--durable] [--database NAME]…};
     * the password comes from the environment variable INTERLOCK_POSTGRES_PASSWORD. Prints {@code ready postgres=N
     * kafka=N} and runs until its standard input is closed or it is told to end. A problem is one line on standard
     * error that begins with {@code error: }, exit code 1; exit code 3: PostgreSQL ended by itself.
     */
    public static void main(String[] arguments) throws InterruptedException {
        Path data = null;
        int postgresPort = 0;
        int kafkaPort = 0;
        int controllerPort = 0;
        boolean durable = false;
        List<String> databases = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--data" -> data = Path.of(arguments[++i]);
                case "--postgres-port" -> postgresPort = Integer.parseInt(arguments[++i]);
                case "--kafka-port" -> kafkaPort = Integer.parseInt(arguments[++i]);
                case "--controller-port" -> controllerPort = Integer.parseInt(arguments[++i]);
                case "--database" -> databases.add(arguments[++i]);
                case "--durable" -> durable = true;
                default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
        if (data == null) {
            throw new IllegalArgumentException("--data is missing");
        }
        var password = System.getenv().getOrDefault("INTERLOCK_POSTGRES_PASSWORD", "interlock");
        try {
            var told = new CountDownLatch(1);
            var started = new AtomicReference<@Nullable EmbeddedInfrastructure>();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                told.countDown();
                var running = started.get();
                if (running == null) {
                    EmbeddedPostgres.endAll();
                } else {
                    running.close();
                }
            }));
            Thread.ofPlatform().daemon().name("parent-watch").start(EmbeddedInfrastructure::exitWhenInputEnds);
            var infrastructure = start(
                    new EmbeddedPostgres.Options(
                            data.resolve("postgres"), postgresPort, durable, password, 300, databases),
                    new EmbeddedKafka.Options(data.resolve("kafka"), kafkaPort, controllerPort, durable));
            started.set(infrastructure);
            Thread.ofPlatform().daemon().name("postgres-watch").start(() -> {
                infrastructure.postgres().onExit().join();
                if (told.getCount() > 0) {
                    System.err.println("error: PostgreSQL ended by itself");
                    Runtime.getRuntime().exit(3);
                }
            });
            System.out.println("ready postgres=" + infrastructure.postgres().port() + " kafka="
                    + infrastructure.kafka().port());
            told.await();
        } catch (RuntimeException e) {
            System.err.println("error: " + e.getMessage());
            Runtime.getRuntime().exit(1);
        }
    }

    /** The parent holds the other end of our standard input: when it dies, however it dies, so do we. */
    private static void exitWhenInputEnds() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException closed) {
            // the same as its end
        }
        Runtime.getRuntime().exit(0);
    }
}
