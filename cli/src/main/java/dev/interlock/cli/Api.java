package dev.interlock.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.client.BrokenConnectionException;
import dev.interlock.client.CallInterruptedException;
import dev.interlock.client.ClientException;
import dev.interlock.client.Connection;
import dev.interlock.client.MalformedAnswerException;
import dev.interlock.client.Problem;
import dev.interlock.client.ProblemException;
import dev.interlock.client.TimedOutException;
import dev.interlock.client.UnreachableException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Set;

/** One service's REST API. Every answer but a success ends the command with the service's own words. */
final class Api {

    static final ObjectMapper JSON = new ObjectMapper();

    private final Service service;
    private final URI address;
    private final Connection connection;

    Api(Service service, URI address, String token) {
        this.service = service;
        this.address = address;
        this.connection = Connection.to(address, () -> token);
    }

    Connection connection() {
        return connection;
    }

    /** What a person is told. */
    Failure failure(ClientException failure) {
        return switch (failure) {
            case ProblemException refused -> refused(refused.status(), refused.problem());
            case UnreachableException _ -> unreachable();
            case TimedOutException _ ->
                new Failure(
                        Failure.UNREACHABLE,
                        "The " + service.word() + " service at " + address
                                + " did not answer in time. Whether it did what was"
                                + " asked is not known: look, then try again.");
            case BrokenConnectionException broken -> {
                Throwable cause = broken.getCause();
                yield new Failure(
                        Failure.UNREACHABLE,
                        "The connection to the " + service.word() + " service at " + address + " broke: "
                                + (cause == null ? "" : cause.getMessage())
                                + ". Look at `./interlock status` and its log.");
            }
            case MalformedAnswerException _ ->
                new Failure(
                        Failure.DEFECT,
                        "The answer of " + address + " is not JSON: is that Interlock's " + service.word()
                                + " service?");
            case CallInterruptedException _ -> interrupted();
        };
    }

    static Failure interrupted() {
        return new Failure(130, "Interrupted.");
    }

    Failure unreachable() {
        return new Failure(
                Failure.UNREACHABLE,
                "The " + service.word() + " service does not answer at " + address
                        + ". Start it with `./interlock up`, or say where it is with --" + service.word() + "-url or "
                        + service.variable() + ".");
    }

    private Failure refused(int status, Problem told) {
        JsonNode problem = told.json();
        if (status == 401) {
            return new Failure(
                    Failure.NO_TOKEN,
                    "The " + service.word() + " service does not accept the token: it is of another installation or has"
                            + " expired. Name another one with --token-file, --as or INTERLOCK_TOKEN_FILE.",
                    problem.isEmpty() ? null : problem);
        }
        if (told.title() == null) {
            return new Failure(
                    Failure.REFUSED,
                    "The " + service.word() + " service at " + address + " answered " + status
                            + " without saying why.");
        }
        var sentence = new StringBuilder(told.title());
        sentence.append(" (").append(status);
        if (told.name() != null) {
            sentence.append(' ').append(told.name());
        }
        sentence.append(')');
        line(sentence, "", problem.path("detail"));
        problem.fields().forEachRemaining(field -> {
            if (!STANDARD.contains(field.getKey())) {
                line(sentence, field.getKey() + ": ", field.getValue());
            }
        });
        line(sentence, "next: ", problem.path("next"));
        return new Failure(Failure.REFUSED, sentence.toString(), problem);
    }

    private static final Set<String> STANDARD = Set.of("type", "title", "status", "detail", "next", "instance");

    private static void line(StringBuilder text, String label, JsonNode value) {
        if (value.isArray()) {
            value.forEach(each -> line(text, label, each));
        } else if (value.isObject()
                && value.path("reason").isTextual()
                && value.path("next").isTextual()) {
            text.append("\n  ")
                    .append(value.path("clause").asText())
                    .append(": ")
                    .append(value.path("reason").asText());
            text.append("\n    next: ").append(value.path("next").asText());
        } else if (value.isObject()) {
            var parts = new ArrayList<String>();
            value.fields()
                    .forEachRemaining(part ->
                            parts.add(part.getKey() + " " + part.getValue().asText()));
            text.append("\n  ").append(label).append(String.join(", ", parts));
        } else if (!value.isMissingNode() && !value.isNull()) {
            text.append("\n  ").append(label).append(value.asText());
        }
    }
}
