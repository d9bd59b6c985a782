package dev.interlock.client;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list that is read page by page, each when it is needed:
 *
 * <pre>{@code
 * for (HostSummary host : Pages.of((limit, after) -> hosts.listHosts(new ListHosts().limit(limit).after(after)),
 *         HostPage::items, HostPage::next)) { … }
 * }</pre>
 */
public final class Pages<P, T> implements Iterable<T> {

    private static final int LARGEST_PAGE = 500;

    /** Asks for one page. */
    @FunctionalInterface
    public interface Ask<P> {
        Answer<P> page(int limit, @Nullable String after);
    }

    private final Ask<P> ask;
    private final Function<P, List<T>> items;
    private final Function<P, @Nullable String> next;

    private Pages(Ask<P> ask, Function<P, List<T>> items, Function<P, @Nullable String> next) {
        this.ask = ask;
        this.items = items;
        this.next = next;
    }

    public static <P, T> Pages<P, T> of(Ask<P> ask, Function<P, List<T>> items, Function<P, @Nullable String> next) {
        return new Pages<>(ask, items, next);
    }

    /**
     * Reads no more than is wanted.
     *
     * @param limit how many items at most; null for all
     * @return whether there are more than were read
     */
    public boolean read(@Nullable Integer limit, Consumer<? super T> item) {
        int left = limit == null ? Integer.MAX_VALUE : limit;
        String after = null;
        do {
            P page = ask.page(Math.min(left, LARGEST_PAGE), after).value();
            List<T> read = items.apply(page);
            read.forEach(item);
            left -= read.size();
            after = next.apply(page);
        } while (after != null && left > 0);
        return after != null;
    }

    @Override
    public Iterator<T> iterator() {
        return new Iterator<>() {
            private final Queue<T> read = new ArrayDeque<>();
            private boolean ended;
            private @Nullable String after;

            @Override
            public boolean hasNext() {
                while (read.isEmpty() && !ended) {
                    P page = ask.page(LARGEST_PAGE, after).value();
                    read.addAll(items.apply(page));
                    after = next.apply(page);
                    ended = after == null;
                }
                return !read.isEmpty();
            }

            @Override
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return read.remove();
            }
        };
    }
}
