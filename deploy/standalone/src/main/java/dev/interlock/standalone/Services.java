package dev.interlock.standalone;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.agent.AgentMonitor;
import dev.interlock.edge.Edge;
import dev.interlock.inventory.InventoryService;
import dev.interlock.license.LicenseService;
import dev.interlock.upgrade.UpgradeService;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** One or more services in this JVM, each with an application context of its own; a program for the supervisor. */
public final class Services {
    private Services() {}

    /** {@code <orders.json>}: service → its properties. Runs until its standard input ends or it is told to end. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        Map<String, Map<String, Object>> orders =
                new ObjectMapper().readValue(Path.of(arguments[0]).toFile(), new TypeReference<>() {});
        var running = new CopyOnWriteArrayList<ApplicationContext>();
        var told = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            told.countDown();
            closeAll(running);
        }));
        Thread.ofPlatform().daemon().name("parent-watch").start(Services::exitWithParent);
        var starts = new LinkedHashMap<String, FutureTask<ApplicationContext>>();
        orders.forEach((service, properties) -> {
            var start = new FutureTask<>(() -> start(service, properties));
            starts.put(service, start);
            Thread.ofPlatform().name("start-" + service).start(start);
        });
        for (var start : starts.values()) {
            try {
                running.add(start.get());
            } catch (ExecutionException e) {
                var cause = e.getCause() == null ? e : e.getCause();
                System.err.println("error: " + cause.getMessage());
                Runtime.getRuntime().exit(1);
            }
        }
        told.await();
    }

    private static ApplicationContext start(String service, Map<String, Object> properties) {
        return switch (Part.ofWord(service)) {
            case CONSOLE -> Edge.start(properties);
            case INVENTORY -> InventoryService.start(properties);
            case LICENSE -> LicenseService.start(properties);
            case UPGRADE -> UpgradeService.start(properties);
            case AGENT -> AgentMonitor.start(properties);
            case POSTGRES, KAFKA, KAFKA_CONTROLLER -> throw new IllegalArgumentException(service + " is not a service");
        };
    }

    private static void closeAll(List<ApplicationContext> running) {
        var closing = new ArrayList<Thread>();
        for (var context : running) {
            closing.add(Thread.ofPlatform().start(context::close));
        }
        for (var thread : closing) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** The supervisor holds the other end of our standard input: when it dies, however it dies, so do we. */
    static void exitWithParent() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException closed) {
            // the same as its end
        }
        Runtime.getRuntime().exit(0);
    }
}
