package dev.interlock.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.interlock.cli.Terminal.Colour;
import dev.interlock.client.ClientException;
import dev.interlock.client.Content;
import dev.interlock.client.EventStream;
import dev.interlock.client.upgrade.Run;
import dev.interlock.client.upgrade.RunEvent;
import dev.interlock.client.upgrade.RunsApi;
import dev.interlock.client.upgrade.Step;
import dev.interlock.client.upgrade.StepFailure;
import java.io.IOException;
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

    private static final Set<String> OVER =
            Set.of(Run.StatusWords.COMPLETED, Run.StatusWords.FAILED, Run.StatusWords.ABORTED);
    private static final Duration SILENCE = Duration.ofSeconds(45);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MOST_LINES = 20;
    private static final int BAR = 20;

    /** What the reading thread tells. */
    private sealed interface News {
        record Heard(EventStream.Event event) implements News {}

        record Ended() implements News {}
    }

    private final Desk desk;
    private final Terminal terminal;
    private final RunsApi runs;
    private final String id;
    private final boolean inPlace;
    private Run run;
    private @Nullable String lastEventId;
    private int linesShown;

    RunWatch(Desk desk, String id) {
        this.desk = desk;
        this.terminal = desk.terminal();
        this.runs = desk.runs();
        this.id = id;
        this.inPlace = terminal.interactive() && desk.output().forPeople();
        this.run = runs.showRun(id).value();
    }

    int untilItEnds() {
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
                    throw desk.api(Service.UPGRADE).unreachable();
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
        Content stream;
        try {
            stream = runs.followRun(id, new RunsApi.FollowRun().lastEventID(lastEventId))
                    .value();
        } catch (ClientException e) {
            if (e.passing()) {
                return false;
            }
            throw e;
        }
        try (var events = stream.events(() -> heardAt[0] = System.nanoTime())) {
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
                    return true;
                }
            }
        } catch (IOException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Api.interrupted();
        }
    }

    private static void read(EventStream events, BlockingQueue<News> news) {
        try {
            for (var event = events.next(); event != null; event = events.next()) {
                news.add(new News.Heard(event));
            }
        } catch (IOException e) {
            // broken is as good as ended: the watch goes on after the last event seen
        }
        news.add(new News.Ended());
    }

    private void seen(EventStream.Event event) {
        if (event.id() != null) {
            lastEventId = event.id();
        }
        if (inPlace) {
            return;
        }
        terminal.out().println(desk.output().forPeople() ? sentence(new RunEvent(event.json())) : event.data());
    }

    private static String sentence(RunEvent event) {
        Map<String, JsonNode> data = event.data();
        var text = new StringBuilder();
        text.append(event.at().toString(), 11, 19).append("  ").append(simple(event.type()));
        for (String field :
                List.of("hostName", "host", "stepId", "title", "status", "state", "n", "m", "reason", "nextStep")) {
            JsonNode value = data.getOrDefault(field, MissingNode.getInstance());
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
            run = runs.showRun(id).value();
        } catch (ClientException e) {
            // it is shown as it was until the service is back
            if (!e.passing()) {
                throw e;
            }
        }
    }

    private boolean over() {
        return OVER.contains(run.status());
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
        Map<String, List<StepOnHost>> byHost = new LinkedHashMap<>();
        StepOnHost.in(run)
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
        for (StepOnHost step : StepOnHost.in(run)) {
            hosts.merge(step.host(), step.done(), Boolean::logicalAnd);
        }
        long updated = hosts.values().stream().filter(done -> done).count();
        return run.deployment() + "  " + run.fromVersion() + " → " + run.toVersion()
                + "  " + run.status()
                + "  " + updated + " of " + hosts.size() + " hosts"
                + elapsed();
    }

    private String elapsed() {
        Instant started = run.startedAt();
        if (started == null) {
            return "";
        }
        Instant ended = run.endedAt();
        long seconds = Math.max(
                0,
                Duration.between(started, ended == null ? Instant.now() : ended).toSeconds());
        return "  %d:%02d".formatted(seconds / 60, seconds % 60);
    }

    private String lane(String host, int width, List<StepOnHost> steps) {
        int done = (int) steps.stream().filter(StepOnHost::done).count();
        int filled = steps.isEmpty() ? 0 : done * BAR / steps.size();
        StepOnHost now = steps.stream()
                .filter(step -> !step.done())
                .min(Comparator.comparingInt(step -> step.state().equals(Step.StateWords.PENDING) ? 1 : 0))
                .orElse(null);
        Colour colour = done == steps.size()
                ? Colour.GREEN
                : now != null && now.state().equals(Step.StateWords.FAILED) ? Colour.RED : Colour.YELLOW;
        String name = Table.cut(host, width);
        String what = now == null
                ? "done"
                : now.state().equals(Step.StateWords.PENDING) ? "waits: " + now.title() : now.title();
        if (now != null && now.state().equals(Step.StateWords.FAILED)) {
            StepFailure failure = now.step().failure();
            what = "failed: " + now.title()
                    + (failure == null ? "" : ", " + failure.reason() + ". " + failure.nextStep());
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
    private static int urgency(List<StepOnHost> steps) {
        if (steps.stream().anyMatch(step -> step.state().equals(Step.StateWords.FAILED))) {
            return 0;
        } else if (steps.stream().allMatch(StepOnHost::done)) {
            return 3;
        }
        return steps.stream().anyMatch(step -> step.state().equals(Step.StateWords.RUNNING) || step.done()) ? 1 : 2;
    }

    private int verdict() {
        String status = run.status();
        boolean completed = status.equals(Run.StatusWords.COMPLETED);
        if (desk.output().forPeople()) {
            String word = terminal.paint(completed ? Colour.GREEN : Colour.RED, status);
            terminal.out()
                    .println("The run " + (completed ? "is " : "has ended: ") + word + "."
                            + (completed ? "" : " See `interlock runs show " + id + "`."));
        }
        return completed ? 0 : Failure.REFUSED;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Api.interrupted();
        }
    }
}
