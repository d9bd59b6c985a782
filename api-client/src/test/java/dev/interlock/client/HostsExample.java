package dev.interlock.client;

import dev.interlock.client.inventory.Host;
import dev.interlock.client.inventory.HostBody;
import dev.interlock.client.inventory.HostPage;
import dev.interlock.client.inventory.HostsApi;
import java.io.PrintStream;
import java.net.URI;
import java.util.function.Supplier;

/** What docs/api.md shows, between the two marks. */
final class HostsExample {

    private HostsExample() {}

    static void run(URI address, Supplier<String> token, PrintStream out) {
        // as in docs/api.md
        try (var inventory = Connection.to(address, token)) {
            var hosts = new HostsApi(inventory);

            var body = new HostBody()
                    .withName("kcm-01")
                    .withAddress("10.0.0.21")
                    .withUser("interlock")
                    .withCredential("fleet");
            var made = hosts.registerHost(body, new HostsApi.RegisterHost().idempotencyKey("import-kcm-01"));

            try {
                String version = made.etag().orElseThrow();
                hosts.changeHost(made.value().hostId(), version, body.withPort(2222));
            } catch (ProblemException refused) {
                if (!"stale-version".equals(refused.problem().name())) {
                    throw refused;
                }
                out.println("Somebody was faster. " + refused.problem().next());
            }

            var wanted = new HostsApi.ListHosts().q("kcm");
            for (Host host : Pages.of(
                    (limit, after) -> hosts.listHosts(wanted.limit(limit).after(after)),
                    HostPage::items,
                    HostPage::next)) {
                out.println(host.name() + " at port " + host.port());
            }
        }
        // as far as docs/api.md
    }
}
