package dev.interlock.edge.session;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** Which release of the product this is, as the build wrote it. */
@Singleton
class Version {

    private final String text;

    Version() {
        var properties = new Properties();
        try (var in = Objects.requireNonNull(Version.class.getResourceAsStream("/edge/version.properties"))) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        text = properties.getProperty("version", "");
    }

    String text() {
        return text;
    }
}
