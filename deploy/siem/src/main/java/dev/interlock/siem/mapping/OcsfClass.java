package dev.interlock.siem.mapping;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Arrays;
import java.util.Map;

/** The classes of OCSF 1.8 that Interlock's events become, with the activities that are used of them. */
public enum OcsfClass {
    BASE_EVENT("base_event", 0, "Base Event", 0, "Uncategorized", Map.of(99, "Other")),
    COMPLIANCE_FINDING("compliance_finding", 2003, "Compliance Finding", 2, "Findings", Activities.OF_FINDINGS),
    DETECTION_FINDING("detection_finding", 2004, "Detection Finding", 2, "Findings", Activities.OF_FINDINGS),
    AUTHORIZE_SESSION(
            "authorize_session",
            3003,
            "Authorize Session",
            3,
            "Identity & Access Management",
            Map.of(1, "Assign Privileges", 99, "Other")),
    ENTITY_MANAGEMENT(
            "entity_management",
            3004,
            "Entity Management",
            3,
            "Identity & Access Management",
            Map.ofEntries(
                    Map.entry(1, "Create"),
                    Map.entry(3, "Update"),
                    Map.entry(4, "Delete"),
                    Map.entry(8, "Enable"),
                    Map.entry(9, "Disable"),
                    Map.entry(10, "Activate"),
                    Map.entry(11, "Deactivate"),
                    Map.entry(12, "Suspend"),
                    Map.entry(13, "Resume"))),
    INVENTORY_INFO("inventory_info", 5001, "Device Inventory Info", 5, "Discovery", Map.of(2, "Collect")),
    APPLICATION_LIFECYCLE(
            "application_lifecycle",
            6002,
            "Application Lifecycle",
            6,
            "Application Activity",
            Map.of(
                    1, "Install", 2, "Remove", 3, "Start", 4, "Stop", 6, "Enable", 7, "Disable", 8, "Update", 99,
                    "Other")),
    APPLICATION_ERROR(
            "application_error", 6008, "Application Error", 6, "Application Activity", Map.of(1, "General Error"));

    private static final class Activities {
        static final Map<Integer, String> OF_FINDINGS = Map.of(1, "Create", 2, "Update", 3, "Close");
    }

    private final String word;
    private final int uid;
    private final String caption;
    private final int category;
    private final String categoryCaption;

    @SuppressWarnings("ImmutableEnumChecker") // only maps that cannot be changed are given
    private final Map<Integer, String> activities;

    OcsfClass(
            String word,
            int uid,
            String caption,
            int category,
            String categoryCaption,
            Map<Integer, String> activities) {
        this.word = word;
        this.uid = uid;
        this.caption = caption;
        this.category = category;
        this.categoryCaption = categoryCaption;
        this.activities = activities;
    }

    @JsonCreator
    static OcsfClass ofWord(String word) {
        return Arrays.stream(values())
                .filter(c -> c.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no class '" + word + "'"));
    }

    /** OCSF's own name of it, as {@code compliance_finding}. */
    public String word() {
        return word;
    }

    public int uid() {
        return uid;
    }

    public String caption() {
        return caption;
    }

    public int category() {
        return category;
    }

    public String categoryCaption() {
        return categoryCaption;
    }

    public boolean isFinding() {
        return this == COMPLIANCE_FINDING || this == DETECTION_FINDING;
    }

    /** {@code activity_id} by its caption. */
    public int activity(String activityCaption) {
        return activities.entrySet().stream()
                .filter(each -> each.getValue().equals(activityCaption))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(caption + " has no activity '" + activityCaption + "'"));
    }
}
