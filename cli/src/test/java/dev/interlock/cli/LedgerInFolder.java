package dev.interlock.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The authority's real ledger in a folder, opened anew for each use as the command does it; it can die in two ways. */
public final class LedgerInFolder {
    private final Path folder;
    private Map<String, Map<String, Integer>> allotted = Map.of();

    public LedgerInFolder(Path folder) {
        this.folder = folder;
        try (var made = Ledger.create(folder, "property", Instant.EPOCH)) {
            made.name();
        }
    }

    public String publicKey() {
        try (var ledger = Ledger.open(folder)) {
            return ledger.publicKey();
        }
    }

    public void entitle(String code, int seats, Instant expires, Instant now) {
        try (var ledger = Ledger.open(folder)) {
            ledger.entitle(new Ledger.Entitlement(code, seats, "session", expires), now);
        }
    }

    /** @return empty when the authority refuses */
    public Optional<byte[]> respond(byte[] request, Instant now) {
        try (var ledger = Ledger.open(folder)) {
            var answer = Optional.of(ledger.respond(request, 3600L, now).file());
            allotted = allotted(ledger);
            return answer;
        } catch (Failure refused) {
            return Optional.empty();
        }
    }

    /** As a power cut in the middle of writing a line leaves it. */
    public void tearLastWrite() {
        try {
            Files.writeString(folder.resolve("ledger.jsonl"), "{\"what\":\"answered\",\"at", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By code, by machine: what the authority thinks they have, as it stood in its book after the last answer. */
    public Map<String, Map<String, Integer>> allotted() {
        return allotted;
    }

    private static Map<String, Map<String, Integer>> allotted(Ledger ledger) {
        var all = new TreeMap<String, Map<String, Integer>>();
        for (String code : ledger.entitlements().keySet()) {
            var machines = new TreeMap<String, Integer>();
            ledger.allotted(code).forEach((machine, had) -> machines.put(machine, had.total()));
            all.put(code, machines);
        }
        return all;
    }
}
