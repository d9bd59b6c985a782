package dev.interlock.siem.syslog;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Which records the receiver has for certain. Syslog has no answer, so a record passes three states: written, closed (the
 * receiver read the connection to its end and closed it), and confirmed, when the receiver has lived on for a while after
 * that. Whatever is not confirmed when a connection breaks is written again.
 *
 * <p>Offsets are those that come next. Times are of {@code System.nanoTime}.
 */
final class Confirmations {

    private record Closed(Map<TopicPartition, Long> next, long at, long records) {}

    private final long settleNanos;
    private final Map<TopicPartition, Long> first = new HashMap<>();
    private final Map<TopicPartition, Long> written = new HashMap<>();
    private final Deque<Closed> closed = new ArrayDeque<>();
    private final Map<TopicPartition, Long> confirmed = new HashMap<>();
    /** Partitions that a break leads back in, until something of them is written again. */
    private final Map<TopicPartition, Long> backTo = new HashMap<>();

    private long writtenRecords;

    Confirmations(Duration settle) {
        this.settleNanos = settle.toNanos();
    }

    /** A record is about to be written, or passed over. */
    void written(TopicPartition partition, long offset) {
        first.putIfAbsent(partition, offset);
        written.put(partition, offset + 1);
        backTo.remove(partition);
        writtenRecords++;
    }

    boolean hasWritten() {
        return !written.isEmpty();
    }

    /** How many records were written, or passed over, and not yet confirmed. */
    long unconfirmed() {
        return writtenRecords + closed.stream().mapToLong(each -> each.records).sum();
    }

    /** The receiver has read all that was written so far. */
    void closed(long now) {
        if (!written.isEmpty()) {
            closed.add(new Closed(Map.copyOf(written), now, writtenRecords));
            written.clear();
            writtenRecords = 0;
        }
    }

    /** @return whether something was confirmed */
    boolean settle(long now) {
        boolean some = false;
        while (!closed.isEmpty() && now - closed.peek().at >= settleNanos) {
            confirmed.putAll(closed.remove().next);
            some = true;
        }
        return some;
    }

    /**
     * The receiver may have lost all that is not confirmed.
     *
     * @return where to begin again; empty if everything is confirmed
     */
    Map<TopicPartition, Long> broken() {
        var open = new HashSet<>(written.keySet());
        closed.forEach(each -> open.addAll(each.next.keySet()));
        var again = new HashMap<TopicPartition, Long>();
        for (var partition : open) {
            again.put(partition, confirmed.getOrDefault(partition, first.getOrDefault(partition, 0L)));
        }
        written.clear();
        closed.clear();
        writtenRecords = 0;
        backTo.putAll(again);
        return again;
    }

    /**
     * Up to where a partition may be committed.
     *
     * @param read up to where Connect gave it to us. Right after a break this is not yet where the break leads back to: Connect may
     *     commit before it goes back.
     * @return null if nothing of it is sure
     */
    @Nullable
    Long sure(TopicPartition partition, long read) {
        var back = backTo.get(partition);
        if (back != null) {
            return Math.min(back, read);
        }
        boolean waits =
                written.containsKey(partition) || closed.stream().anyMatch(each -> each.next.containsKey(partition));
        // what came after the last confirmed one was none of ours to write
        return waits ? confirmed.get(partition) : Long.valueOf(read);
    }

    /** Another task has them from now on. */
    void forget(Collection<TopicPartition> partitions) {
        Set<TopicPartition> gone = new HashSet<>(partitions);
        first.keySet().removeAll(gone);
        written.keySet().removeAll(gone);
        confirmed.keySet().removeAll(gone);
        backTo.keySet().removeAll(gone);
        var kept = new ArrayDeque<Closed>();
        for (var each : closed) {
            var next = new HashMap<>(each.next);
            next.keySet().removeAll(gone);
            if (!next.isEmpty()) {
                kept.add(new Closed(Map.copyOf(next), each.at, each.records));
            }
        }
        closed.clear();
        closed.addAll(kept);
        if (written.isEmpty()) {
            writtenRecords = 0;
        }
    }
}
