package dev.interlock.contracts.documents;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import dev.interlock.contracts.EventCodec;
import dev.interlock.contracts.OneOf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON Schemas (draft 2020-12) of records. Nested records stand in place, so that a schema is complete in itself and can
 * stand in the AsyncAPI document too. Fields that are not nullable are required; more fields are always allowed.
 */
final class Schemas {

    private final SchemaGenerator generator;

    Schemas(Javadocs docs) {
        var config = new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(Option.INLINE_ALL_SCHEMAS)
                .with(Option.EXTRA_OPEN_API_FORMAT_VALUES)
                .with(Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES)
                .without(Option.SCHEMA_VERSION_INDICATOR);
        // in the order of the record's components
        config.forTypesInGeneral().withPropertySorter((unusedOne, unusedOther) -> 0);
        config.forFields()
                .withRequiredCheck(field -> !nullable(field))
                .withEnumResolver(Schemas::words)
                .withDescriptionResolver(field -> field.isFakeContainerItemScope()
                        ? null
                        : emptyToNull(docs.of(field.getDeclaringType().getErasedType(), field.getDeclaredName())));
        generator = new SchemaGenerator(config.build());
    }

    /** The schema of one message, with its identity and the topic it is bound to. */
    ObjectNode of(MessageType message, Javadocs docs) {
        ObjectNode body = of(message.record());
        ObjectNode schema = body.objectNode();
        schema.put("$schema", SchemaVersion.DRAFT_2020_12.getIdentifier());
        schema.put("$id", new EventCodec().schema(message.type()));
        schema.put("title", message.name());
        String description = docs.of(message.record());
        if (!description.isEmpty()) {
            schema.put("description", description);
        }
        schema.put("x-interlock-topic", message.channel().topic());
        schema.put("x-interlock-key", message.keyField());
        schema.setAll(body);
        return schema;
    }

    /** The bare shape of a record. */
    ObjectNode of(Class<?> record) {
        ObjectNode schema = generator.generateSchema(record);
        inOrderOfComponents(schema);
        return schema;
    }

    /** The generator sorts {@code required}; the order of the fields reads better. */
    private static void inOrderOfComponents(ObjectNode schema) {
        if (schema.get("required") instanceof ArrayNode required
                && schema.get("properties") instanceof ObjectNode all) {
            var names = new java.util.HashSet<String>();
            required.forEach(name -> names.add(name.asText()));
            required.removeAll();
            all.fieldNames().forEachRemaining(name -> {
                if (names.contains(name)) {
                    required.add(name);
                }
            });
        }
        schema.forEach(child -> {
            if (child instanceof ObjectNode object) {
                inOrderOfComponents(object);
            }
        });
    }

    private static boolean nullable(FieldScope field) {
        return !field.isFakeContainerItemScope()
                && field.getRawMember().getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static @Nullable List<String> words(FieldScope field) {
        OneOf words = field.isFakeContainerItemScope() ? null : field.getAnnotation(OneOf.class);
        return words == null ? null : List.of(words.value());
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
