package dev.interlock.standalone;

import java.util.Arrays;
import java.util.List;

/** What listens on a port of its own. Ports count up from the base: by default 8080 to 8087. */
enum Part {
    CONSOLE("console", 0),
    INVENTORY("inventory", 1),
    LICENSE("license", 2),
    UPGRADE("upgrade", 3),
    AGENT("agent", 4),
    POSTGRES("postgres", 5),
    KAFKA("kafka", 6),
    KAFKA_CONTROLLER("kafka-controller", 7);

    static final List<Part> SERVICES = List.of(INVENTORY, LICENSE, UPGRADE, AGENT);
    /** What answers HTTP; the console's edge first, as people look for it. */
    static final List<Part> DOORS = List.of(CONSOLE, INVENTORY, LICENSE, UPGRADE, AGENT);

    static final int DEFAULT_BASE = 8080;

    private final String word;
    private final int offset;

    Part(String word, int offset) {
        this.word = word;
        this.offset = offset;
    }

    String word() {
        return word;
    }

    /** Of the option that sets its port alone. */
    String option() {
        return "--" + word + "-port";
    }

    int offset() {
        return offset;
    }

    String database() {
        return "interlock_" + word;
    }

    boolean isService() {
        return SERVICES.contains(this);
    }

    static Part ofWord(String word) {
        return Arrays.stream(values())
                .filter(part -> part.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new StandaloneException("There is no part '" + word + "'."));
    }
}
