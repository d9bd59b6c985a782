package dev.interlock.lab.program;

import dev.interlock.lab.machine.Call;
import dev.interlock.lab.machine.Program;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Programs about the time: telling it, and letting it pass. */
final class TimePrograms {
    private TimePrograms() {}

    static void add(Map<String, Program> all) {
        all.put("sleep", TimePrograms::sleep);
        all.put("date", TimePrograms::date);
        all.put("uptime", call -> {
            call.line(" up " + call.machine().uptime().toMinutes() + " min,  0 users,  load average: 0.10, 0.10, 0.10");
            return 0;
        });
        all.put("timedatectl", call -> {
            if (call.arguments().contains("NTPSynchronized")) {
                call.line("yes");
            } else {
                call.line("System clock synchronized: yes");
            }
            return 0;
        });
    }

    private static int sleep(Call call) throws IOException {
        if (call.arguments().isEmpty()) {
            return call.fail("missing operand");
        }
        for (String argument : call.arguments()) {
            Duration duration = duration(argument);
            if (duration == null) {
                return call.fail("invalid time interval ‘" + argument + "’");
            }
            call.sleep(duration);
        }
        return 0;
    }

    private static int date(Call call) throws IOException {
        Instant at = call.machine().now();
        String format = "+%a %b %e %H:%M:%S UTC %Y";
        List<String> arguments = call.arguments();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.startsWith("+")) {
                format = argument;
            } else if (argument.equals("-d")
                    && i + 1 < arguments.size()
                    && arguments.get(i + 1).matches("@-?\\d+")) {
                i++;
                at = Instant.ofEpochSecond(Long.parseLong(arguments.get(i).substring(1)));
            } else if (argument.equals("-Is") || argument.equals("--iso-8601=seconds")) {
                format = "+%Y-%m-%dT%H:%M:%S+00:00";
            } else if (!argument.equals("-u")) {
                return call.fail("invalid date ‘" + argument + "’");
            }
        }
        var out = new StringBuilder();
        for (int i = 1; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 >= format.length()) {
                out.append(c);
                continue;
            }
            i++;
            int width = 9;
            if (Character.isDigit(format.charAt(i)) && i + 1 < format.length()) {
                width = format.charAt(i) - '0';
                i++;
            }
            String pattern = switch (format.charAt(i)) {
                case 'Y' -> "yyyy";
                case 'm' -> "MM";
                case 'd' -> "dd";
                case 'e' -> "ppd";
                case 'H' -> "HH";
                case 'M' -> "mm";
                case 'S' -> "ss";
                case 'a' -> "EEE";
                case 'b' -> "MMM";
                case 'j' -> "DDD";
                case 'F' -> "yyyy-MM-dd";
                case 'T' -> "HH:mm:ss";
                case 'R' -> "HH:mm";
                default -> "";
            };
            switch (format.charAt(i)) {
                case 's' -> out.append(at.getEpochSecond());
                case 'N' -> out.append(String.format(Locale.ROOT, "%09d", at.getNano()), 0, Math.min(width, 9));
                case 'Z' -> out.append("UTC");
                case 'z' -> out.append("+0000");
                case 'n' -> out.append('\n');
                case '%' -> out.append('%');
                default ->
                    out.append(
                            pattern.isEmpty()
                                    ? ""
                                    : DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
                                            .withZone(ZoneOffset.UTC)
                                            .format(at));
            }
        }
        call.line(out.toString());
        return 0;
    }

    /** The form of ctime(3), as ps and rpm print times. */
    static String ctime(Instant at) {
        return DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(at);
    }

    /** An interval as sleep(1) and timeout(1) read it; null if it is none. */
    static @Nullable Duration duration(String text) {
        if (text.equals("infinity")) {
            return Duration.ofDays(3650);
        }
        if (!text.matches("\\d*\\.?\\d+[smhd]?|\\d+\\.?[smhd]?")) {
            return null;
        }
        char unit = text.charAt(text.length() - 1);
        double number = Double.parseDouble(Character.isLetter(unit) ? text.substring(0, text.length() - 1) : text);
        double factor = unit == 'm' ? 60 : unit == 'h' ? 3600 : unit == 'd' ? 86_400 : 1;
        return Duration.ofNanos((long) (number * factor * 1e9));
    }
}
