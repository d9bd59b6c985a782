package dev.interlock.platform.problem;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * An error answer as RFC 9457 wants it, with a sentence that says what to do next. Immutable; build it as
 *
 * <pre>{@code
 * Problem.of("plan-drifted", 409, "The plan no longer fits")
 *         .detail("Host kcm-03 has changed since the plan was made.")
 *         .next("Make a new plan and have it approved.")
 *         .with("host", "kcm-03")
 * }</pre>
 *
 * @param type stable name of the kind of error, {@code /problems/<slug>}; part of the API, never reworded
 * @param title the same short sentence for every problem of this type
 * @param status HTTP status, 400 to 599
 * @param detail what happened this time; must hold no secret and nothing from inside the service
 * @param next what the caller can do about it
 * @param extra further members of the JSON object, in order
 */
public record Problem(String type, String title, int status, String detail, String next, Map<String, Object> extra) {

    /** The media type of every error answer. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String PREFIX = "/problems/";

    public Problem {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("a problem has a status from 400 to 599, not " + status);
        }
        if (!type.startsWith(PREFIX)) {
            throw new IllegalArgumentException("a problem's type starts with " + PREFIX + ": " + type);
        }
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }

    /** A problem of the type {@code /problems/<slug>}; detail and next are the title until they are set. */
    public static Problem of(String slug, int status, String title) {
        return new Problem(PREFIX + slug, title, status, title + ".", "See docs/problems/" + slug + ".md.", Map.of());
    }

    /** 404: {@code notFound("host", id)}. */
    public static Problem notFound(String what, Object id) {
        return of("not-found", 404, "There is no such thing")
                .detail("There is no " + what + " " + id + ".")
                .next("List what there is and use an id from that list.");
    }

    /** 409: the request is well formed but the state of things does not allow it now. */
    public static Problem conflict(String slug, String title, String detail, String next) {
        return of(slug, 409, title).detail(detail).next(next);
    }

    /** 400: the request cannot be understood or breaks a rule that needs no state to check. */
    public static Problem invalid(String detail, String next) {
        return of("invalid-request", 400, "The request is not valid")
                .detail(detail)
                .next(next);
    }

    /** 403 beyond roles, as in the two-person rule. */
    public static Problem forbidden(String slug, String title, String detail, String next) {
        return of(slug, 403, title).detail(detail).next(next);
    }

    public Problem detail(String sentence) {
        return new Problem(type, title, status, sentence, next, extra);
    }

    public Problem next(String sentence) {
        return new Problem(type, title, status, detail, sentence, extra);
    }

    /** Adds a member to the JSON object; the names of RFC 9457 are taken. */
    public Problem with(String name, Object value) {
        if (Set.of("type", "title", "status", "detail", "next", "instance").contains(name)) {
            throw new IllegalArgumentException(name + " is a member of every problem");
        }
        var more = new LinkedHashMap<>(extra);
        more.put(name, Objects.requireNonNull(value));
        return new Problem(type, title, status, detail, next, more);
    }

    /** The JSON object, in the order in which people read it. */
    public Map<String, Object> body(String instance) {
        var body = new LinkedHashMap<String, Object>();
        body.put("type", type);
        body.put("title", title);
        body.put("status", status);
        body.put("detail", detail);
        body.put("next", next);
        body.put("instance", instance);
        body.putAll(extra);
        return body;
    }

    public ProblemException exception() {
        return new ProblemException(this);
    }
}
