package dev.interlock.license.domain;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a license server's own machine says when it does not answer.
 *
 * @param active whether its service is active, as systemd says
 * @param log last lines, newest last; empty when there is no log
 */
public record LogReading(String active, List<String> log) {
    public LogReading {
        // L89: a dark site cannot reach the vendor, and need not
        log = log.stream()
                .filter(line -> !line.toLowerCase(Locale.ROOT).contains("unable to connect to compliance"))
                .toList();
    }

    /** The line that says so (L9); null if none does. */
    public @Nullable String storageCorrupted() {
        return active.equals("active")
                ? null
                : last(line -> line.contains("trusted storage") && line.contains("corrupt"));
    }

    /** More than 'connection refused' tells; null when it adds nothing. */
    public @Nullable String cause() {
        var corrupted = storageCorrupted();
        if (corrupted != null) {
            return "trusted storage is corrupted: " + corrupted;
        }
        var https = last(line -> line.contains("not been configured for https"));
        if (https != null) {
            return "it has not been configured for HTTPS: " + https;
        }
        if (!active.equals("active")) {
            return "its service is " + active
                    + (log.isEmpty()
                            ? " and has no log: see journalctl -u flexnetls-TERADICI"
                            : "; its log ends with: " + log.getLast());
        }
        return "its service is active, so the port is closed or another one, or it is still starting";
    }

    private @Nullable String last(Predicate<String> says) {
        return log.reversed().stream()
                .filter(line -> says.test(line.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse(null);
    }
}
