package dev.interlock.platform.http;

import dev.interlock.platform.problem.ProblemException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list, read by key and not by offset, so that page 10,000 costs what page 1 does.
 *
 * @param next cursor for {@code ?after=} of the following page; null on the last one
 */
public record Page<T>(List<T> items, @Nullable String next) {

    /** Items on a page when the caller does not say. */
    public static final int DEFAULT_LIMIT = 50;

    /** Most items on a page. */
    public static final int MAX_LIMIT = 500;

    public Page {
        items = List.copyOf(items);
    }

    /** The number of items to answer for {@code ?limit=}: default 50; outside 1…500 is a 400 problem. */
    public static int limit(@Nullable Integer asked) {
        if (asked == null) {
            return DEFAULT_LIMIT;
        }
        if (asked < 1 || asked > MAX_LIMIT) {
            throw ProblemException.invalid(
                    "limit is " + asked, "Ask for 1 to " + MAX_LIMIT + " items; follow 'next' for more.");
        }
        return asked;
    }

    /**
     * Cuts a page from rows that were read with {@code LIMIT limit + 1}; the extra row says that there is more.
     *
     * @param cursor the cursor of a row, usually {@code row -> Cursor.of(row.name(), row.id())}
     */
    public static <R> Page<R> of(List<R> rows, int limit, Function<? super R, String> cursor) {
        if (rows.size() <= limit) {
            return new Page<>(rows, null);
        }
        return new Page<>(rows.subList(0, limit), cursor.apply(rows.get(limit - 1)));
    }

    /** The same page with each item turned into what the API shows. */
    public <V> Page<V> map(Function<? super T, ? extends V> view) {
        return new Page<>(items.stream().<V>map(view).toList(), next);
    }
}
