package dev.interlock.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Between records and the JSON data of CloudEvents. Tolerant where evolution needs it – unknown types become {@code
 * Unknown}, unknown fields are ignored, absent nullable fields are null – and strict elsewhere: an absent field that is
 * not nullable is refused, so that a broken message never half-works.
 */
public final class EventCodec {

    private static final Pattern TYPE = Pattern.compile("dev\\.interlock\\.([a-z]+)\\.([A-Za-z0-9]+)\\.v([0-9]+)");
    private static final Pattern VERSIONED = Pattern.compile("([A-Za-z0-9]+?)(?:V([0-9]+))?");

    private static final ClassValue<Map<String, Class<?>>> RECORDS_OF_FAMILY = new ClassValue<>() {
        @Override
        protected Map<String, Class<?>> computeValue(Class<?> family) {
            var found = new HashMap<String, Class<?>>();
            collect(family, found);
            return Map.copyOf(found);
        }
    };

    private static final ClassValue<RecordComponent[]> COMPONENTS = new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
            return type.getRecordComponents();
        }
    };

    private final JsonMapper json = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** {@code ce_type}, for example {@code dev.interlock.inventory.HostDiscovered.v1}. */
    public String type(Published published) {
        refuseUnknown(published);
        return "dev.interlock." + published.channel().domain() + "." + name(published.getClass());
    }

    /** {@code ce_dataschema} and the {@code $id} of the type's JSON Schema. */
    public String schema(String type) {
        return "urn:interlock:schema:" + type;
    }

    public byte[] toJson(Published published) {
        refuseUnknown(published);
        try {
            return json.writeValueAsBytes(published);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(
                    "cannot write a " + published.getClass().getSimpleName(), e);
        }
    }

    /**
     * Reads one message.
     *
     * @param family {@link InventoryEvent}, {@link LicenseEvent}, {@link UpgradeEvent}, {@link AgentEvent}, or a {@link
     *     StateRecord}'s class
     * @param type the message's {@code ce_type}
     * @throws IllegalArgumentException if the data is not what the type promises, or the type is not the state record
     *     asked for; trying again cannot help
     */
    public <E> E parse(Class<E> family, String type, byte[] data) {
        Class<?> record = find(family, type);
        try {
            if (record == null) {
                return family.cast(unknown(family, type));
            }
            Object value = json.readValue(data, record);
            if (value == null) {
                throw new IllegalArgumentException(type + " without data");
            }
            refuseAbsent(type, value);
            return family.cast(value);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a " + type + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable Class<?> find(Class<?> family, String type) {
        Matcher parts = TYPE.matcher(type);
        if (!parts.matches()) {
            return null;
        }
        return RECORDS_OF_FAMILY.get(family).get(parts.group(1) + "." + parts.group(2) + ".v" + parts.group(3));
    }

    private static void collect(Class<?> family, Map<String, Class<?>> found) {
        if (family.isRecord()) {
            if (!isUnknown(family)) {
                found.put(domain(family) + "." + name(family), family);
            }
            return;
        }
        Class<?>[] permitted = family.getPermittedSubclasses();
        if (permitted == null) {
            throw new IllegalArgumentException(family.getName() + " is neither a record nor sealed");
        }
        for (Class<?> each : permitted) {
            collect(each, found);
        }
    }

    private static String domain(Class<?> record) {
        if (AgentEvent.class.isAssignableFrom(record) || record == AgentState.class) {
            return "agent";
        } else if (InventoryEvent.class.isAssignableFrom(record) || StateRecord.class.isAssignableFrom(record)) {
            return "inventory";
        } else if (LicenseEvent.class.isAssignableFrom(record)) {
            return "license";
        } else if (UpgradeEvent.class.isAssignableFrom(record)) {
            return "upgrade";
        }
        throw new IllegalArgumentException(record + " belongs to no publisher");
    }

    /** {@code LicensesActivated} is {@code LicensesActivated.v1}, {@code LicensesActivatedV2} its next version. */
    private static String name(Class<?> record) {
        Matcher name = VERSIONED.matcher(record.getSimpleName());
        if (!name.matches()) {
            throw new IllegalArgumentException("not a name for an event: " + record.getSimpleName());
        }
        String version = name.group(2);
        return name.group(1) + ".v" + (version == null ? "1" : version);
    }

    private static Object unknown(Class<?> family, String type) {
        Class<?>[] permitted = family.getPermittedSubclasses();
        if (permitted != null) {
            for (Class<?> each : permitted) {
                if (isUnknown(each)) {
                    try {
                        return each.getDeclaredConstructor(String.class).newInstance(type);
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException(each + " must have one text component", e);
                    }
                }
            }
        }
        throw new IllegalArgumentException("not a " + family.getSimpleName() + ": " + type);
    }

    private static boolean isUnknown(Class<?> record) {
        return record.getSimpleName().equals("Unknown");
    }

    private static void refuseUnknown(Published published) {
        if (isUnknown(published.getClass())) {
            throw new IllegalArgumentException("an unknown event is never published: " + published);
        }
    }

    private static void refuseAbsent(String type, Object value) {
        for (RecordComponent field : COMPONENTS.get(value.getClass())) {
            if (field.getType().isPrimitive() || field.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                continue;
            }
            Object held;
            try {
                held = field.getAccessor().invoke(value);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
            if (held == null) {
                throw new IllegalArgumentException(type + " lacks " + field.getName());
            }
            if (held.getClass().isRecord()) {
                refuseAbsent(type + "." + field.getName(), held);
            } else if (held instanceof Iterable<?> many) {
                for (Object each : many) {
                    if (each == null) {
                        throw new IllegalArgumentException(type + " has an empty place in " + field.getName());
                    }
                    if (each.getClass().isRecord()) {
                        refuseAbsent(type + "." + field.getName(), each);
                    }
                }
            }
        }
    }
}
