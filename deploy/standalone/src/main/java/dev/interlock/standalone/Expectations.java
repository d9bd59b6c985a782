package dev.interlock.standalone;

import dev.interlock.contracts.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The events that the story must bring about, each on its topic. */
final class Expectations {
    private record Expected(Channel channel, String type, String about, Predicate<EventWatch.Seen> matching) {}

    private final List<Expected> expected = new ArrayList<>();

    /** One event of this type with this key. Expected twice it must come twice. */
    void add(Channel channel, String type, String key, String about) {
        add(channel, type, about, seen -> seen.key().equals(key));
    }

    void add(Channel channel, String type, String about, Predicate<EventWatch.Seen> matching) {
        expected.add(new Expected(channel, type, about, matching));
    }

    int count() {
        return expected.size();
    }

    /** What has not come, for people. Each event that came fulfils one expectation. */
    List<String> missing(List<EventWatch.Seen> all) {
        var left = new ArrayList<>(all);
        var missing = new ArrayList<String>();
        for (var one : expected) {
            var found = left.stream()
                    .filter(seen -> seen.channel() == one.channel()
                            && seen.type().equals(one.type())
                            && one.matching().test(seen))
                    .findFirst();
            if (found.isPresent()) {
                left.remove(found.get());
            } else {
                missing.add(one.type() + " about " + one.about() + " on "
                        + one.channel().topic());
            }
        }
        return missing;
    }
}
