package dev.interlock.cli;

import java.net.URI;
import java.util.Locale;

/** The four APIs, and where they are when nothing says otherwise. */
enum Service {
    INVENTORY(8081),
    LICENSE(8082),
    UPGRADE(8083),
    AGENT(8084);

    private final int port;

    Service(int port) {
        this.port = port;
    }

    /** In {@code state.json}, options and environment variables. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    String variable() {
        return "INTERLOCK_" + name() + "_URL";
    }

    URI usualAddress() {
        return URI.create("http://localhost:" + port);
    }

    static Service of(String word) {
        for (Service each : values()) {
            if (each.word().equals(word)) {
                return each;
            }
        }
        throw Failure.usage("There is no service '" + word + "': inventory, license, upgrade or agent.");
    }
}
