package dev.interlock.platform.service;

import dev.interlock.contracts.Channel;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.micronaut.runtime.server.EmbeddedServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts one service as one application context. Several may live in one JVM: each sees only the beans of its own
 * package, its own {@code <service>/application.yml} and the shared {@code platform/application.yml} below it.
 *
 * <p>From strong to weak: the overrides, command line arguments, system properties, environment variables (only when the
 * service has the JVM to itself), the service's file, the shared file.
 */
public final class ServiceRunner {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceRunner.class);

    private ServiceRunner() {}

    /**
     * Starts a service and returns when it answers requests. Close the context to stop it.
     *
     * @param service {@code inventory}, {@code license}, {@code upgrade} or {@code agent}; its package-info asks for
     *     {@code interlock.service} to be this
     * @param main the service's class, whose class loader is used
     * @throws StartFailure with one sentence for people, if a port is taken, the database cannot be reached, a migration
     *     fails, …
     */
    public static ApplicationContext start(String service, Class<?> main, Map<String, Object> overrides) {
        return start(service, main, overrides, false);
    }

    /** Runs a service for as long as the process lives. Says in one sentence why it cannot, and exits with a code for it. */
    public static void main(String service, Class<?> main, String... args) {
        var stopped = new CountDownLatch(1);
        try {
            var context = start(service, main, arguments(args), true);
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                        context.close();
                        stopped.countDown();
                    }));
            stopped.await();
        } catch (StartFailure e) {
            LOG.error("{}", e.getMessage(), e.isExplained() ? null : e);
            System.exit(e.reason().exitCode());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ApplicationContext start(
            String service, Class<?> main, Map<String, Object> overrides, boolean ownProcess) {
        long begin = System.nanoTime();
        var properties = new HashMap<String, Object>();
        properties.put("interlock.service", service);
        properties.put("micronaut.application.name", applicationName(service));
        properties.putAll(overrides);
        var context = ApplicationContext.builder()
                .mainClass(main)
                .classLoader(main.getClassLoader())
                .banner(false)
                .deduceEnvironment(false)
                .environmentPropertySource(ownProcess)
                // the first location wins
                .overrideConfigLocations("classpath:" + service + "/", "classpath:platform/")
                .propertySources(PropertySource.of("interlock-overrides", properties, Integer.MAX_VALUE))
                .build();
        String port = "8080";
        try {
            context.getEnvironment().start();
            // a context whose server does not start is closed, and forgets its properties
            port = context.getProperty("micronaut.server.port", String.class).orElse(port);
            DatabaseWait.await(context.getEnvironment());
            context.start();
            var server = context.getBean(EmbeddedServer.class).start();
            LOG.info(
                    "{} is ready at {} ({} ms)",
                    applicationName(service),
                    server.getURL(),
                    Duration.ofNanos(System.nanoTime() - begin).toMillis());
            return context;
        } catch (Throwable e) {
            var failure = StartFailure.explain(applicationName(service), port, e);
            try {
                context.close();
            } catch (RuntimeException onClose) {
                failure.addSuppressed(onClose);
            }
            throw failure;
        }
    }

    /** {@code upgrade} is {@code upgrade-service}: the name under which it publishes. */
    static String applicationName(String service) {
        return Arrays.stream(Channel.values())
                .filter(channel -> channel.domain().equals(service))
                .map(Channel::service)
                .findFirst()
                .orElse(service);
    }

    private static Map<String, Object> arguments(String... args) {
        var properties = new HashMap<String, Object>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (!arg.startsWith("--") || equals < 3) {
                throw new StartFailure(
                        StartFailure.Reason.OTHER,
                        "Do not know what '" + arg + "' means: properties are given as --name=value.",
                        null,
                        true);
            }
            properties.put(arg.substring(2, equals), arg.substring(equals + 1));
        }
        return properties;
    }
}
