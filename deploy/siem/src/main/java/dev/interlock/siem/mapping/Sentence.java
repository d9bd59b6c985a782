package dev.interlock.siem.mapping;

import dev.interlock.siem.InterlockEvent;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A sentence with places that an event fills: <code>{name}</code>, <code>{since|time}</code>, <code>{checks.name}</code> (of
 * each in a list). What stands in square brackets is left out when one of its places has nothing in the event; elsewhere such
 * a place reads "unknown".
 */
public final class Sentence {

    /** What an event says may itself be a sentence. */
    private static final Pattern DOUBLE_STOP = Pattern.compile("(?<!\\.)\\.([.;])(?!\\.)");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final String template;
    private final List<Part> parts;

    private Sentence(String template, List<Part> parts) {
        this.template = template;
        this.parts = parts;
    }

    private interface Part {}

    private static final class Text implements Part {
        final String text;

        Text(String text) {
            this.text = text;
        }
    }

    private static final class Place implements Part {
        final String path;
        final String form;

        Place(String path, String form) {
            this.path = path;
            this.form = form;
        }
    }

    private static final class Optional implements Part {
        final List<Part> parts;

        Optional(List<Part> parts) {
            this.parts = parts;
        }
    }

    /** @throws IllegalArgumentException if a bracket is left open or a form is not known */
    public static Sentence of(String template) {
        var parts = new ArrayList<Part>();
        int at = 0;
        while (at < template.length()) {
            int bracket = template.indexOf('[', at);
            if (bracket < 0) {
                places(template, template.substring(at), parts);
                break;
            }
            int end = template.indexOf(']', bracket);
            if (end < 0) {
                throw new IllegalArgumentException("no ] in: " + template);
            }
            places(template, template.substring(at, bracket), parts);
            var optional = new ArrayList<Part>();
            places(template, template.substring(bracket + 1, end), optional);
            parts.add(new Optional(List.copyOf(optional)));
            at = end + 1;
        }
        return new Sentence(template, List.copyOf(parts));
    }

    private static void places(String template, String piece, List<Part> parts) {
        int at = 0;
        while (at < piece.length()) {
            int open = piece.indexOf('{', at);
            if (open < 0) {
                parts.add(new Text(piece.substring(at)));
                return;
            }
            if (open > at) {
                parts.add(new Text(piece.substring(at, open)));
            }
            int close = piece.indexOf('}', open);
            if (close < 0) {
                throw new IllegalArgumentException("no } in: " + template);
            }
            var place = piece.substring(open + 1, close).split("\\|", -1);
            var form = place.length == 2 ? place[1] : "text";
            if (place.length > 2
                    || place[0].isEmpty()
                    || !List.of("text", "time", "seconds").contains(form)) {
                throw new IllegalArgumentException("not a place: " + piece.substring(open, close + 1));
            }
            parts.add(new Place(place[0], form));
            at = close + 1;
        }
    }

    /** As it stands in the table. */
    public String template() {
        return template;
    }

    /** The paths of all places, in order. */
    public List<String> paths() {
        var paths = new ArrayList<String>();
        collect(parts, paths);
        return paths;
    }

    private static void collect(List<Part> parts, List<String> paths) {
        for (var part : parts) {
            if (part instanceof Place place) {
                paths.add(place.path);
            } else if (part instanceof Optional optional) {
                collect(optional.parts, paths);
            }
        }
    }

    public String fill(InterlockEvent event) {
        var filled = new StringBuilder();
        for (var part : parts) {
            if (part instanceof Optional optional) {
                var inner =
                        optional.parts.stream().map(each -> fill(each, event)).toList();
                if (inner.stream().allMatch(Objects::nonNull)) {
                    inner.forEach(filled::append);
                }
            } else {
                var text = fill(part, event);
                filled.append(text == null ? "unknown" : text);
            }
        }
        return DOUBLE_STOP.matcher(filled).replaceAll("$1");
    }

    private static @Nullable String fill(Part part, InterlockEvent event) {
        if (part instanceof Text text) {
            return text.text;
        }
        var place = (Place) part;
        Object value = event.field(place.path);
        if (value instanceof List<?> many) {
            return many.isEmpty()
                    ? null
                    : many.stream()
                            .map(each -> form(place.form, each))
                            .distinct()
                            .collect(Collectors.joining(", "));
        }
        return value == null ? null : form(place.form, value);
    }

    private static String form(String form, Object value) {
        var text = String.valueOf(value);
        try {
            return switch (form) {
                case "time" -> TIME.format(Instant.parse(text));
                case "seconds" -> duration(Math.round(Double.parseDouble(text)));
                default -> text;
            };
        } catch (DateTimeException | NumberFormatException e) {
            return text; // an event of a newer kind: said as it is, rather than not at all
        }
    }

    private static String duration(long seconds) {
        long days = seconds / 86400;
        long hours = seconds / 3600 % 24;
        long minutes = seconds / 60 % 60;
        if (days > 0) {
            return days + " d" + (hours > 0 ? " " + hours + " h" : "");
        }
        if (hours > 0) {
            return hours + " h" + (minutes > 0 ? " " + minutes + " min" : "");
        }
        return minutes > 0 ? minutes + " min" + (seconds % 60 > 0 ? " " + seconds % 60 + " s" : "") : seconds + " s";
    }

    @Override
    public String toString() {
        return template;
    }
}
