package dev.interlock.testkit.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds real requests and answers against the published documents. The clients of the tests call it with everything they send and
 * get, so that a document cannot say what a service does not do. On where {@code -Dinterlock.api.exchanges=true}, as in every module
 * with an API.
 */
public final class ApiExchanges {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Answers to any request, also to one that no document has. */
    private static final Set<String> ANYWHERE = Set.of(
            "no-such-path",
            "method-not-allowed",
            "not-acceptable",
            "address-too-long",
            "headers-too-large",
            "unauthenticated",
            "forbidden");

    private record Operation(Pattern path, int variables, JsonNode document, JsonNode operation, ApiSchemas schemas) {}

    private static final Map<String, List<Operation>> BY_METHOD = read();

    private ApiExchanges() {}

    /**
     * Fails if a service answered what its document does not say, or took a request that its document does not allow.
     *
     * @param requestBody null if there was none, or it was no text
     */
    public static void check(HttpResponse<String> answer, @Nullable String requestBody) {
        check(answer, answer.body().getBytes(StandardCharsets.UTF_8), requestBody);
    }

    /** The same, of an answer whose body was read otherwise. */
    public static void check(HttpResponse<?> answer, byte[] body, @Nullable String requestBody) {
        check(answer.request().method(), answer.uri(), requestBody, answer.statusCode(), answer.headers(), body);
    }

    /**
     * Fails if a problem of the edge's own is not as {@code contracts/api/problems.yml} says. Those of the services are passed on as
     * they are, and not looked at here.
     */
    public static void checkAtEdge(HttpResponse<byte[]> answer) {
        var type = answer.headers().firstValue("Content-Type").orElse("");
        if (!type.startsWith("application/problem+json")) {
            return;
        }
        var problem = json(answer.body());
        var slug = problem.path("type").asText().replaceFirst("^/problems/", "");
        boolean passedOn = Known.PROBLEMS.all().stream()
                .anyMatch(each ->
                        each.slug().equals(slug) && !Set.of("platform", "edge").contains(each.service()));
        if (passedOn) {
            return;
        }
        var breaches = new ArrayList<>(problem(slug, answer.statusCode(), problem));
        for (String member : List.of("detail", "next", "instance")) {
            if (problem.path(member).asText().isBlank()) {
                breaches.add("it has no " + member);
            }
        }
        if (!breaches.isEmpty()) {
            throw new AssertionError(answer.uri().getPath() + " answered " + problem + ":\n  "
                    + String.join("\n  ", breaches) + "\nCorrect the answer or contracts/api/problems.yml.");
        }
    }

    private static void check(
            String method, URI address, @Nullable String requestBody, int status, HttpHeaders headers, byte[] body) {
        var path = address.getRawPath();
        if (!Boolean.getBoolean("interlock.api.exchanges") || !path.startsWith("/api/v1/")) {
            return;
        }
        var operation = BY_METHOD.getOrDefault(method, List.of()).stream()
                .filter(each -> each.path().matcher(path).matches())
                .findFirst()
                .orElse(null);
        if (operation == null) {
            return;
        }
        var breaches = breaches(operation, requestBody, status, headers, body);
        if (!breaches.isEmpty()) {
            throw new AssertionError(
                    method + " " + path + " answered " + status + ", which is not as its OpenAPI document says:\n  "
                            + String.join("\n  ", breaches) + "\n  " + new String(body, StandardCharsets.UTF_8)
                            + "\nCorrect the controller's annotations, contracts/api/problems.yml or contracts/api/words.");
        }
    }

    private static List<String> breaches(
            Operation operation, @Nullable String requestBody, int status, HttpHeaders headers, byte[] body) {
        var breaches = new ArrayList<String>();
        var type = headers.firstValue("Content-Type")
                .orElse("")
                .replaceFirst(";.*", "")
                .strip();
        var response = operation.operation().path("responses").path(String.valueOf(status));
        if (response.has("$ref")) {
            response = operation.document().at(response.path("$ref").asText().substring(1));
        }
        if (type.equals("application/problem+json")) {
            var problem = json(body);
            var slug = problem.path("type").asText().replaceFirst("^/problems/", "");
            if (!ANYWHERE.contains(slug)) {
                if (response.isMissingNode()) {
                    breaches.add("no answer " + status + " is described");
                } else if (!names(response.path("x-problems")).contains(slug)) {
                    breaches.add("the problem '" + slug + "' is not among " + response.path("x-problems"));
                }
            }
            breaches.addAll(problem(slug, status, problem));
            breaches.addAll(operation.schemas().breaches(reference("Problem"), problem));
            return breaches;
        }
        if (response.isMissingNode()) {
            return List.of("no answer " + status + " is described");
        }
        for (String header : List.of("Location", "ETag", "Idempotency-Replayed")) {
            if (headers.firstValue(header).isPresent()
                    && !response.path("headers").has(header)) {
                breaches.add("the header " + header + " is not described");
            }
        }
        var content = response.path("content");
        if (content.isMissingNode() ? body.length > 0 : !content.has(type)) {
            breaches.add("the answer's media type is '" + type + "' and not of " + names(content));
        } else if (type.equals("application/json")) {
            operation
                    .schemas()
                    .breaches(content.path(type).path("schema"), json(body))
                    .forEach(each -> breaches.add("the answer: " + each));
        }
        var wanted = operation.operation().path("requestBody").path("content").path("application/json");
        if (requestBody != null && !requestBody.isEmpty() && wanted.has("schema")) {
            operation
                    .schemas()
                    .breaches(wanted.path("schema"), json(requestBody.getBytes(StandardCharsets.UTF_8)))
                    .forEach(each -> breaches.add("the request, which was accepted: " + each));
        }
        return breaches;
    }

    private static List<String> problem(String slug, int status, JsonNode problem) {
        var type = Known.PROBLEMS.all().stream()
                .filter(each -> each.slug().equals(slug))
                .findFirst();
        if (type.isEmpty()) {
            return List.of("contracts/api/problems.yml has no problem type '" + slug + "'");
        }
        var breaches = new ArrayList<String>();
        if (!type.get().statuses().contains(status)) {
            breaches.add("by contracts/api/problems.yml '" + slug + "' is "
                    + type.get().statuses());
        }
        if (!type.get().title().equals(problem.path("title").asText())) {
            breaches.add("by contracts/api/problems.yml '" + slug + "' has the title: "
                    + type.get().title());
        }
        return breaches;
    }

    /** Read once, when a test sends its first request. */
    private static final class Known {
        static final ProblemTypes PROBLEMS = ProblemTypes.read();
    }

    private static JsonNode reference(String schema) {
        return JSON.createObjectNode().put("$ref", "#/components/schemas/" + schema);
    }

    private static List<String> names(JsonNode of) {
        var names = new ArrayList<String>();
        if (of.isObject()) {
            of.fieldNames().forEachRemaining(names::add);
        } else {
            of.forEach(each -> names.add(each.asText()));
        }
        return names;
    }

    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(new String(body, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private static Map<String, List<Operation>> read() {
        var byMethod = new HashMap<String, List<Operation>>();
        for (String name : ApiFiles.NAMES) {
            if (!Files.exists(ApiFiles.published(name))) {
                continue;
            }
            var document = ApiFiles.read(ApiFiles.published(name));
            var schemas = new ApiSchemas(document);
            document.path("paths").properties().forEach(path -> {
                var template = path.getKey();
                var pattern = Pattern.compile(Pattern.quote(template).replaceAll("\\{[^/}]+}", "\\\\E[^/]+\\\\Q"));
                int variables = template.length() - template.replace("{", "").length();
                path.getValue()
                        .properties()
                        .forEach(each -> byMethod.computeIfAbsent(
                                        each.getKey().toUpperCase(Locale.ROOT), none -> new ArrayList<>())
                                .add(new Operation(pattern, variables, document, each.getValue(), schemas)));
            });
        }
        // /dead-letters/replay is itself, and not a letter
        byMethod.values().forEach(list -> list.sort(Comparator.comparingInt(Operation::variables)));
        return byMethod;
    }
}
