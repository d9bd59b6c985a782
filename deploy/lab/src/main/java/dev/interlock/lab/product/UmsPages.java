package dev.interlock.lab.product;

import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.Site;
import dev.interlock.lab.machine.Unit;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a UMS server answers over HTTP. The fields {@code mode}, {@code activeDataSource} and {@code schemaVersion} are assumed. */
final class UmsPages implements Site {
    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final Duration INITIALISES = Duration.ofSeconds(3);
    private static final long CLOCK_LIMIT_SECONDS = 60; // G5

    private final UmsNode node;
    private @Nullable Status kept;

    /** A status is kept for a minute, as the vendor says. */
    private record Status(String word, @Nullable UUID invocation, long untilNanos) {}

    UmsPages(UmsNode node) {
        this.node = node;
    }

    @Override
    public Reply answer(Request request) {
        Unit unit = node.machine().units().find(UmsNode.SERVER);
        if (unit == null || unit.running() == null) {
            return new Reply(503, "text/plain", "");
        }
        return switch (request.path()) {
            case "/ums/check-status" -> json("{\"status\":\"" + status(unit) + "\"}");
            case "/umsapi/v3/serverstatus" -> json(serverStatus(unit));
            case "/version" -> new Reply(200, "text/plain", unit.running() + "\n");
            default -> new Reply(404, "text/plain", "HTTP Status 404 – Not Found\n");
        };
    }

    private static Reply json(String body) {
        return new Reply(200, "application/json", body);
    }

    private synchronized String status(Unit unit) {
        Status last = kept;
        if (last != null
                && java.util.Objects.equals(last.invocation, unit.invocation())
                && System.nanoTime() - last.untilNanos < 0) {
            return last.word;
        }
        String word = look(unit);
        if (!word.equals("init")) {
            kept = new Status(
                    word,
                    unit.invocation(),
                    System.nanoTime() + node.machine().scaled(KEPT).toNanos());
        }
        return word;
    }

    private String look(Unit unit) {
        Machine machine = node.machine();
        var started = unit.startedAt();
        var ready = unit.file().listens().plus(INITIALISES);
        if (started != null && machine.now().isBefore(started.plus(machine.scaled(ready)))) {
            return "init";
        }
        if (node.inUpdateMode()) {
            return "warn";
        }
        try {
            if (!node.cluster()
                    .database()
                    .schemaVersion()
                    .equals(UmsDatabase.majorMinor(String.valueOf(unit.running())))) {
                return "err";
            }
        } catch (SQLException e) {
            return "err";
        }
        return Math.abs(machine.faults().number(Fault.CLOCK)) > CLOCK_LIMIT_SECONDS ? "warn" : "ok";
    }

    private String serverStatus(Unit unit) {
        UmsNode.Copy copy = node.copy();
        String schema;
        try {
            schema = "\""
                    + (copy == null
                            ? node.cluster().database().schemaVersion()
                            : UmsDatabase.majorMinor(String.valueOf(unit.running())))
                    + "\"";
        } catch (SQLException e) {
            schema = "null";
        }
        return """
                {"rmGuiServerVersion":"%s","buildNumber":"%s","serverUUID":"%s","server":"%s:8443","mode":"%s","activeDataSource":%d,"schemaVersion":%s}\
                """.formatted(
                        unit.running(),
                        String.valueOf(unit.running()).replace(".", ""),
                        node.processId(),
                        node.host(),
                        copy == null ? "normal" : "update",
                        copy == null ? 1 : 2,
                        schema);
    }
}
