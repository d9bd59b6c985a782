package dev.interlock.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.interlock.cli.Table.Column;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What every command works with: the terminal, the four APIs, the output. */
final class Desk {

    static final int USUAL_LIMIT = 50;

    private final Terminal terminal;
    private final Settings settings;
    private final Output output;
    private final Map<Service, Api> apis = new EnumMap<>(Service.class);

    Desk(Terminal terminal) {
        this.terminal = terminal;
        this.settings = new Settings(terminal);
        this.output = new Output(terminal);
    }

    Terminal terminal() {
        return terminal;
    }

    Settings settings() {
        return settings;
    }

    Output output() {
        return output;
    }

    Api api(Service service) {
        return apis.computeIfAbsent(service, each -> new Api(each, settings.address(each), settings.token()));
    }

    static ObjectNode body() {
        return Api.JSON.createObjectNode();
    }

    int list(Service service, String path, Api.Query query, Limit limit, Column... columns) {
        var rows = new ArrayList<JsonNode>();
        boolean more = api(service).pages(path, query, limit.count(), rows::add);
        output.list(rows, more, columns);
        return 0;
    }

    int show(JsonNode thing) {
        output.show(thing);
        return 0;
    }

    int done(String sentence, JsonNode answer) {
        output.done(sentence, answer);
        return 0;
    }

    /** The thing that a person names by its id or by its name. */
    JsonNode find(Service service, String collection, String kind, String nameOrId) {
        Api api = api(service);
        if (isId(nameOrId)) {
            return api.get("/" + collection + "/" + nameOrId);
        }
        var query = new Api.Query().with("q", collection.equals("hosts") ? nameOrId : null);
        var same = new ArrayList<JsonNode>();
        var alike = new ArrayList<String>();
        api.pages("/" + collection, query, null, each -> {
            String name = each.path("name").asText();
            if (name.equals(nameOrId)) {
                same.add(each);
            } else if (likeness(name).contains(likeness(nameOrId)) && alike.size() < 5) {
                alike.add(name);
            }
        });
        if (same.size() == 1) {
            return same.getFirst();
        }
        if (same.isEmpty()) {
            throw new Failure(
                    Failure.REFUSED,
                    "There is no " + kind + " '" + nameOrId + "'."
                            + (alike.isEmpty()
                                    ? " See `interlock " + collection + " list`."
                                    : " Did you mean " + String.join(", ", alike) + "?"));
        }
        throw Failure.usage("There are " + same.size() + " of the name '" + nameOrId + "'. Use an id: "
                + String.join(", ", same.stream().map(Desk::id).toList()) + ".");
    }

    /** The same, if only the id is needed: an id given is taken as it is. */
    String id(Service service, String collection, String kind, String nameOrId) {
        return isId(nameOrId) ? nameOrId : id(find(service, collection, kind, nameOrId));
    }

    String host(String nameOrId) {
        return id(Service.INVENTORY, "hosts", "host", nameOrId);
    }

    String deployment(String nameOrId) {
        return id(Service.INVENTORY, "deployments", "deployment", nameOrId);
    }

    String licenseServer(String nameOrId) {
        return id(Service.LICENSE, "license-servers", "license server", nameOrId);
    }

    String agent(String nameOrId) {
        return id(Service.AGENT, "agents", "agent", nameOrId);
    }

    /** A thing's own id is the first that its view holds: {@code id}, {@code hostId}, {@code agentId} … */
    static String id(JsonNode thing) {
        for (var fields = thing.fields(); fields.hasNext(); ) {
            var field = fields.next();
            if ((field.getKey().equals("id") || field.getKey().endsWith("Id"))
                    && field.getValue().isTextual()) {
                return field.getValue().asText();
            }
        }
        throw new Failure(Failure.DEFECT, "The service's answer has no id.");
    }

    static boolean isId(String text) {
        try {
            return UUID.fromString(text).toString().equals(text.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String likeness(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** A reason is asked for where a person will read it later. */
    static ObjectNode reason(@Nullable String reason) {
        ObjectNode body = body();
        if (reason != null) {
            body.put("reason", reason);
        }
        return body;
    }
}
