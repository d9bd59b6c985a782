package dev.interlock.standalone;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code state.json}: what runs where. The command line finds addresses and tokens here; the next start finds
 * what a killed supervisor left behind.
 *
 * @param status {@code starting}, {@code ready}, {@code recovering}, {@code stopping}, {@code stopped} or {@code failed}
 * @param services word → address of the first instance
 * @param instances part → address of every instance
 * @param tokens name → file of its token, beside this file
 * @param processes name → process
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record State(
        String status,
        @Nullable String reason,
        Map<String, String> services,
        Map<String, String> instances,
        Map<String, String> tokens,
        String postgres,
        String kafka,
        @Nullable String lab,
        Map<String, Running> processes) {

    static final String SUPERVISOR = "supervisor";

    /** @param startedAt milliseconds since 1970, as the operating system knows it; tells a reused process id apart */
    record Running(long pid, long startedAt) {

        static Running of(ProcessHandle process) {
            return new Running(process.pid(), startOf(process));
        }

        private static long startOf(ProcessHandle process) {
            return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        }

        /** The process itself, if it still lives and is not another one with the same id. */
        Optional<ProcessHandle> process() {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(found -> startedAt == 0 || Math.abs(startOf(found) - startedAt) < 1000);
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    State {
        services = services == null ? Map.of() : services;
        instances = instances == null ? Map.of() : instances;
        tokens = tokens == null ? Map.of() : tokens;
        processes = processes == null ? Map.of() : processes;
    }

    State with(String newStatus, @Nullable String newReason) {
        return new State(newStatus, newReason, services, instances, tokens, postgres, kafka, lab, processes);
    }

    State with(Map<String, Running> newProcesses) {
        return new State(status, reason, services, instances, tokens, postgres, kafka, lab, newProcesses);
    }

    Optional<ProcessHandle> supervisor() {
        return Optional.ofNullable(processes.get(SUPERVISOR)).flatMap(Running::process);
    }

    void write(Path file) {
        try {
            var part = file.resolveSibling(file.getFileName() + ".part");
            Files.writeString(part, JSON.writeValueAsString(this) + "\n", StandardCharsets.UTF_8);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StandaloneException("The state file " + file + " cannot be written: " + e.getMessage() + ".");
        }
    }

    /** Empty also for a damaged file, which a power cut may leave: the supervisor's lock is what counts. */
    static Optional<State> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), State.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
