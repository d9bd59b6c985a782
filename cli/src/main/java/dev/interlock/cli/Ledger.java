package dev.interlock.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An authority's folder: its key, and the book of what it allotted to whom. The book is a file of lines that is only added to; a
 * line is on the disk before the answer that it stands for leaves the house, so a crash never allots twice. Each line holds the
 * hash of the one before. One process at a time has it open.
 */
final class Ledger implements AutoCloseable {

    /** A purchase. */
    record Entitlement(String code, int seats, String feature, Instant expires) {}

    /**
     * What a server was last given of a code.
     *
     * @param sequence of the request that asked for it
     */
    record Allotted(String host, String serverName, int total, long sequence, Instant at) {}

    /** An answer that was given. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    private record Answer(String requestSha256, byte[] file, Instant until) {}

    private static final String BOOK = "ledger.jsonl";

    private final Path folder;
    private final FileChannel book;
    private final FileLock lock;
    private final KeyPair keys;
    private final String name;
    private final Map<String, Entitlement> entitlements = new TreeMap<>();
    private final Map<String, Map<String, Allotted>> allotted = new TreeMap<>();
    private final Map<String, String> hostKeys = new LinkedHashMap<>();
    private final Map<UUID, Answer> answers = new LinkedHashMap<>();
    private String lastHash = "";

    private Ledger(Path folder, FileChannel book, FileLock lock, KeyPair keys, String name) {
        this.folder = folder;
        this.book = book;
        this.lock = lock;
        this.keys = keys;
        this.name = name;
    }

    static Ledger create(Path folder, String name, Instant now) {
        if (Files.exists(folder.resolve(BOOK)) || Files.exists(folder.resolve("key.pem"))) {
            throw new Failure(
                    Failure.REFUSED,
                    "There is an authority in " + folder + " already.\n  next: Use it, or name another folder with"
                            + " --dir.");
        }
        try {
            var onlyOwner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(folder.toAbsolutePath().getParent());
            if (!Files.isDirectory(folder)) {
                Files.createDirectory(folder, onlyOwner);
            }
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            secret(
                    folder.resolve("key.pem"),
                    pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            secret(folder.resolve(BOOK), "");
            Files.writeString(folder.resolve("key.pub"), publicKey(pair) + "\n");
            Ledger ledger = open(folder, pair, name);
            ObjectNode line = Desk.body().put("what", "opened").put("at", now.toString());
            ledger.append(line.put("authority", name).put("publicKey", publicKey(pair)));
            return ledger;
        } catch (IOException e) {
            throw cannot("make an authority in " + folder, e);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static Ledger open(Path folder) {
        try {
            checkOnlyOwner(folder.resolve("key.pem"));
            var publicKey = Base64.getDecoder()
                    .decode(Files.readString(folder.resolve("key.pub")).strip());
            var factory = KeyFactory.getInstance("Ed25519");
            var pair = new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(publicKey)),
                    factory.generatePrivate(
                            new PKCS8EncodedKeySpec(unpem(Files.readString(folder.resolve("key.pem"))))));
            return open(folder, pair, "");
        } catch (NoSuchFileException e) {
            throw new Failure(
                    Failure.REFUSED,
                    "There is no authority in " + folder
                            + ".\n  next: Make one with `interlock authority init NAME --dir " + folder
                            + "`, or name the right folder with --dir.");
        } catch (IOException e) {
            throw cannot("open the authority in " + folder, e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Failure(
                    Failure.REFUSED,
                    "The key of the authority in " + folder + " cannot be read.\n  next: Restore the folder from its"
                            + " backup.");
        }
    }

    private static Ledger open(Path folder, KeyPair keys, String name) throws IOException {
        FileChannel book = FileChannel.open(folder.resolve(BOOK), StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = book.tryLock();
        if (lock == null) {
            book.close();
            throw new Failure(
                    Failure.REFUSED,
                    "Another command is just working with the authority in " + folder
                            + ".\n  next: Try again when it has" + " ended.");
        }
        String lines = read(book);
        JsonNode first = lines.isEmpty() ? Desk.body() : Api.JSON.readTree(lines.substring(0, lines.indexOf('\n')));
        var ledger = new Ledger(
                folder,
                book,
                lock,
                keys,
                name.isEmpty() ? first.path("authority").asText("authority") : name);
        try {
            ledger.replay(lines);
        } catch (RuntimeException e) {
            ledger.close();
            throw e;
        }
        return ledger;
    }

    /** A last line without its end was never acted on: it is cut off. */
    private static String read(FileChannel book) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var buffer = ByteBuffer.allocate(65536);
        while (book.read(buffer) >= 0) {
            bytes.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        if (whole.length() < text.length()) {
            book.truncate(whole.getBytes(StandardCharsets.UTF_8).length);
        }
        book.position(book.size());
        return whole;
    }

    private void replay(String lines) {
        int number = 0;
        for (String line : lines.lines().toList()) {
            number++;
            JsonNode entry;
            try {
                entry = Api.JSON.readTree(line);
            } catch (IOException e) {
                throw broken(number, "is not JSON");
            }
            if (!entry.path("before").asText().equals(lastHash)) {
                throw broken(number, "does not follow from the one before");
            }
            lastHash = AuthorityFiles.sha256(line.getBytes(StandardCharsets.UTF_8));
            take(entry);
        }
    }

    private Failure broken(int line, String how) {
        return new Failure(
                Failure.REFUSED,
                "The ledger in " + folder + " was changed: line " + line + " " + how
                        + ".\n  next: Restore the folder from its backup; nothing is allotted from a book that is not"
                        + " whole.");
    }

    private void take(JsonNode entry) {
        Instant at = Instant.parse(entry.path("at").asText());
        switch (entry.path("what").asText()) {
            case "entitled" -> {
                String code = entry.path("code").asText();
                entitlements.put(
                        code,
                        new Entitlement(
                                code,
                                entry.path("seats").asInt(),
                                entry.path("feature").asText(),
                                Instant.parse(entry.path("expires").asText())));
            }
            case "answered" -> {
                String host = entry.path("host").asText();
                hostKeys.putIfAbsent(host, entry.path("hostKey").asText());
                allotted.computeIfAbsent(entry.path("code").asText(), code -> new TreeMap<>())
                        .put(
                                host,
                                new Allotted(
                                        host,
                                        entry.path("serverName").asText(),
                                        entry.path("total").asInt(),
                                        entry.path("sequence").asLong(),
                                        at));
                answers.put(
                        UUID.fromString(entry.path("requestId").asText()),
                        new Answer(
                                entry.path("requestSha256").asText(),
                                Base64.getDecoder()
                                        .decode(entry.path("response").asText()),
                                Instant.parse(entry.path("until").asText())));
            }
            default -> {} // opened
        }
    }

    private void append(ObjectNode entry) {
        entry.put("before", lastHash);
        byte[] line = entry.toString().getBytes(StandardCharsets.UTF_8);
        byte[] ended = Arrays.copyOf(line, line.length + 1);
        ended[line.length] = '\n';
        try {
            var buffer = ByteBuffer.wrap(ended);
            while (buffer.hasRemaining()) {
                book.write(buffer);
            }
            book.force(true);
        } catch (IOException e) {
            throw cannot("write the ledger in " + folder, e);
        }
        lastHash = AuthorityFiles.sha256(line);
        take(entry);
    }

    String name() {
        return name;
    }

    String publicKey() {
        return publicKey(keys);
    }

    private static String publicKey(KeyPair pair) {
        return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    }

    Map<String, Entitlement> entitlements() {
        return entitlements;
    }

    Map<String, Allotted> allotted(String code) {
        return allotted.getOrDefault(code, Map.of());
    }

    /** Seats of a code that no server has. */
    int free(Entitlement entitlement) {
        return entitlement.seats()
                - allotted(entitlement.code()).values().stream()
                        .mapToInt(Allotted::total)
                        .sum();
    }

    /** @return false when exactly this was entitled before */
    boolean entitle(Entitlement entitlement, Instant now) {
        Entitlement before = entitlements.get(entitlement.code());
        if (entitlement.equals(before)) {
            return false;
        }
        if (before != null) {
            throw new Failure(
                    Failure.REFUSED,
                    "The code " + before.code() + " is entitled already, with " + before.seats() + " seats until "
                            + before.expires() + ".\n  next: A further purchase has a code of its own (L10).");
        }
        append(Desk.body()
                .put("what", "entitled")
                .put("at", now.toString())
                .put("code", entitlement.code())
                .put("seats", entitlement.seats())
                .put("feature", entitlement.feature())
                .put("expires", entitlement.expires().toString()));
        return true;
    }

    /** @param again the same answer was given before */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Response(byte[] file, boolean again, int total, int free, JsonNode request) {}

    /**
     * Answers a request, or says why not. The same request again has the same answer, signed anew if it has expired since.
     *
     * @param lifetimeSeconds null for an answer that names none
     */
    Response respond(byte[] file, @Nullable Long lifetimeSeconds, Instant now) {
        JsonNode request = AuthorityFiles.request(file);
        UUID id = UUID.fromString(request.path("requestId").asText());
        String host = request.path("requestHostID").asText();
        String code = request.at("/desiredRights/0/activationID").asText();
        int total = request.at("/desiredRights/0/count").asInt();
        long sequence = request.path("sequence").asLong();
        String key = request.path("identityKey").asText();
        Entitlement entitlement = entitlements.get(code);
        if (entitlement == null) {
            throw invalid(code);
        }
        String known = hostKeys.get(host);
        if (known != null && !known.equals(key)) {
            throw new Failure(
                    Failure.REFUSED,
                    "This request says that it comes from " + host + ", but is signed with another key than that"
                            + " machine's requests before.\n  next: Ask whoever runs that license server. A machine that"
                            + " was set up anew has a new id.");
        }
        Answer before = answers.get(id);
        String sha256 = AuthorityFiles.sha256(file);
        if (before != null && !before.requestSha256().equals(sha256)) {
            throw new Failure(
                    Failure.REFUSED,
                    "Another request with the id " + id + " was answered before.\n  next: Generate a new request.");
        }
        Allotted had = allotted(code).get(host);
        if (had != null && (sequence < had.sequence() || (sequence == had.sequence() && before == null))) {
            throw new Failure(
                    Failure.REFUSED,
                    "A newer request of " + host + " for " + code + " was answered already (number " + had.sequence()
                            + "; this one is number " + sequence
                            + ").\n  next: Carry over the newest request, or generate a new one.");
        }
        if (before != null && now.isBefore(before.until())) {
            return new Response(before.file(), true, total, free(entitlement), request);
        }
        int has = had == null ? 0 : had.total();
        int available = free(entitlement) + has;
        if (total > available) {
            throw new Failure(
                    Failure.REFUSED,
                    "ACTIVATION_ID_COUNT_EXCEEDED: a total of " + total + " was asked for; the purchase " + code
                            + " has "
                            + entitlement.seats() + " seats, " + (entitlement.seats() - available)
                            + " of them are allotted to other servers, so " + available + " are available.\n  next: "
                            + (total > entitlement.seats()
                                    ? "Ask for " + available + " at most."
                                    : "Return licenses on other servers first, or ask for " + available + " at most."));
        }
        if (total > has && !now.isBefore(entitlement.expires())) {
            throw new Failure(
                    Failure.REFUSED,
                    "The purchase " + code + " expired at " + entitlement.expires()
                            + ".\n  next: Renew it; licenses of this one can only be returned.");
        }
        ObjectNode body = Desk.body().put("messageType", "Capability response").put("version", 1);
        body.put("responseId", UUID.randomUUID().toString());
        body.put("requestId", id.toString()).put("requestSHA256", sha256).put("sequence", sequence);
        body.put("serverIDType", "String").put("serverID", name);
        if (lifetimeSeconds != null) {
            body.put("lifetime", lifetimeSeconds.longValue());
        }
        body.put("responseTime", now.toString());
        body.put("requestHostIDType", "VM UUID").put("requestHostID", host);
        body.put("hostUUID", request.path("hostUUID").asText());
        body.put("machineType", "Unknown")
                .put("enterpriseID", AuthorityFiles.keyId(keys.getPublic().getEncoded()));
        body.putArray("rights")
                .addObject()
                .put("activationID", code)
                .put("count", total)
                .put("seats", entitlement.seats())
                .put("feature", entitlement.feature())
                .put("expires", entitlement.expires().toString());
        byte[] response = AuthorityFiles.response(body, keys);
        long lifetime = lifetimeSeconds == null ? 86_400 : lifetimeSeconds;
        append(Desk.body()
                .put("what", "answered")
                .put("at", now.toString())
                .put("code", code)
                .put("host", host)
                .put("hostKey", key)
                .put("serverName", request.path("serverName").asText())
                .put("total", total)
                .put("sequence", sequence)
                .put("requestId", id.toString())
                .put("requestSha256", sha256)
                .put("until", now.plusSeconds(lifetime).toString())
                .put("response", Base64.getEncoder().encodeToString(response)));
        return new Response(response, before != null, total, free(entitlement), request);
    }

    private Failure invalid(String code) {
        String likeness = likeness(code);
        String meant = entitlements.keySet().stream()
                .filter(other -> likeness(other).equals(likeness))
                .findFirst()
                .map(other -> "Codes match exactly, with case and dashes: was " + other + " meant?")
                .orElse("See `interlock authority list` for the codes there are.");
        return new Failure(
                Failure.REFUSED,
                "ACTIVATION_ID_INVALID: nothing is entitled under the code " + code + ".\n  next: " + meant);
    }

    private static String likeness(String code) {
        return code.replace("-", "").toLowerCase(Locale.ROOT);
    }

    private static void checkOnlyOwner(Path file) throws IOException {
        var others = Files.getPosixFilePermissions(file);
        others.remove(PosixFilePermission.OWNER_READ);
        others.remove(PosixFilePermission.OWNER_WRITE);
        if (!others.isEmpty()) {
            throw new Failure(
                    Failure.REFUSED,
                    "The key " + file + " may be read by others.\n  next: chmod 600 " + file
                            + ", and think whether somebody has read it.");
        }
    }

    private static void secret(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    private static byte[] unpem(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }

    private static Failure cannot(String what, IOException e) {
        return new Failure(Failure.REFUSED, "Cannot " + what + ": " + e.getMessage() + ".");
    }

    @Override
    public void close() {
        try (book) {
            lock.release();
        } catch (IOException e) {
            throw cannot("close the ledger in " + folder, e);
        }
    }
}
