package dev.interlock.lab.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.interlock.lab.Lab;
import dev.interlock.lab.LabHost;
import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Effect;
import dev.interlock.lab.product.PcoipPortal;
import dev.interlock.lab.product.PcoipPortal.PortalException;
import dev.interlock.lab.product.Product;
import dev.interlock.lab.product.Products;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * {@code GET|POST /hosts}, {@code GET /hosts/{name}}, {@code POST|DELETE /hosts/{name}/faults}, {@code DELETE
 * /hosts/{name}/faults/{kind}}, {@code GET /hosts/{name}/effects}, {@code GET /effects}, {@code GET /faults}, {@code GET
 * /inventory.csv|.ini}, {@code GET|PUT /time-scale}, {@code GET /portal}, {@code POST /portal/entitlements|responses}. On loopback and without a password: it is a toy's control panel.
 */
public final class AdminServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 64 * 1024;

    private final Lab lab;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** What to answer. */
    private record Answer(int status, String type, String body) {
        static Answer json(int status, Object value) throws JsonProcessingException {
            return new Answer(
                    status,
                    "application/json",
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n");
        }

        static Answer problem(int status, String title, String detail) throws JsonProcessingException {
            var problem = new LinkedHashMap<String, Object>();
            problem.put("type", "about:blank");
            problem.put("title", title);
            problem.put("status", status);
            problem.put("detail", detail);
            return new Answer(status, "application/problem+json", JSON.writeValueAsString(problem) + "\n");
        }
    }

    public AdminServer(Lab lab, int port) throws IOException {
        this.lab = lab;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = answer(exchange);
            } catch (IllegalArgumentException e) {
                answer = Answer.problem(400, "Bad request", String.valueOf(e.getMessage()));
            } catch (JsonProcessingException e) {
                answer = Answer.problem(400, "Malformed JSON", e.getOriginalMessage());
            } catch (RuntimeException e) {
                answer = Answer.problem(500, "The lab failed", e.toString());
            }
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        List<String> path = List.of(
                exchange.getRequestURI().getPath().replaceFirst("^/+", "").split("/"));
        String call = exchange.getRequestMethod() + " " + path.getFirst() + "/".repeat(path.size() - 1);
        return switch (call) {
            case "GET hosts" -> {
                var all = new ArrayList<Map<String, Object>>();
                lab.hosts().forEach(host -> all.add(view(host)));
                yield Answer.json(200, all);
            }
            case "POST hosts" -> {
                JsonNode body = body(exchange);
                String name = text(body, "name", "");
                Product product = Products.named(text(body, "product", "keeper-connection-manager"));
                String variant = text(body, "variant", product.variants().getFirst());
                String deployment = text(body, "deployment", "keeper");
                String installed = text(body, "installed", product.installedByDefault());
                String offered = text(body, "offered", product.offeredByDefault());
                int count = body.path("count").asInt(1);
                var made = new ArrayList<Map<String, Object>>();
                for (int i = 1; i <= count; i++) {
                    String each = body.has("count") ? String.format(java.util.Locale.ROOT, "%s-%03d", name, i) : name;
                    made.add(view(lab.add(each, product.name(), variant, deployment, installed, offered)));
                }
                yield Answer.json(201, made);
            }
            case "POST ums" -> {
                JsonNode body = body(exchange);
                var made = new ArrayList<Map<String, Object>>();
                lab.addUms(
                                text(body, "deployment", "ums"),
                                body.path("servers").asInt(3),
                                body.path("loadBalancers").asInt(0),
                                body.path("consoles").asInt(0))
                        .forEach(host -> made.add(view(host)));
                yield Answer.json(201, made);
            }
            case "PUT ums-database" -> {
                JsonNode body = body(exchange);
                lab.umsDatabase(text(body, "url", ""), text(body, "user", ""), text(body, "password", ""));
                yield Answer.json(200, Map.of());
            }
            case "GET hosts/" -> {
                LabHost host = lab.find(path.get(1));
                yield host == null ? unknown(path.get(1)) : Answer.json(200, details(host));
            }
            case "GET hosts//", "POST hosts//", "DELETE hosts//", "DELETE hosts///" -> {
                LabHost host = lab.find(path.get(1));
                yield host == null ? unknown(path.get(1)) : host(exchange, host, path.subList(2, path.size()));
            }
            case "GET effects" ->
                Answer.json(200, lab.effects().stream().map(AdminServer::view).toList());
            case "GET faults" -> {
                var all = new LinkedHashMap<String, String>();
                for (Fault fault : Fault.values()) {
                    all.put(
                            fault.word(),
                            fault.meaning() + (fault.usual().isEmpty() ? "" : " (usual VALUE: " + fault.usual() + ")"));
                }
                yield Answer.json(200, all);
            }
            case "GET portal" ->
                Answer.json(
                        200,
                        lab.portal().entitlements().values().stream()
                                .map(AdminServer::view)
                                .toList());
            case "POST portal/" -> portal(exchange, path.get(1));
            case "GET inventory.csv" -> new Answer(200, "text/csv", lab.inventoryCsv());
            case "GET inventory.ini" -> new Answer(200, "text/plain", lab.inventoryIni());
            case "GET time-scale" -> Answer.json(200, Map.of("scale", lab.timeScale()));
            case "PUT time-scale" -> {
                JsonNode body = body(exchange);
                lab.timeScale(
                        body.isNumber() ? body.asDouble() : body.path("scale").asDouble(0));
                yield Answer.json(200, Map.of("scale", lab.timeScale()));
            }
            default ->
                Answer.problem(
                        404,
                        "Not found",
                        "The lab knows no " + exchange.getRequestMethod() + " "
                                + exchange.getRequestURI().getPath());
        };
    }

    /** The vendor's portal: buys, and turns a request.bin into a response.bin, both in Base64. */
    private Answer portal(HttpExchange exchange, String what) throws IOException {
        JsonNode body = body(exchange);
        try {
            return switch (what) {
                case "entitlements" ->
                    Answer.json(
                            201,
                            view(lab.portal()
                                    .entitle(
                                            text(body, "code", ""),
                                            text(body, "feature", "Agent-Session"),
                                            body.path("count").asInt(0),
                                            LocalDate.parse(text(body, "expires", "")))));
                case "responses" ->
                    Answer.json(
                            200,
                            Map.of(
                                    "response",
                                    Base64.getEncoder()
                                            .encodeToString(lab.portal()
                                                    .respond(Base64.getDecoder().decode(text(body, "request", ""))))));
                default -> Answer.problem(404, "Not found", "The portal has entitlements and responses.");
            };
        } catch (PortalException e) {
            return Answer.problem(409, "The portal refused", String.valueOf(e.getMessage()));
        } catch (DateTimeParseException e) {
            return Answer.problem(400, "Bad request", "'expires' must be a date, as in 2027-12-31.");
        }
    }

    private static Map<String, Object> view(PcoipPortal.Entitlement entitlement) {
        var view = new LinkedHashMap<String, Object>();
        view.put("code", entitlement.code());
        view.put("feature", entitlement.feature());
        view.put("count", entitlement.count());
        view.put("expires", entitlement.expires().toString());
        view.put("active", entitlement.active());
        return view;
    }

    private Answer host(HttpExchange exchange, LabHost host, List<String> rest) throws IOException {
        String call = exchange.getRequestMethod() + " " + rest.getFirst();
        return switch (call) {
            case "POST faults" -> {
                JsonNode body = body(exchange);
                Fault fault = fault(text(body, "kind", ""));
                JsonNode value = body.path("value");
                host.fail(fault, value.isMissingNode() || value.isNull() ? "" : value.asText());
                yield Answer.json(200, host.machine().faults().all());
            }
            case "GET faults" -> Answer.json(200, host.machine().faults().all());
            case "DELETE faults" -> {
                if (rest.size() > 1) {
                    host.heal(fault(rest.get(1)));
                } else {
                    host.heal();
                }
                yield Answer.json(200, host.machine().faults().all());
            }
            case "GET effects" -> {
                var counts = new LinkedHashMap<String, Integer>();
                host.effects().forEach(e -> counts.merge(e.kind().word() + " " + e.subject(), 1, Integer::sum));
                var view = new LinkedHashMap<String, Object>();
                view.put("host", host.name());
                view.put("counts", counts);
                view.put(
                        "effects",
                        host.effects().stream().map(AdminServer::view).toList());
                yield Answer.json(200, view);
            }
            default ->
                Answer.problem(404, "Not found", "A host has faults and effects, not '" + rest.getFirst() + "'.");
        };
    }

    private static Fault fault(String word) {
        return Fault.of(word)
                .orElseThrow(() ->
                        new IllegalArgumentException("There is no fault '" + word + "'; GET /faults lists them."));
    }

    private Answer unknown(String name) throws JsonProcessingException {
        return Answer.problem(404, "No such host", "There is no host '" + name + "'; GET /hosts lists them.");
    }

    private Map<String, Object> view(LabHost host) {
        var view = new LinkedHashMap<String, Object>();
        view.put("name", host.name());
        view.put("address", host.address());
        view.put("port", host.port());
        view.put("user", Lab.USER);
        view.put("credential", lab.credential());
        view.put("hostKey", host.hostKey());
        view.put("deployment", host.deployment());
        view.put("product", host.product().name());
        view.put("variant", host.variant());
        if (!host.http().isEmpty()) {
            var http = new LinkedHashMap<String, String>();
            host.http().forEach((port, uri) -> http.put(String.valueOf(port), uri.toString()));
            view.put("http", http);
        }
        view.put("state", host.machine().isOn() ? "on" : "off");
        view.put("faults", host.machine().faults().all());
        return view;
    }

    private Map<String, Object> details(LabHost host) {
        Map<String, Object> view = view(host);
        var units = new LinkedHashMap<String, Object>();
        host.machine()
                .units()
                .all()
                .forEach(u ->
                        units.put(u.file().name(), u.active().word() + (u.running() == null ? "" : " " + u.running())));
        view.put("units", units);
        view.put(
                "packages",
                host.machine().packages().installed().stream()
                        .map(i -> i.pkg().nevra())
                        .sorted()
                        .toList());
        view.putAll(host.product().details(host.machine()));
        view.put("commands", host.commands());
        view.put("connections", host.connections());
        view.put(
                "processes",
                host.machine().processes().stream()
                        .map(p -> p.pid() + " " + String.join(" ", p.arguments()))
                        .toList());
        return view;
    }

    private static Map<String, Object> view(Effect effect) {
        var view = new LinkedHashMap<String, Object>();
        view.put("host", effect.host());
        view.put("kind", effect.kind().word());
        view.put("subject", effect.subject());
        view.put("detail", effect.detail());
        view.put("at", effect.at().toString());
        view.put("command", effect.commandId());
        return view;
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(MOST);
        if (bytes.length == MOST) {
            throw new IllegalArgumentException("The body is larger than " + MOST + " bytes.");
        }
        JsonNode node = JSON.readTree(bytes);
        if (node == null || node.isMissingNode()) {
            throw new IllegalArgumentException("A JSON body is expected.");
        }
        return node;
    }

    private static String text(JsonNode body, String field, String otherwise) {
        return body.path(field).asText(otherwise);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
