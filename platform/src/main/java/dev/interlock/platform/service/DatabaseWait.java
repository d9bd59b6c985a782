package dev.interlock.platform.service;

import io.micronaut.context.env.Environment;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service that starts together with its database waits for it, but not for ever. */
final class DatabaseWait {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseWait.class);
    private static final long PAUSE_MILLIS = 250;

    private DatabaseWait() {}

    static void await(Environment environment) {
        var url = environment.getProperty("datasources.default.url", String.class);
        if (url.isEmpty()
                || !environment
                        .getProperty("datasources.default.enabled", Boolean.class)
                        .orElse(true)) {
            return;
        }
        var wait = environment
                .getProperty("interlock.start.database-wait", Duration.class)
                .orElse(Duration.ofSeconds(60));
        var login = new Properties();
        environment
                .getProperty("datasources.default.username", String.class)
                .ifPresent(user -> login.setProperty("user", user));
        environment
                .getProperty("datasources.default.password", String.class)
                .ifPresent(password -> login.setProperty("password", password));
        login.setProperty("connectTimeout", "5");
        login.setProperty("loginTimeout", "10");
        long deadline = System.nanoTime() + wait.toNanos();
        boolean told = false;
        while (true) {
            try (Connection ignored = DriverManager.getConnection(url.get(), login)) {
                return;
            } catch (SQLException e) {
                if (isRefusal(e) || System.nanoTime() >= deadline) {
                    throw new StartFailure(
                            StartFailure.Reason.DATABASE_UNREACHABLE,
                            "Cannot reach the database at " + withoutParameters(url.get())
                                    + (isRefusal(e) ? ": " : " within " + wait.toSeconds() + " s: ") + e.getMessage()
                                    + ". Check datasources.default.url, username and password, and that PostgreSQL runs.",
                            e,
                            true);
                }
                if (!told) {
                    LOG.info("waiting for the database at {}: {}", withoutParameters(url.get()), e.getMessage());
                    told = true;
                }
            }
            pause();
        }
    }

    /** Wrong password, unknown role or database: waiting does not help. */
    private static boolean isRefusal(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("28") || state.startsWith("3D"));
    }

    /** A password may stand in the parameters. */
    private static String withoutParameters(String url) {
        int question = url.indexOf('?');
        return question < 0 ? url : url.substring(0, question);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure(StartFailure.Reason.OTHER, "Interrupted while waiting for the database.", e, true);
        }
    }
}
