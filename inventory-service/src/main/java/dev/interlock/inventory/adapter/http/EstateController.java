package dev.interlock.inventory.adapter.http;

import dev.interlock.inventory.app.Estate;
import dev.interlock.inventory.domain.HostStatus;
import dev.interlock.platform.security.MayView;
import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The estate at a glance, for those who would else have to page through it. */
@Controller("/api/v1/estate")
@Tag(name = "estate")
class EstateController {

    private static final int NAMED = 20;

    private final Estate estate;

    EstateController(Estate estate) {
        this.estate = estate;
    }

    @Get
    @MayView
    @Operation(
            operationId = "showEstate",
            summary = "Sum up the estate",
            description = "Numbers are of all that is not retired. Of what needs a person the first " + NAMED
                    + " are named: hosts with a changed key first, then those with a key that nobody has accepted yet.")
    EstateView show() {
        return EstateView.of(estate.summary(NAMED));
    }

    /**
     * @param hosts all that are not retired
     * @param hostsByStatus new, reachable, unreachable and host-key-changed, each with its number
     * @param keysWaiting hosts that show a key which waits for a person's word
     * @param clocksOff hosts whose clock is too far off (G5)
     * @param troubledHosts the first of those with trouble
     * @param deployments by product and the versions that run there
     * @param flawedDeployments the first of those with orphans (G2), clocks apart (G5), or a list that cannot be read
     */
    @Introspected
    record EstateView(
            int hosts,
            Map<String, Integer> hostsByStatus,
            int keysWaiting,
            int clocksOff,
            List<TroubledView> troubledHosts,
            List<RunningView> deployments,
            List<FlawedView> flawedDeployments) {

        static EstateView of(Estate.Summary summary) {
            var byStatus = new TreeMap<String, Integer>();
            summary.hosts().forEach((HostStatus status, Integer hosts) -> byStatus.put(status.slug(), hosts));
            return new EstateView(
                    summary.hosts().values().stream()
                            .mapToInt(Integer::intValue)
                            .sum(),
                    byStatus,
                    summary.keysWaiting(),
                    summary.clocksOff(),
                    summary.troubled().stream().map(TroubledView::of).toList(),
                    summary.deployments().stream()
                            .map(each -> new RunningView(
                                    each.product().slug(), each.versions(), each.deployments(), each.hosts()))
                            .toList(),
                    summary.flawed().stream()
                            .map(each -> new FlawedView(
                                    each.id(),
                                    each.name(),
                                    each.product().slug(),
                                    each.orphans(),
                                    each.skewed(),
                                    each.unreadable()))
                            .toList());
        }
    }

    /** @param keyWaiting whether it shows a key that waits for a person's word */
    @Introspected
    record TroubledView(UUID hostId, String name, String status, boolean keyWaiting, HostView.TroubleView trouble) {
        static TroubledView of(Estate.Troubled host) {
            var trouble = host.trouble();
            return new TroubledView(
                    host.id(),
                    host.name(),
                    host.status().slug(),
                    host.presented(),
                    new HostView.TroubleView(
                            trouble.reason(), trouble.detail(), trouble.next(), trouble.since(), trouble.failures()));
        }
    }

    /** @param versions found on the members; none before a probe has found the product, several while they differ */
    @Introspected
    record RunningView(String product, List<String> versions, int deployments, int hosts) {}

    /** @param unreadable why the product's registrations could not be read; null when they could */
    @Introspected
    record FlawedView(
            UUID deploymentId,
            String name,
            String product,
            int orphans,
            boolean clocksApart,
            @Nullable String unreadable) {}
}
