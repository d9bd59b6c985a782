package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.HostStatus;
import dev.interlock.inventory.domain.Product;
import dev.interlock.inventory.domain.Trouble;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The estate in numbers, and by name what in it needs a person. */
public interface Estate {

    /** @param most how many are named of each kind; the numbers are of all */
    Summary summary(int most);

    /**
     * @param hosts by status, without those that are retired
     * @param troubled hosts of whom there is something wrong, changed keys first, then unknown ones, then by name
     * @param flawed deployments with orphans, clocks apart, or a list that cannot be read
     */
    record Summary(
            Map<HostStatus, Integer> hosts,
            int keysWaiting,
            int clocksOff,
            List<Troubled> troubled,
            List<Running> deployments,
            List<Flawed> flawed) {}

    /** @param presented whether it shows a key that waits for a person's word */
    record Troubled(UUID id, String name, HostStatus status, boolean presented, Trouble trouble) {}

    /**
     * Deployments of a product whose members run the same.
     *
     * @param versions found on their members; none before a probe has found the product
     */
    record Running(Product product, List<String> versions, int deployments, int hosts) {}

    record Flawed(
            UUID id,
            String name,
            Product product,
            int orphans,
            boolean skewed,
            @Nullable String unreadable) {}
}
