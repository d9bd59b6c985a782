package dev.interlock.inventory.adapter.ssh;

import dev.interlock.inventory.domain.Recognizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** The scripts that read a host: resources, with the packages and units of the {@link Recognizer} put in. */
final class ProbeScript {

    static final String PROBE = resource("probe.sh")
            .replace("@PACKAGES@", String.join("|", Recognizer.PACKAGES))
            .replace(
                    "@UNITS@",
                    Recognizer.UNITS.stream().map(unit -> unit + ".service").collect(Collectors.joining(" ")));

    static final String UPDATES = resource("updates.sh");

    static final String REGISTRATIONS = resource("registrations.sh");

    private ProbeScript() {}

    private static String resource(String name) {
        try (var in = ProbeScript.class.getResourceAsStream("/inventory/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the resource inventory/" + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
