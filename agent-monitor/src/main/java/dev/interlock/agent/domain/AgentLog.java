package dev.interlock.agent.domain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a PCoIP agent writes about its license (L36): lines of its log, and the output of {@code pcoip-validate-license --verbose}.
 * A line's own text makes the validation's id, so that a log that is sent again, or in parts that overlap, counts once. Lines of
 * other matters are skipped.
 */
public final class AgentLog {
    /** {@code <ISO-8601 UTC> <uuid> > LVL:<n> RC:<n> <COMPONENT> :<text>}. */
    private static final Pattern LINE = Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z?) [0-9a-fA-F-]{36} > LVL:\\d+ RC:\\s*-?\\d+ +(\\S+) +:(.*)");

    private static final Pattern FAILED = Pattern.compile("Getting license failed: (.*)");
    private static final Pattern REFUSED = Pattern.compile("Could not launch a remote session because (.*)");
    private static final Pattern GRACE = Pattern.compile("in grace period which expires in \\d+ days?");

    private static final int LONGEST_REASON = 500;

    private AgentLog() {}

    /**
     * @param lines of the log's shape, whatever they speak of
     * @param validations in the order of the lines
     * @param unreadable numbers, from 1, of lines that look like the log's but whose time is none
     */
    public record Read(int lines, List<Validation> validations, List<Integer> unreadable) {}

    /** Line ends may be those of Windows. */
    public static Read read(String text) {
        var validations = new ArrayList<Validation>();
        var unreadable = new ArrayList<Integer>();
        int lines = 0;
        int number = 0;
        for (var raw : text.split("\n", -1)) {
            number++;
            var line = raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw;
            var parts = LINE.matcher(line);
            if (!parts.matches()) {
                continue;
            }
            lines++;
            try {
                var time = parts.group(1).endsWith("Z") ? parts.group(1) : parts.group(1) + "Z";
                var at = Instant.parse(time).truncatedTo(ChronoUnit.MICROS);
                validation(line, at, parts.group(3).strip()).ifPresent(validations::add);
            } catch (DateTimeException noTime) {
                unreadable.add(number);
            }
        }
        return new Read(lines, List.copyOf(validations), List.copyOf(unreadable));
    }

    private static Optional<Validation> validation(String line, Instant at, String text) {
        var id = "log:" + hash(line);
        if (text.startsWith("License acquired")) {
            return Optional.of(new Validation(id, at, Validation.Outcome.SUCCEEDED, null, Validation.Source.LOG));
        }
        for (var pattern : List.of(FAILED, REFUSED)) {
            var failure = pattern.matcher(text);
            if (failure.matches()) {
                return Optional.of(failed(id, at, failure.group(1), Validation.Source.LOG));
            }
        }
        return Optional.empty();
    }

    /**
     * The output of {@code pcoip-validate-license --verbose}. An agent in grace works on, but its validation failed; that its exit
     * code is 0 then is assumed, so the words count before the code.
     *
     * @param at when it was run; the same output of the same time counts once
     * @param exitCode 0 when the license is valid
     */
    public static Validation command(String output, Instant at, int exitCode) {
        var text = output.replace("\r", "").strip();
        var id = "command:" + hash(at + "\n" + exitCode + "\n" + text);
        var grace = GRACE.matcher(text);
        if (grace.find()) {
            return failed(id, at, grace.group(), Validation.Source.COMMAND);
        }
        if (exitCode == 0) {
            return new Validation(id, at, Validation.Outcome.SUCCEEDED, null, Validation.Source.COMMAND);
        }
        var last = text.isEmpty() ? "" : text.substring(text.lastIndexOf('\n') + 1);
        return failed(
                id, at, last.isBlank() ? "pcoip-validate-license exited " + exitCode : last, Validation.Source.COMMAND);
    }

    private static Validation failed(String id, Instant at, String words, Validation.Source source) {
        var reason = words.replaceAll("\\p{Cntrl}+", " ").strip();
        if (reason.isEmpty()) {
            reason = "unknown";
        }
        return new Validation(
                id,
                at,
                Validation.Outcome.FAILED,
                reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON),
                source);
    }

    private static String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 20);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
