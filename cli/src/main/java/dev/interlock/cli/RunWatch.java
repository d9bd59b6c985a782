package dev.interlock.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.interlock.cli.Terminal.Colour;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A run as it goes on. The event stream says that something happened; what is shown is the run itself, read anew, so a
 * lost or repeated event can never show something false. A broken stream is taken up again after the last event seen.
 */
final class RunWatch {

    private static final Set<String> OVER = Set.of("completed", "failed", "aborted");
    private static final Duration SILENCE = Duration.ofSeconds(45);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MOST_LINES = 20;
    private static final int BAR = 20;

    /** What the reading thread tells. */
    private sealed interface News {
        record Heard(ServerSentEvents.Event event) implements News {}

        record Ended() implements News {}
    }

    private final Desk desk;
    private final Terminal terminal;
    private final Api api;
    private final String path;
    private final boolean inPlace;
    private JsonNode run = MissingNode.getInstance();
    private @Nullable String lastEventId;
    private int linesShown;

    RunWatch(Desk desk, String run) {
        this.desk = desk;
        this.terminal = desk.terminal();
        this.api = desk.api(Service.UPGRADE);
        this.path = "/runs/" + Api.encode(run);
        this.inPlace = terminal.interactive() && desk.output().forPeople();
    }

    int untilItEnds() {
        run = api.get(path);
        if (desk.output().forPeople() && !inPlace) {
            terminal.out().println(headline());
        }
        show();
        long wait = 250;
        long lostSince = 0;
        while (!over()) {
            boolean heard = follow();
            if (over()) {
                break;
            }
            long now = System.nanoTime();
            if (heard) {
                lostSince = 0;
                wait = 250;
            } else {
                lostSince = lostSince == 0 ? now : lostSince;
                if (now - lostSince > PATIENCE.toNanos()) {
                    throw api.unreachable();
                }
                wait = Math.min(wait * 2, 5_000);
            }
            pause(wait);
            refresh();
            show();
        }
        show();
        return verdict();
    }

    /**
     * Reads one stream to its end.
     *
     * @return whether the service answered at all
     */
    private boolean follow() {
        BlockingQueue<News> news = new LinkedBlockingQueue<>();
        long[] heardAt = {System.nanoTime()};
        InputStream stream;
        try {
            stream = api.events(path + "/events", lastEventId);
        } catch (IOException e) {
            return false;
        }
        try (var events = new ServerSentEvents(stream, () -> heardAt[0] = System.nanoTime())) {
            Thread.ofVirtual().name("run-events").start(() -> read(events, news));
            while (true) {
                News next = news.poll(1, TimeUnit.SECONDS);
                boolean changed = false;
                while (next != null) {
                    if (!(next instanceof News.Heard heard)) {
                        refresh();
                        return true;
                    }
                    seen(heard.event());
                    changed = true;
                    next = news.poll();
                }
                if (changed) {
                    refresh();
                }
                show();
                if (System.nanoTime() - heardAt[0] > SILENCE.toNanos()) {
                    stream.close();
                    return true;
                }
            }
        } catch (IOException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(130, "Interrupted.");
        }
    }

    private static void read(ServerSentEvents events, BlockingQueue<News> news) {
        try {
            for (var event = events.next(); event != null; event = events.next()) {
                news.add(new News.Heard(event));
            }
        } catch (IOException e) {
            // broken is as good as ended: the watch goes on after the last event seen
        }
        news.add(new News.Ended());
    }

    private void seen(ServerSentEvents.Event event) {
        if (event.id() != null) {
            lastEventId = event.id();
        }
        if (inPlace) {
            return;
        }
        JsonNode data;
        try {
            data = Api.JSON.readTree(event.data());
        } catch (JsonProcessingException e) {
            data = MissingNode.getInstance();
        }
        terminal.out().println(desk.output().forPeople() ? sentence(event, data) : event.data());
    }

    private static String sentence(ServerSentEvents.Event event, JsonNode data) {
        JsonNode body = data.path("data").isObject() ? data.path("data") : data;
        var text = new StringBuilder();
        String at = first(data, "at");
        if (!at.isEmpty()) {
            text.append(at.length() >= 19 ? at.substring(11, 19) : at).append("  ");
        }
        String type = first(data, "type");
        text.append(simple(type.isEmpty() ? event.name() : type));
        for (String field :
                List.of("hostName", "host", "stepId", "title", "status", "state", "n", "m", "reason", "nextStep")) {
            JsonNode value = body.path(field);
            if ((value.isTextual() && !value.asText().isEmpty()) || value.isNumber()) {
                text.append("  ").append(field.equals("m") ? "of " : "").append(Table.safe(value.asText()));
            }
        }
        return text.toString();
    }

    /** {@code dev.interlock.upgrade.NodeUpdated.v1} is NodeUpdated. */
    private static String simple(String type) {
        String[] parts = type.split("\\.");
        return parts.length > 2 ? parts[parts.length - 2] : type;
    }

    private void refresh() {
        try {
            run = api.get(path);
        } catch (Failure e) {
            if (e.exitCode() != Failure.UNREACHABLE) {
                throw e;
            }
        }
    }

    private boolean over() {
        return OVER.contains(run.path("status").asText());
    }

    private void show() {
        if (!inPlace) {
            return;
        }
        List<String> lines = lines();
        var text = new StringBuilder();
        if (linesShown > 0) {
            text.append("\u001b[").append(linesShown).append('A');
        }
        lines.forEach(line -> text.append("\u001b[2K").append(line).append('\n'));
        for (int gone = lines.size(); gone < linesShown; gone++) {
            text.append("\u001b[2K\n");
        }
        terminal.out().print(text);
        terminal.out().flush();
        linesShown = Math.max(linesShown, lines.size());
    }

    private List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(terminal.paint(Colour.BOLD, Table.cut(headline(), terminal.width())));
        Map<String, List<Steps.Step>> byHost = new LinkedHashMap<>();
        Steps.in(run)
                .forEach(step -> byHost.computeIfAbsent(step.host(), host -> new ArrayList<>())
                        .add(step));
        int widest = byHost.keySet().stream().mapToInt(Table::length).max().orElse(0);
        byHost.entrySet().stream()
                .sorted(Comparator.comparingInt(host -> urgency(host.getValue())))
                .limit(MOST_LINES)
                .forEach(host -> lines.add(lane(host.getKey(), Math.min(widest, 24), host.getValue())));
        if (byHost.size() > MOST_LINES) {
            lines.add(terminal.paint(Colour.FAINT, "… and " + (byHost.size() - MOST_LINES) + " more hosts"));
        }
        return lines;
    }

    private String headline() {
        Map<String, Boolean> hosts = new LinkedHashMap<>();
        for (Steps.Step step : Steps.in(run)) {
            hosts.merge(step.host(), step.done(), Boolean::logicalAnd);
        }
        long updated = hosts.values().stream().filter(done -> done).count();
        String name = first(run, "deployment");
        String from = first(run, "fromVersion");
        String to = first(run, "toVersion");
        return (name.isEmpty() ? "" : name + "  ")
                + (from.isEmpty() ? to : from + " → " + to)
                + "  " + run.path("status").asText()
                + "  " + updated + " of " + hosts.size() + " hosts"
                + elapsed();
    }

    private String elapsed() {
        String started = first(run, "startedAt");
        if (started.isEmpty()) {
            return "";
        }
        String ended = first(run, "endedAt");
        long seconds = Math.max(
                0,
                Duration.between(Instant.parse(started), ended.isEmpty() ? Instant.now() : Instant.parse(ended))
                        .toSeconds());
        return "  %d:%02d".formatted(seconds / 60, seconds % 60);
    }

    private String lane(String host, int width, List<Steps.Step> steps) {
        int done = (int) steps.stream().filter(Steps.Step::done).count();
        int filled = steps.isEmpty() ? 0 : done * BAR / steps.size();
        Steps.Step now = steps.stream()
                .filter(step -> !step.done())
                .min(Comparator.comparingInt(step -> step.state().equals("pending") ? 1 : 0))
                .orElse(null);
        Colour colour = done == steps.size()
                ? Colour.GREEN
                : now != null && now.state().equals("failed") ? Colour.RED : Colour.YELLOW;
        String name = Table.cut(host, width);
        String what = now == null ? "done" : now.state().equals("pending") ? "waits: " + now.title() : now.title();
        if (now != null && now.state().equals("failed")) {
            String reason = Table.text(now.json().at("/failure/reason"));
            String next = Table.text(now.json().at("/failure/nextStep"));
            what = "failed: " + now.title() + (reason.equals("-") ? "" : ", " + reason)
                    + (next.equals("-") ? "" : ". " + next);
        }
        String counts = "  %2d/%d  ".formatted(done, steps.size());
        int room = Math.max(8, terminal.width() - width - 2 - BAR - counts.length());
        return name
                + " ".repeat(width - Table.length(name) + 2)
                + terminal.paint(colour, "█".repeat(filled))
                + terminal.paint(Colour.FAINT, "░".repeat(BAR - filled))
                + counts
                + Table.cut(Table.safe(what), room);
    }

    /** Failed first, then those that are being worked on, those that wait, those that are done. */
    private static int urgency(List<Steps.Step> steps) {
        if (steps.stream().anyMatch(step -> step.state().equals("failed"))) {
            return 0;
        } else if (steps.stream().allMatch(Steps.Step::done)) {
            return 3;
        }
        return steps.stream().anyMatch(step -> step.state().equals("running") || step.done()) ? 1 : 2;
    }

    private int verdict() {
        String status = run.path("status").asText();
        boolean completed = status.equals("completed");
        if (desk.output().forPeople()) {
            String word = terminal.paint(completed ? Colour.GREEN : Colour.RED, status);
            terminal.out()
                    .println("The run " + (completed ? "is " : "has ended: ") + word + "."
                            + (completed ? "" : " See `interlock runs show " + Desk.id(run) + "`."));
        }
        return completed ? 0 : Failure.REFUSED;
    }

    private static String first(JsonNode node, String... fields) {
        for (String field : fields) {
            if (node.path(field).isTextual()) {
                return node.path(field).asText();
            }
        }
        return "";
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(130, "Interrupted.");
        }
    }
}
