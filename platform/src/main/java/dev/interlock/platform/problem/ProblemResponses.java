package dev.interlock.platform.problem;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.interlock.platform.telemetry.TraceContext;
import io.micronaut.core.convert.exceptions.ConversionErrorException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.exceptions.BufferLengthExceededException;
import io.micronaut.http.exceptions.ContentLengthExceededException;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.micronaut.security.authentication.AuthorizationException;
import io.micronaut.web.router.exceptions.UnsatisfiedRouteException;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where an error of the framework becomes an answer. Nothing of an unexpected error goes out but an id, under which
 * the log has it.
 */
@Singleton
public final class ProblemResponses implements ErrorResponseProcessor<Object> {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemResponses.class);

    /** One wrong field of a request: where, and what is wrong with it. */
    public record Field(String field, String problem) {}

    @Override
    @SuppressWarnings("unchecked")
    public MutableHttpResponse<Object> processResponse(ErrorContext context, MutableHttpResponse<?> response) {
        var request = context.getRequest();
        var problem = problem(request, response, context);
        var answer = (MutableHttpResponse<Object>) response.status(problem.status());
        if (problem.status() == 401) {
            answer.getHeaders().remove(HttpHeaders.WWW_AUTHENTICATE);
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        if (request.getMethod() == HttpMethod.HEAD) {
            return answer;
        }
        return answer.contentType(Problems.TYPE).body(problem.body(request.getPath()));
    }

    private static Problem problem(HttpRequest<?> request, MutableHttpResponse<?> response, ErrorContext context) {
        var cause = context.getRootCause().orElse(null);
        for (Throwable at = cause; at != null; at = at.getCause()) {
            var known = known(request, at);
            if (known != null) {
                return known;
            }
        }
        int status = response.code();
        return status >= 500 ? unexpected(request, status, cause) : byStatus(request, response, status);
    }

    private static @Nullable Problem known(HttpRequest<?> request, Throwable cause) {
        return switch (cause) {
            case ProblemException ours -> ours.problem();
            case AuthorizationException denied -> denied.isForbidden() ? forbidden() : unauthenticated(request);
            case ConstraintViolationException invalid -> invalid(fields(invalid));
            case UnrecognizedPropertyException unknown ->
                Problem.of("unknown-field", 400, "The request has an unknown field")
                        .detail("There is no field \"" + path(unknown) + "\".")
                        .next("Remove it or correct its name; /openapi shows the fields there are.")
                        .with("fields", List.of(new Field(path(unknown), "unknown field")));
            case JsonParseException malformed -> malformed("at " + place(malformed));
            case StreamConstraintsException malformed -> malformed("it is too deep or has too long a value");
            case InvalidFormatException wrong ->
                invalid(List.of(new Field(path(wrong), "cannot be read as " + kind(wrong.getTargetType()))));
            case MismatchedInputException wrong -> invalid(List.of(new Field(path(wrong), reason(wrong))));
            case JsonMappingException wrong ->
                wrong.getCause() == null ? invalid(List.of(new Field(path(wrong), "has a wrong value"))) : null;
            case ConversionErrorException wrong ->
                wrong.getConversionError().getCause() instanceof JacksonException
                        ? null
                        : invalid(List.of(new Field(
                                wrong.getArgument().getName(),
                                "cannot be read as " + kind(wrong.getArgument().getType()))));
            case UnsatisfiedRouteException missing ->
                invalid(List.of(new Field(missing.getArgument().getName(), "is missing")));
            case ContentLengthExceededException ignored -> tooLarge();
            case BufferLengthExceededException ignored -> tooLarge();
            case SQLTransientConnectionException ignored -> {
                LOG.warn(
                        "no database connection for {} {}: {}",
                        request.getMethodName(),
                        request.getPath(),
                        cause.toString());
                yield Problem.of("database-unavailable", 503, "The database cannot be reached")
                        .detail("The service has no connection to its database now; nothing was changed.")
                        .next("Try again in a few seconds; GET /health/readiness says when it is back.");
            }
            default -> null;
        };
    }

    private static Problem byStatus(HttpRequest<?> request, MutableHttpResponse<?> response, int status) {
        return switch (status) {
            case 401 -> unauthenticated(request);
            case 403 -> forbidden();
            case 404 ->
                Problem.of("no-such-path", 404, "There is no such path")
                        .detail("Nothing is served at " + request.getPath() + ".")
                        .next("See /openapi for the paths there are.");
            case 405 ->
                Problem.of("method-not-allowed", 405, "The method is not allowed here")
                        .detail(request.getMethodName() + " is not possible at this path.")
                        .next("The header Allow of this answer names the methods that are.");
            case 406 ->
                Problem.of("not-acceptable", 406, "The answer does not exist in the wanted form")
                        .detail("None of the media types in Accept can be answered.")
                        .next("Accept application/json.");
            case 413 -> tooLarge();
            case 414 ->
                Problem.of("address-too-long", 414, "The address is too long")
                        .next("Shorten the query, or use fewer filters.");
            case 415 ->
                Problem.of("unsupported-media-type", 415, "The body has a media type that cannot be read here")
                        .detail("Content-Type is "
                                + request.getContentType().map(Object::toString).orElse("missing") + ".")
                        .next("Send Content-Type: application/json, unless /openapi says otherwise.");
            case 431 ->
                Problem.of("headers-too-large", 431, "The headers are too large")
                        .next("Send fewer or shorter headers.");
            default ->
                Problem.of("invalid-request", status, "The request is not valid")
                        .detail("The request cannot be handled: " + response.reason() + ".")
                        .next("Compare it with /openapi.");
        };
    }

    private static Problem unexpected(HttpRequest<?> request, int status, @Nullable Throwable cause) {
        var id = TraceContext.current()
                .map(TraceContext::traceId)
                .orElseGet(() -> UUID.randomUUID().toString());
        LOG.error("unexpected error {} in {} {}", id, request.getMethodName(), request.getPath(), cause);
        return Problem.of("unexpected", status, "Something unexpected went wrong")
                .detail("The service could not handle the request; the error is in its log.")
                .next("Try again later. If it stays, give the id to who runs the service.")
                .with("id", id);
    }

    private static Problem unauthenticated(HttpRequest<?> request) {
        boolean shown = request.getHeaders().contains(HttpHeaders.AUTHORIZATION);
        return Problem.of("unauthenticated", 401, "A valid token is needed")
                .detail(
                        shown
                                ? "The token is expired, not yet valid, or not signed by a trusted issuer."
                                : "There is no token.")
                .next("Send Authorization: Bearer <token> with a token of the configured issuer.");
    }

    private static Problem forbidden() {
        return Problem.of("forbidden", 403, "The role for this is missing")
                .detail("The token is valid, but none of its roles allows this.")
                .next("Have someone with the role do it, or ask an admin for the role.");
    }

    private static Problem tooLarge() {
        return Problem.of("too-large", 413, "The request is too large")
                .detail("The body has more bytes than this service reads.")
                .next("Send it in several requests.");
    }

    private static Problem malformed(String where) {
        return Problem.of("malformed-json", 400, "The body is not JSON")
                .detail("The body cannot be read as JSON, " + where + ".")
                .next("Correct the body's syntax.");
    }

    private static Problem invalid(List<Field> fields) {
        return Problem.of("invalid-request", 400, "The request is not valid")
                .detail(fields.stream()
                        .map(f -> (f.field().isEmpty() ? "The body" : f.field()) + " " + f.problem())
                        .collect(Collectors.joining("; ", "", ".")))
                .next("Correct the named fields.")
                .with("fields", fields);
    }

    private static List<Field> fields(ConstraintViolationException invalid) {
        var fields = new ArrayList<Field>();
        for (ConstraintViolation<?> each : invalid.getConstraintViolations()) {
            fields.add(new Field(path(each.getPropertyPath()), each.getMessage()));
        }
        fields.sort(Comparator.comparing(Field::field).thenComparing(Field::problem));
        return fields;
    }

    /** Without the names of the method and of its body parameter, which callers do not know. */
    private static String path(Path path) {
        var names = new ArrayList<String>();
        for (Path.Node node : path) {
            switch (node.getKind()) {
                case METHOD, CONSTRUCTOR, RETURN_VALUE, CROSS_PARAMETER, BEAN -> {}
                case PARAMETER, PROPERTY, CONTAINER_ELEMENT -> {
                    // the index of an element stands at the node after its list
                    if (node.getIndex() != null && !names.isEmpty()) {
                        names.add(names.removeLast() + "[" + node.getIndex() + "]");
                    }
                    if (node.getKind() != ElementKind.CONTAINER_ELEMENT) {
                        names.add(node.getName());
                    }
                }
            }
        }
        if (names.size() > 1 && names.getFirst().equals("body")) {
            names.removeFirst();
        }
        return String.join(".", names);
    }

    private static String path(JsonMappingException wrong) {
        var text = new StringBuilder();
        for (var step : wrong.getPath()) {
            if (step.getFieldName() != null) {
                text.append(text.isEmpty() ? "" : ".").append(step.getFieldName());
            } else if (step.getIndex() >= 0) {
                text.append('[').append(step.getIndex()).append(']');
            }
        }
        return text.toString();
    }

    private static String reason(MismatchedInputException wrong) {
        var message = String.valueOf(wrong.getOriginalMessage());
        if (message.startsWith("No content")) {
            return "is empty";
        }
        if (message.startsWith("Missing required")
                || message.startsWith("Cannot map `null`")
                || message.startsWith("Null value")) {
            return "is missing";
        }
        return "cannot be read as " + kind(wrong.getTargetType());
    }

    private static String place(JsonParseException malformed) {
        var at = malformed.getLocation();
        return at == null ? "somewhere" : "line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    private static String kind(@Nullable Class<?> type) {
        if (type == null) {
            return "this kind of value";
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(Object::toString)
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        return switch (type.getSimpleName()) {
            case "int", "Integer", "long", "Long" -> "a whole number";
            case "double", "Double", "BigDecimal" -> "a number";
            case "boolean", "Boolean" -> "true or false";
            case "UUID" -> "a UUID";
            case "Instant" -> "a time such as 2026-01-31T23:59:59Z";
            case "Duration" -> "a duration such as PT15M";
            case "String" -> "a text";
            case "List", "Set", "Collection" -> "a list";
            default -> Map.class.isAssignableFrom(type) || type.isRecord() ? "an object" : "this kind of value";
        };
    }
}
