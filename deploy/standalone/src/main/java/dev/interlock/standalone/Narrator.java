package dev.interlock.standalone;

import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Tells the demo's story: what happens, why, and in between each event as it arrives from Kafka. */
final class Narrator {
    private static final int FIRST_OF_A_CROWD = 3;

    private final PrintStream out;
    private final long begin = System.nanoTime();
    private final boolean colours;
    private final Map<String, Integer> crowd = new LinkedHashMap<>();
    private int chapter;

    Narrator(PrintStream out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    double seconds() {
        return Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0;
    }

    synchronized void chapter(String title, String why) {
        sumUp();
        chapter++;
        out.println();
        out.println(paint("1", chapter + ". " + title));
        for (var line : why.strip().lines().toList()) {
            out.println("   " + line);
        }
        out.println();
    }

    /** What somebody does. */
    synchronized void tell(String text) {
        sumUp();
        out.println(stamp() + "  " + text);
    }

    synchronized void event(String topic, String type, String text) {
        var arrow = "   » " + pad(topic, 18) + " " + pad(type, 24) + " ";
        out.println(stamp() + paint("36", arrow) + text);
    }

    /** One of many alike: the first few are told, the others counted until something else is told. */
    synchronized void crowd(String topic, String type, String text) {
        int now = crowd.merge(type, 1, Integer::sum);
        if (now <= FIRST_OF_A_CROWD) {
            event(topic, type, text);
        }
    }

    private void sumUp() {
        crowd.forEach((type, count) -> {
            if (count > FIRST_OF_A_CROWD) {
                out.println(stamp() + paint("36", "   » ") + "… and " + (count - FIRST_OF_A_CROWD) + " more " + type);
            }
        });
        crowd.clear();
    }

    synchronized void check(boolean held, String text) {
        sumUp();
        out.println(stamp() + "  " + (held ? paint("32", "held   ") : paint("31", "FAILED ")) + text);
    }

    private String stamp() {
        return paint("2", String.format(Locale.ROOT, "%6.1f s", seconds()));
    }

    private String paint(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
