package dev.interlock.siem.mapping;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.interlock.siem.InterlockEvent;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one event type becomes, or one kind of it.
 *
 * @param type without {@code dev.interlock.}
 * @param when fields and the words that they hold; an empty word stands for an absent field. Empty: always
 * @param activityName where the activity is Other: what it is called
 * @param status {@code Success} or {@code Failure} of what was tried; findings have a status by their activity
 * @param rule whether a rule was kept: {@code Pass}, {@code Warning} or {@code Fail}; of compliance findings only
 * @param cause why this event is there, in words
 * @param clause of docs/clauses.csv, or a place that holds it
 * @param by the field that names the person
 * @param next what a person does now
 * @param finding what makes the finding's uid, the same from its creation to its closing
 * @param entity of entity management only
 * @param app of application lifecycle only
 */
public record Row(
        String type,
        Map<String, String> when,
        OcsfClass as,
        String activity,
        @Nullable String activityName,
        Severity severity,
        @Nullable String status,
        @Nullable String rule,
        Sentence cause,
        @Nullable Sentence clause,
        @Nullable String by,
        @Nullable Sentence next,
        @Nullable Sentence finding,
        @Nullable Entity entity,
        @Nullable App app) {

    /** The thing that was managed; {@code uid} and {@code name} are filled from the event. */
    public record Entity(
            String type, Sentence uid, @Nullable Sentence name) {
        @JsonCreator
        static Entity of(
                @JsonProperty("type") String type,
                @JsonProperty("uid") String uid,
                @JsonProperty("name") @Nullable String name) {
            return new Entity(type, Sentence.of(uid), sentence(name));
        }
    }

    /** The software that was installed, started, updated …; filled from the event. */
    public record App(
            Sentence uid, @Nullable Sentence name, @Nullable Sentence version) {
        @JsonCreator
        static App of(
                @JsonProperty("uid") String uid,
                @JsonProperty("name") @Nullable String name,
                @JsonProperty("version") @Nullable String version) {
            return new App(Sentence.of(uid), sentence(name), sentence(version));
        }
    }

    @JsonCreator
    static Row of(
            @JsonProperty("type") String type,
            @JsonProperty("when") @Nullable Map<String, String> when,
            @JsonProperty("as") OcsfClass as,
            @JsonProperty("activity") String activity,
            @JsonProperty("activityName") @Nullable String activityName,
            @JsonProperty("severity") String severity,
            @JsonProperty("status") @Nullable String status,
            @JsonProperty("rule") @Nullable String rule,
            @JsonProperty("cause") String cause,
            @JsonProperty("clause") @Nullable String clause,
            @JsonProperty("by") @Nullable String by,
            @JsonProperty("next") @Nullable String next,
            @JsonProperty("finding") @Nullable String finding,
            @JsonProperty("entity") @Nullable Entity entity,
            @JsonProperty("app") @Nullable App app) {
        return new Row(
                type,
                when == null ? Map.of() : Map.copyOf(when),
                as,
                activity,
                activityName,
                Severity.valueOf(severity.toUpperCase(Locale.ROOT)),
                status,
                rule,
                Sentence.of(cause),
                sentence(clause),
                by,
                sentence(next),
                sentence(finding),
                entity,
                app);
    }

    public Row {
        as.activity(activity);
        require(as.isFinding() == (finding != null), type, "a finding, and only that, needs what makes its uid");
        require((as == OcsfClass.COMPLIANCE_FINDING) == (rule != null), type, "only a compliance finding has a rule");
        require((as == OcsfClass.ENTITY_MANAGEMENT) == (entity != null), type, "entity management needs the entity");
        require((as == OcsfClass.APPLICATION_LIFECYCLE) == (app != null), type, "application lifecycle needs the app");
        require(!as.isFinding() || status == null, type, "a finding's status follows from its activity");
        require(activity.equals("Other") == (activityName != null), type, "Other, and only that, needs a name");
    }

    private static void require(boolean kept, String type, String what) {
        if (!kept) {
            throw new IllegalArgumentException(type + ": " + what);
        }
    }

    private static @Nullable Sentence sentence(@Nullable String template) {
        return template == null ? null : Sentence.of(template);
    }

    boolean matches(InterlockEvent event) {
        return when.entrySet().stream()
                .allMatch(each ->
                        Objects.equals(Objects.requireNonNullElse(event.text(each.getKey()), ""), each.getValue()));
    }

    /** {@code activity_id}. */
    public int activityId() {
        return as.activity(activity);
    }

    /** The type as people say it: {@code Grace period started}. */
    public String title() {
        var name = type.replaceFirst("^[a-z]+\\.", "").replaceFirst("\\.v[0-9]+$", "");
        var words = name.replaceAll("([a-z0-9])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
        return words.isEmpty() ? type : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** The clause that this event stands under; null if none does. */
    @Nullable
    String clauseOf(InterlockEvent event) {
        var filled = clause == null ? "" : clause.fill(event);
        return filled.isEmpty() ? null : filled;
    }

    @Nullable
    String nextOf(InterlockEvent event) {
        var filled = next == null ? "" : next.fill(event);
        return filled.isEmpty() ? null : filled;
    }
}
