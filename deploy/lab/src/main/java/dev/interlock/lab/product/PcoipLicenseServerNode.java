package dev.interlock.lab.product;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Daemon;
import dev.interlock.lab.machine.Effect;
import dev.interlock.lab.machine.Errno;
import dev.interlock.lab.machine.HostProcess;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.RpmPackage;
import dev.interlock.lab.machine.Scriptlets;
import dev.interlock.lab.machine.Site;
import dev.interlock.lab.product.PcoipMessages.Response;
import dev.interlock.lab.product.PcoipTrustedStorage.Content;
import dev.interlock.lab.product.PcoipTrustedStorage.License;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A license server that runs, or would if it were started: who is logged in, who is locked out, what it answers. */
final class PcoipLicenseServerNode implements Daemon, Site, Scriptlets {
    static final String PACKAGE = "pcoip-license-server";
    static final String UNIT = "flexnetls-TERADICI.service";
    static final String USER = "pcoip_license_server";
    static final String HOME = "/opt/flexnetls/TERADICI";
    static final String LOG = "/var/log/flexnetls-TERADICI/flexnetls.log";
    private static final int WRONG_MOST = 3;
    private static final Duration LOCKED = Duration.ofMinutes(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether a password opens the door. */
    enum Login {
        IN,
        WRONG,
        LOCKED
    }

    private final Machine machine;
    private final PcoipTrustedStorage storage;
    private final PcoipPortal portal;
    private final Set<String> tokens = new HashSet<>();
    private int wrongInRow;
    private @Nullable Instant lockedUntil;
    private int rightTries;
    private int wrongTries;
    private int refusedTries;
    private String before = "";
    private volatile long slower;

    PcoipLicenseServerNode(Machine machine, PcoipTrustedStorage storage) {
        this.machine = machine;
        this.storage = storage;
        this.portal = machine.attached(PcoipPortal.class);
    }

    // ---- identity

    UUID hostUuid() {
        return UUID.nameUUIDFromBytes((machine.name() + "/host").getBytes(StandardCharsets.UTF_8));
    }

    /** The machine's own UUID, as its firmware has it. */
    String hostId() {
        return vmUuid(machine.name());
    }

    static String vmUuid(String name) {
        return UUID.nameUUIDFromBytes((name + "/vm").getBytes(StandardCharsets.UTF_8))
                .toString()
                .toUpperCase(Locale.ROOT);
    }

    PcoipPortal portal() {
        return portal;
    }

    PcoipTrustedStorage storage() {
        return storage;
    }

    // ---- as a daemon

    @Override
    public String user() {
        return USER;
    }

    @Override
    public @Nullable String refusal() {
        if (machine.faults().has(Fault.STUCK)) {
            return log("ERROR", "Address already in use: port 7070 is held by a process of " + USER);
        }
        Content content = storage.read();
        if (content == null) {
            return log(
                    "ERROR",
                    "Trusted storage in " + storage.folder()
                            + " is corrupted: it has been moved or modified. The server will not start.");
        }
        if (version().compareTo(content.writtenBy()) < 0) {
            return log(
                    "ERROR",
                    "Trusted storage was written by version " + content.writtenBy() + " and is corrupted for "
                            + version() + ". The server will not start.");
        }
        return null;
    }

    private String version() {
        RpmPackage pkg = machine.packages().newest(PACKAGE);
        return pkg == null ? "" : pkg.version();
    }

    @Override
    public synchronized void started() {
        forget();
        slower = machine.faults().number(Fault.SLOWSTART);
        Content content = storage.read();
        if (content != null && !content.writtenBy().equals(version())) {
            storage.write(content.writtenBy(version()));
        }
        log("INFO", "Starting PCoIP License Server " + version());
        log("WARN", "Unable to connect to compliance.teradici.flexnetoperations.com");
    }

    @Override
    public synchronized void stopped() {
        forget();
    }

    private void forget() {
        tokens.clear();
        wrongInRow = 0;
        lockedUntil = null;
    }

    @Override
    public void killed() {
        machine.faults().remove(Fault.STUCK);
    }

    @Override
    public Duration listens(Duration usual) {
        return usual.plusSeconds(slower);
    }

    private String log(String level, String text) {
        String so = "";
        try {
            so = machine.files().exists(LOG) ? machine.files().text(LOG) : "";
        } catch (Errno e) {
            so = "";
        }
        machine.files().put(LOG, so + machine.now() + " " + level + " " + text + "\n", 0644);
        return text;
    }

    // ---- as a package: down while it is replaced (L51), trusted storage untouched (L52)

    @Override
    public void before(HostProcess rpm, RpmPackage incoming) {
        if (machine.units().find(UNIT) != null) {
            machine.units().stop(rpm, List.of(UNIT));
        }
    }

    @Override
    public void after(HostProcess rpm, RpmPackage incoming) {
        Content content = storage.read();
        if (content != null && machine.faults().has(Fault.LOSTLICENSES)) {
            storage.write(content.without((int) machine.faults().number(Fault.LOSTLICENSES)));
        }
        machine.units().start(rpm, List.of(UNIT));
    }

    // ---- administrators

    boolean listening() {
        return machine.units().listener(7070) != null;
    }

    /** False when the certificate bundle, which every command needs, is not there (L88). */
    boolean hasCertificates() {
        try {
            return machine.files().text(HOME + "/flexnet.certs").startsWith("-----BEGIN");
        } catch (Errno e) {
            return false;
        }
    }

    /** By a command, so that each try is counted (L43). */
    Login login(HostProcess process, String password) {
        var outcome = new AtomicReference<>(Login.WRONG);
        machine.effect(process, Effect.Kind.LOGIN, "admin", "", () -> outcome.set(login(password)));
        return outcome.get();
    }

    synchronized Login login(String password) {
        Instant until = lockedUntil;
        if (until != null && machine.now().isBefore(until)) {
            refusedTries++;
            return Login.LOCKED;
        }
        if (until != null) {
            lockedUntil = null;
            wrongInRow = 0;
        }
        if (hash(password).equals(content().password())) {
            rightTries++;
            wrongInRow = 0;
            return Login.IN;
        }
        wrongTries++;
        wrongInRow++;
        if (wrongInRow >= WRONG_MOST) {
            lockedUntil = machine.now().plus(machine.scaled(LOCKED));
            return Login.LOCKED;
        }
        return Login.WRONG;
    }

    Content content() {
        Content content = storage.read();
        if (content == null) {
            throw new IllegalStateException(machine.name() + " runs without its trusted storage");
        }
        return content;
    }

    String hash(String password) {
        return PcoipTrustedStorage.sha256(machine.name() + "\n" + password);
    }

    synchronized void password(String password) {
        storage.write(content().withPassword(hash(password)));
    }

    /** Null when done, or why not. */
    @Nullable
    String activate(
            HostProcess process, String code, int total, String feature, String expires, @Nullable String response) {
        int was = content().count(code);
        machine.effect(process, Effect.Kind.ACTIVATE, code, was + " -> " + total, () -> {
            synchronized (this) {
                storage.write(content().with(new License(code, feature, total, expires), response));
            }
        });
        return null;
    }

    /** Null when the response was applied, or why not. */
    @Nullable
    String apply(HostProcess process, byte[] file) {
        Response response = Response.read(file);
        if (response == null) {
            return "The response file is damaged or is no capability response.";
        }
        if (!response.hostId().equals(hostId())) {
            return "The response was generated for another machine (" + response.hostId() + ").";
        }
        if (machine.now().isAfter(response.at().plus(response.lifetime()))) {
            return "The response has expired.";
        }
        String id = response.code() + "#" + response.number();
        if (content().responses().contains(id)) {
            return "The response has been processed already.";
        }
        return activate(process, response.code(), response.count(), response.feature(), response.expires(), id);
    }

    // ---- the REST interface

    @Override
    public Reply answer(Request request) {
        String path = request.path().replaceFirst("^/api/1\\.0/instances/[^/]+/", "/api/1.0/~/");
        return switch (request.method() + " " + path) {
            case "GET /api/1.0/health" -> json(200, health());
            case "POST /api/1.0/~/authorize" -> authorize(request);
            case "GET /api/1.0/~/features" -> known(request) ? json(200, features()) : unauthorized();
            case "GET /api/1.0/~/features/summaries" -> known(request) ? json(200, summaries()) : unauthorized();
            case "GET /api/1.0/~/clients", "GET /api/1.0/~/reservationgroups" ->
                known(request) ? json(200, List.of()) : unauthorized();
            case "GET /api/1.0/hostids", "GET /api/1.0/~/hostids" ->
                known(request) ? json(200, hostIds()) : unauthorized();
            case "GET /version" -> new Reply(200, "text/plain", running() + "\n");
            default -> json(404, error("glsErr.notFound", "Not found: " + request.path()));
        };
    }

    private String running() {
        var unit = machine.units().find(UNIT);
        return unit == null || unit.running() == null ? "" : unit.running();
    }

    private Map<String, Object> health() {
        var body = new LinkedHashMap<String, Object>();
        boolean old = Integer.parseInt(running().replaceFirst("\\..*", "")) < 21;
        body.put("version", old ? "2018.02" : "2021.05");
        body.put("buildDate", old ? "2018-02-27T17:03:40Z" : "2021-05-19T09:12:08Z");
        body.put("buildVersion", old ? "225119" : "276519");
        body.put("branch", "mainline");
        body.put("patch", "0");
        body.put("fneBuildVersion", old ? "220112" : "276400");
        body.put("serverInstanceID", hostUuid().toString());
        body.put("database", Map.of("connectionCheck", "success"));
        return Map.of(old ? "GLS" : "LLS", body);
    }

    private Reply authorize(Request request) {
        String user;
        String password;
        try {
            JsonNode body = JSON.readTree(request.body());
            user = body.path("user").asText("");
            password = body.path("password").asText("");
        } catch (JsonProcessingException e) {
            return json(400, error("glsErr.badRequest", "Malformed JSON"));
        }
        if (!user.equals("admin")) {
            return unauthorized();
        }
        return switch (login(password)) {
            case IN -> {
                String token = UUID.randomUUID().toString();
                synchronized (this) {
                    tokens.add(token);
                }
                yield json(
                        200,
                        Map.of(
                                "token",
                                token,
                                "expires",
                                machine.now().plus(Duration.ofDays(1)).toString()));
            }
            case WRONG -> json(401, error("glsErr.unauthorized", "Invalid user name or password"));
            case LOCKED -> json(401, error("glsErr.locked", "Too many failed logins"));
        };
    }

    private synchronized boolean known(Request request) {
        String header = request.headers().getOrDefault("authorization", "");
        return header.startsWith("Bearer ") && tokens.contains(header.substring(7));
    }

    private static Reply unauthorized() {
        return json(401, error("glsErr.unauthorized", "Authorization is required"));
    }

    private List<Map<String, Object>> features() {
        var all = new ArrayList<Map<String, Object>>();
        for (License license : content().licenses()) {
            var one = new LinkedHashMap<String, Object>();
            one.put("id", all.size() + 1);
            one.put("featureName", license.feature());
            one.put("featureVersion", featureVersion(license));
            one.put("expiry", license.expires());
            one.put("featureCount", license.count());
            one.put("overdraftCount", 0);
            one.put("used", 0);
            all.add(one);
        }
        return all;
    }

    private List<Map<String, Object>> summaries() {
        var byName = new LinkedHashMap<String, Integer>();
        content().licenses().forEach(l -> byName.merge(l.feature(), l.count(), Integer::sum));
        var all = new ArrayList<Map<String, Object>>();
        byName.forEach((name, count) -> all.add(Map.of("featureName", name, "featureCount", count, "used", 0)));
        return all;
    }

    static String featureVersion(License license) {
        return license.expires().substring(0, 4) + "."
                + license.expires().substring(5).replace("-", "");
    }

    private Map<String, Object> hostIds() {
        return Map.of(
                "hostids",
                List.of(
                        Map.of("type", "VM_UUID", "value", hostId()),
                        Map.of(
                                "type",
                                "ETHERNET",
                                "value",
                                "5254" + hostId().replace("-", "").substring(0, 8))));
    }

    private static Map<String, Object> error(String key, String message) {
        return Map.of("key", key, "message", message);
    }

    private static Reply json(int status, Object body) {
        try {
            return new Reply(status, "application/json", JSON.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- faults

    void fail(Fault fault, String value) {
        switch (fault) {
            case BADSTORAGE -> {
                before = storage.text();
                if (value.equals("moved")) {
                    storage.move(false);
                } else {
                    storage.modify();
                }
            }
            case WRONGPASSWORD -> {
                before = content().password();
                password("Somebody-else-set-1!");
            }
            default -> {} // looked up where they bite
        }
    }

    void heal(Fault fault) {
        switch (fault) {
            case BADSTORAGE -> {
                if (!storage.there()) {
                    storage.move(true);
                }
                storage.restore(before);
            }
            case WRONGPASSWORD -> storage.write(content().withPassword(before));
            case SLOWSTART -> slower = 0;
            default -> {}
        }
    }

    // ---- for people and tests

    synchronized Map<String, Object> state() {
        var state = new LinkedHashMap<String, Object>();
        Content content = storage.read();
        state.put("hostId", hostId());
        state.put("trustedStorage", content == null ? "corrupted" : "good");
        state.put("rightPasswords", rightTries);
        state.put("wrongPasswords", wrongTries);
        state.put("triesWhileLocked", refusedTries);
        Instant until = lockedUntil;
        state.put("lockedUntil", until == null || !machine.now().isBefore(until) ? "" : until.toString());
        var licenses = new LinkedHashMap<String, Integer>();
        if (content != null) {
            content.licenses().forEach(l -> licenses.merge(l.code(), l.count(), Integer::sum));
        }
        state.put("licenses", licenses);
        return state;
    }
}
