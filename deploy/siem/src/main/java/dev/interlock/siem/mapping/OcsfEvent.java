package dev.interlock.siem.mapping;

import dev.interlock.siem.InterlockEvent;
import dev.interlock.siem.PluginVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes an OCSF event of an event of Interlock's and its row. */
public final class OcsfEvent {

    /** Of the schema that the tests hold every mapped event against. */
    public static final String SCHEMA_VERSION = "1.8.0";

    /** What holds several events together, the strongest bond first. */
    private static final List<String> CORRELATION =
            List.of("runId", "planId", "gracePeriodId", "alertId", "sessionId", "validationId");

    /** Things that a finding is about: the field of their id, the field of their name, and what they are. */
    private static final List<List<String>> RESOURCES = List.of(
            List.of("agentId", "", "agent"),
            List.of("licenseServerId", "", "license server"),
            List.of("deploymentId", "deploymentName", "deployment"),
            List.of("activationCode", "", "license pool"),
            List.of("orphanId", "registeredName", "registration"));

    private static final Pattern IP =
            Pattern.compile("(?:[0-9]{1,3}\\.){3}[0-9]{1,3}|[0-9A-Fa-f]*:[0-9A-Fa-f:]+(?:%[0-9A-Za-z]+)?");
    private static final Pattern HOSTNAME = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?");

    private final InterlockEvent event;
    private final Row row;
    private final Map<String, Object> ocsf = new LinkedHashMap<>();
    private final List<Map<String, Object>> observables = new ArrayList<>();
    private final Set<String> mapped = new LinkedHashSet<>();
    private boolean hostProfile;

    private OcsfEvent(InterlockEvent event, Row row) {
        this.event = event;
        this.row = row;
    }

    /** Only of types that both JSON and Connect's schemaless records know. */
    public static Map<String, Object> of(InterlockEvent event, Row row) {
        return new OcsfEvent(event, row).make();
    }

    private Map<String, Object> make() {
        classify();
        ocsf.put("time", event.time().toEpochMilli());
        var cause = row.cause().fill(event);
        ocsf.put("message", cause);
        status();
        ocsf.put("metadata", Map.of()); // its place; known when all else is
        actor();
        device();
        switch (row.as()) {
            case COMPLIANCE_FINDING -> {
                finding(cause);
                compliance();
            }
            case DETECTION_FINDING -> {
                finding(cause);
                ocsf.put("is_alert", row.activityId() != 3);
            }
            case AUTHORIZE_SESSION -> session();
            case ENTITY_MANAGEMENT -> entity();
            case APPLICATION_LIFECYCLE -> app();
            case INVENTORY_INFO, APPLICATION_ERROR, BASE_EVENT -> {
                // nothing of its own
            }
        }
        if (!observables.isEmpty()) {
            ocsf.put("observables", observables);
        }
        ocsf.put("unmapped", unmapped());
        ocsf.put("metadata", metadata());
        return ocsf;
    }

    private void classify() {
        int activity = row.activityId();
        var activityName = row.activityName() == null ? row.activity() : row.activityName();
        ocsf.put("activity_id", activity);
        ocsf.put("activity_name", activityName);
        ocsf.put("category_uid", row.as().category());
        ocsf.put("category_name", row.as().categoryCaption());
        ocsf.put("class_uid", row.as().uid());
        ocsf.put("class_name", row.as().caption());
        ocsf.put("type_uid", (long) row.as().uid() * 100 + activity);
        ocsf.put("type_name", row.as().caption() + ": " + row.activity());
        ocsf.put("severity_id", row.severity().id());
        ocsf.put("severity", row.severity().caption());
    }

    private void status() {
        if (row.as().isFinding()) {
            int activity = row.activityId();
            ocsf.put("status_id", activity == 1 ? 1 : activity == 2 ? 2 : 4);
            ocsf.put("status", activity == 1 ? "New" : activity == 2 ? "In Progress" : "Resolved");
        } else if (row.status() != null) {
            ocsf.put("status_id", row.status().equals("Success") ? 1 : 2);
            ocsf.put("status", row.status());
        }
        var reason = event.text("reason");
        if (reason != null) {
            ocsf.put("status_code", reason);
            mapped.add("reason");
        }
        var detail = event.text("detail");
        if (detail != null) {
            ocsf.put("status_detail", detail);
            mapped.add("detail");
        }
    }

    private Map<String, Object> metadata() {
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("version", SCHEMA_VERSION);
        var product = new LinkedHashMap<String, Object>();
        product.put("name", "Interlock");
        product.put("vendor_name", "Interlock");
        product.put("version", PluginVersion.get());
        product.put("feature", Map.of("name", event.source().replaceFirst("^/interlock/", "")));
        metadata.put("product", product);
        if (hostProfile) {
            metadata.put("profiles", List.of("host"));
        }
        metadata.put("uid", event.id());
        metadata.put("correlation_uid", correlation());
        metadata.put("event_code", event.type());
        metadata.put("original_time", event.time().toString());
        metadata.put("log_name", event.topic());
        metadata.put("log_provider", event.source());
        if (event.loggedAt() != null) {
            metadata.put("logged_time", event.loggedAt());
        }
        return metadata;
    }

    private String correlation() {
        for (var field : CORRELATION) {
            var value = event.text(field);
            if (value != null) {
                return value;
            }
        }
        return event.subject() == null ? event.id() : event.subject();
    }

    private void actor() {
        var by = row.by() == null ? null : event.text(row.by());
        if (by == null) {
            return;
        }
        mapped.add(row.by());
        ocsf.put("actor", Map.of("user", Map.of("name", by)));
        hostProfile |= row.as() != OcsfClass.ENTITY_MANAGEMENT
                && row.as() != OcsfClass.AUTHORIZE_SESSION
                && row.as() != OcsfClass.INVENTORY_INFO;
        observe("actor.user.name", 4, "User Name", by);
    }

    private void device() {
        var device = deviceOf();
        if (device == null) {
            return;
        }
        ocsf.put("device", device);
        hostProfile |= row.as() != OcsfClass.INVENTORY_INFO && !row.as().isFinding();
        if (device.get("hostname") instanceof String hostname) {
            observe("device.hostname", 1, "Hostname", hostname);
        }
        if (device.get("ip") instanceof String ip) {
            observe("device.ip", 2, "IP Address", ip);
        }
    }

    private @Nullable Map<String, Object> deviceOf() {
        var id = event.text("hostId");
        if (id == null) {
            return null;
        }
        var device = new LinkedHashMap<String, Object>();
        device.put("type_id", 1);
        device.put("type", "Server");
        device.put("uid", id);
        mapped.add("hostId");
        var nameField = event.field("hostName") != null ? "hostName" : "name";
        var name = event.type().contains(".agent.") ? null : event.text(nameField);
        if (name != null) {
            device.put("name", name);
            mapped.add(nameField);
            if (HOSTNAME.matcher(name).matches()) {
                device.put("hostname", name);
            }
        }
        var address = event.text("address");
        if (address != null && IP.matcher(address).matches()) {
            device.put("ip", address);
            mapped.add("address");
        }
        var os = event.text("osName");
        if (os != null) {
            device.put("os", os(os));
        }
        return device;
    }

    private Map<String, Object> os(String name) {
        var os = new LinkedHashMap<String, Object>();
        os.put("name", name);
        mapped.add("osName");
        boolean linux =
                name.toLowerCase(Locale.ROOT).matches(".*(linux|debian|ubuntu|centos|red hat|rhel|suse|fedora).*");
        os.put("type_id", linux ? 200 : 0);
        os.put("type", linux ? "Linux" : "Unknown");
        var version = event.text("osVersion");
        if (version != null) {
            os.put("version", version);
            mapped.add("osVersion");
        }
        return os;
    }

    private void finding(String cause) {
        var info = new LinkedHashMap<String, Object>();
        var uid = row.finding() == null ? event.id() : row.finding().fill(event);
        info.put("uid", uid);
        info.put("title", row.title());
        info.put("desc", cause);
        info.put("types", List.of(event.shortType()));
        ocsf.put("finding_info", info);
        var resources = new ArrayList<Map<String, Object>>();
        for (var kind : RESOURCES) {
            resource(resources, kind.get(0), kind.get(1), kind.get(2));
        }
        var subject = event.text("subjectKind");
        if (subject != null) {
            resource(resources, "subjectId", "", subject);
            mapped.add("subjectKind");
        }
        if (!resources.isEmpty()) {
            ocsf.put("resources", resources);
        }
        var next = row.nextOf(event);
        if (next != null) {
            ocsf.put("remediation", Map.of("desc", next));
            mapped.add("next");
            mapped.add("nextStep");
        }
    }

    private void resource(List<Map<String, Object>> resources, String idField, String nameField, String type) {
        var id = event.text(idField);
        if (id == null) {
            return;
        }
        var resource = new LinkedHashMap<String, Object>();
        resource.put("uid", id);
        mapped.add(idField);
        var name = nameField.isEmpty() ? null : event.text(nameField);
        if (name != null) {
            resource.put("name", name);
            mapped.add(nameField);
        }
        resource.put("type", type);
        resource.put("role_id", 3);
        resource.put("role", "Affected");
        observe("resources[" + resources.size() + "].uid", 10, "Resource UID", id);
        resources.add(resource);
    }

    private void compliance() {
        var compliance = new LinkedHashMap<String, Object>();
        var clause = row.clauseOf(event);
        if (clause != null) {
            compliance.put("control", clause);
        }
        compliance.put("standards", List.of("Interlock: rules of the vendors' documents"));
        compliance.put("status_id", "Pass".equals(row.rule()) ? 1 : "Warning".equals(row.rule()) ? 2 : 3);
        compliance.put("status", String.valueOf(row.rule()));
        if (event.field("checks") instanceof List<?> checks) {
            var details = new ArrayList<String>();
            for (Object each : checks) {
                if (each instanceof Map<?, ?> check) {
                    details.add(check.get("name")
                            + (Boolean.TRUE.equals(check.get("held")) ? " holds: " : " does not hold: ")
                            + check.get("observed"));
                }
            }
            compliance.put("status_details", details);
        }
        ocsf.put("compliance", compliance);
    }

    private void session() {
        var user = event.text("user");
        ocsf.put("user", Map.of("name", user == null ? "unknown" : user, "type_id", 1, "type", "User"));
        if (user != null) {
            mapped.add("user");
            observe("user.name", 4, "User Name", user);
        }
        var session = event.text("sessionId");
        if (session != null) {
            ocsf.put("session", Map.of("uid", session));
            mapped.add("sessionId");
        }
        var feature = event.text("feature");
        ocsf.put("privileges", List.of(feature == null ? "session license" : feature));
        if (feature != null) {
            mapped.add("feature");
        }
        var agent = event.text("agentId");
        if (agent != null) {
            ocsf.put("dst_endpoint", Map.of("uid", agent));
            mapped.add("agentId");
        }
    }

    private void entity() {
        var described = row.entity();
        if (described == null) {
            return;
        }
        var entity = new LinkedHashMap<String, Object>();
        boolean host = described.type().equals("host");
        entity.put("type_id", host ? 1 : 99);
        entity.put("type", host ? "Device" : described.type());
        entity.put("uid", described.uid().fill(event));
        mapped.addAll(described.uid().paths());
        put(entity, "name", described.name());
        if (host && ocsf.get("device") instanceof Map<?, ?> device) {
            entity.put("device", device);
        }
        ocsf.put("entity", entity);
        var comment = event.text("comment");
        if (comment != null) {
            ocsf.put("comment", comment);
            mapped.add("comment");
        }
    }

    private void app() {
        var described = row.app();
        if (described == null) {
            return;
        }
        var app = new LinkedHashMap<String, Object>();
        app.put("uid", described.uid().fill(event));
        mapped.addAll(described.uid().paths());
        put(app, "name", described.name());
        put(app, "version", described.version());
        ocsf.put("app", app);
    }

    private void put(Map<String, Object> object, String attribute, @Nullable Sentence sentence) {
        var text = sentence == null ? "" : sentence.fill(event);
        if (sentence != null && !text.isEmpty()) {
            object.put(attribute, text);
            mapped.addAll(sentence.paths());
        }
    }

    private void observe(String name, int typeId, String type, String value) {
        var observable = new LinkedHashMap<String, Object>();
        observable.put("name", name);
        observable.put("type_id", typeId);
        observable.put("type", type);
        observable.put("value", value);
        observables.add(observable);
    }

    private Map<String, Object> unmapped() {
        var unmapped = new LinkedHashMap<String, Object>();
        var clause = row.clauseOf(event);
        if (clause != null) {
            unmapped.put("clause", clause);
        }
        var next = row.nextOf(event);
        if (next != null && !row.as().isFinding()) {
            unmapped.put("next", next);
        }
        var data = new LinkedHashMap<>(event.data());
        data.keySet().removeAll(mapped);
        unmapped.put("data", data);
        if (event.traceparent() != null) {
            unmapped.put("traceparent", event.traceparent());
        }
        var kafka = new LinkedHashMap<String, Object>();
        kafka.put("topic", event.topic());
        kafka.put("partition", event.partition());
        kafka.put("offset", event.offset());
        unmapped.put("kafka", kafka);
        return unmapped;
    }
}
