package dev.interlock.contracts.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.contracts.AgentEvent;
import dev.interlock.contracts.AgentState;
import dev.interlock.contracts.Channel;
import dev.interlock.contracts.DeploymentState;
import dev.interlock.contracts.EventCodec;
import dev.interlock.contracts.HostState;
import dev.interlock.contracts.InventoryEvent;
import dev.interlock.contracts.LicenseEvent;
import dev.interlock.contracts.Published;
import dev.interlock.contracts.UpgradeEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * One type of message, with the golden example from which its channel and key field are read.
 *
 * @param keyField the field whose value is the key
 */
record MessageType(String type, Class<?> record, Channel channel, String keyField, JsonNode example) {

    static final List<Class<?>> FAMILIES = List.of(
            InventoryEvent.class,
            HostState.class,
            DeploymentState.class,
            LicenseEvent.class,
            UpgradeEvent.class,
            AgentEvent.class,
            AgentState.class);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** All of them, by channel, then in the order of the source. */
    static List<MessageType> all() {
        var all = new ArrayList<MessageType>();
        for (Class<?> family : FAMILIES) {
            for (Class<?> each : records(family)) {
                all.add(of(family, each));
            }
        }
        all.sort(Comparator.comparing(MessageType::channel));
        return List.copyOf(all);
    }

    String name() {
        return record.getSimpleName();
    }

    private static List<Class<?>> records(Class<?> family) {
        if (family.isRecord()) {
            return family.getSimpleName().equals("Unknown") ? List.of() : List.of(family);
        }
        var found = new ArrayList<Class<?>>();
        for (Class<?> each : Objects.requireNonNull(family.getPermittedSubclasses())) {
            found.addAll(records(each));
        }
        return found;
    }

    private static MessageType of(Class<?> family, Class<?> record) {
        var codec = new EventCodec();
        String domain = family == HostState.class || family == DeploymentState.class
                ? "inventory"
                : family == AgentState.class
                        ? "agent"
                        : family.getSimpleName().replace("Event", "").toLowerCase(java.util.Locale.ROOT);
        String type = "dev.interlock." + domain + "." + record.getSimpleName() + ".v1";
        byte[] golden = golden(type);
        var example = (Published) codec.parse(family, type, golden);
        if (!codec.type(example).equals(type) || !record.isInstance(example)) {
            throw new IllegalStateException("golden/" + type + ".json is read as " + example);
        }
        try {
            return new MessageType(type, record, example.channel(), keyField(example), JSON.readTree(golden));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String keyField(Published example) {
        for (RecordComponent field : example.getClass().getRecordComponents()) {
            try {
                if (example.key().equals(String.valueOf(field.getAccessor().invoke(example)))) {
                    return field.getName();
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new IllegalStateException("no field of " + example + " is its key " + example.key());
    }

    static byte[] golden(String type) {
        String file = "/golden/" + type + ".json";
        try (InputStream in = MessageType.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("Each event has a golden example, but " + type
                        + " has none: write contracts/src/test/resources" + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
