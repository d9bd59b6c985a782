package dev.interlock.upgrade.adapter.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.interlock.upgrade.domain.Action;
import dev.interlock.upgrade.domain.Gate;
import dev.interlock.upgrade.domain.LicenseServerAction;
import dev.interlock.upgrade.domain.Plan;
import dev.interlock.upgrade.domain.Step.OnFailure;
import dev.interlock.upgrade.domain.UmsAction;
import dev.interlock.upgrade.domain.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The service's own JSON. A plan's canonical form has its properties in alphabetical order, no white space and no nulls; its
 * SHA-256 is what an approval binds to, and anybody can compute it from the plan that the API shows.
 */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule()
                    .addSerializer(Version.class, new VersionOut())
                    .addDeserializer(Version.class, new VersionIn())
                    .addSerializer(OnFailure.class, new OnFailureOut())
                    .addDeserializer(OnFailure.class, new OnFailureIn()))
            .addMixIn(Action.class, ActionKinds.class)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private Json() {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Action.CheckHost.class, name = "check-host"),
        @JsonSubTypes.Type(value = Action.StopServices.class, name = "stop-services"),
        @JsonSubTypes.Type(value = Action.UpgradePackages.class, name = "upgrade-packages"),
        @JsonSubTypes.Type(value = Action.StartServices.class, name = "start-services"),
        @JsonSubTypes.Type(value = Action.ProveVersion.class, name = "prove-version"),
        @JsonSubTypes.Type(value = Gate.class, name = "gate"),
        @JsonSubTypes.Type(value = UmsAction.CheckNode.class, name = "check-ums"),
        @JsonSubTypes.Type(value = UmsAction.BackUpDatabase.class, name = "back-up-database"),
        @JsonSubTypes.Type(value = UmsAction.EnterUpdateMode.class, name = "enter-update-mode"),
        @JsonSubTypes.Type(value = UmsAction.UpdateServer.class, name = "update-server"),
        @JsonSubTypes.Type(value = UmsAction.RenewSchema.class, name = "renew-schema"),
        @JsonSubTypes.Type(value = UmsAction.ReturnToNormalMode.class, name = "return-to-normal-mode"),
        @JsonSubTypes.Type(value = UmsAction.StopLoadBalancer.class, name = "stop-load-balancer"),
        @JsonSubTypes.Type(value = UmsAction.UpdateComponent.class, name = "update-component"),
        @JsonSubTypes.Type(value = UmsAction.ProveNode.class, name = "prove-ums"),
        @JsonSubTypes.Type(value = LicenseServerAction.CheckMachine.class, name = "check-license-server"),
        @JsonSubTypes.Type(value = LicenseServerAction.CheckCarriedPackages.class, name = "check-carried-packages"),
        @JsonSubTypes.Type(value = LicenseServerAction.RecordLicenses.class, name = "record-licenses"),
        @JsonSubTypes.Type(value = LicenseServerAction.UpdatePackage.class, name = "update-license-server"),
        @JsonSubTypes.Type(value = LicenseServerAction.AwaitHealth.class, name = "await-license-server"),
        @JsonSubTypes.Type(value = LicenseServerAction.CompareLicenses.class, name = "compare-licenses")
    })
    private interface ActionKinds {}

    public static String canonical(Plan plan) {
        return Canonical.text(MAPPER.valueToTree(plan));
    }

    public static Plan plan(String canonical) {
        return read(canonical, Plan.class);
    }

    /** SHA-256 in hex. */
    public static String hash(String canonical) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("cannot write " + value.getClass().getSimpleName(), e);
        }
    }

    public static <T> T read(String json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("cannot read a " + type.getSimpleName(), e);
        }
    }

    public static <T> T read(String json, TypeReference<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("cannot read " + type.getType(), e);
        }
    }

    private static final class VersionOut extends StdSerializer<Version> {
        private static final long serialVersionUID = 1L;

        VersionOut() {
            super(Version.class);
        }

        @Override
        public void serialize(Version value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(value.text());
        }
    }

    private static final class VersionIn extends StdDeserializer<Version> {
        private static final long serialVersionUID = 1L;

        VersionIn() {
            super(Version.class);
        }

        @Override
        public Version deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return new Version(in.getText());
        }
    }

    private static final class OnFailureOut extends StdSerializer<OnFailure> {
        private static final long serialVersionUID = 1L;

        OnFailureOut() {
            super(OnFailure.class);
        }

        @Override
        public void serialize(OnFailure value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(value.word());
        }
    }

    private static final class OnFailureIn extends StdDeserializer<OnFailure> {
        private static final long serialVersionUID = 1L;

        OnFailureIn() {
            super(OnFailure.class);
        }

        @Override
        public OnFailure deserialize(JsonParser in, DeserializationContext context) throws IOException {
            String word = in.getText();
            return Arrays.stream(OnFailure.values())
                    .filter(o -> o.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IOException("not what a failure can mean: " + word));
        }
    }
}
