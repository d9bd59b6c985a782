package dev.interlock.lab.machine;

import java.time.Duration;
import java.util.List;

/**
 * What a unit file says, as far as a host needs to know it.
 *
 * @param name with {@code .service}
 * @param runs the package whose version the service shows at {@code /version}, taken when it starts
 * @param config a line {@code interlock-lab-broken} in it keeps the service from starting
 * @param starts until systemd calls it active
 * @param listens from then until its ports answer
 * @param redeploys a web container: replaces a web application under its users when its package changes (K6)
 */
public record UnitFile(
        String name,
        String description,
        String execStart,
        String runs,
        List<Integer> ports,
        String config,
        Duration starts,
        Duration listens,
        Duration stops,
        boolean redeploys) {
    public String path() {
        return "/usr/lib/systemd/system/" + name;
    }

    public String text() {
        return """
                [Unit]
                Description=%s
                After=network.target

                [Service]
                Type=exec
                ExecStart=%s

                [Install]
                WantedBy=multi-user.target
                """.formatted(description, execStart);
    }
}
