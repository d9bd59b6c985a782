package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.LicenseServerAction.AwaitHealth;
import java.util.Locale;

/** Judges whether a license server came back: active, its port open, its database connected (L84, L86, L87), and if not, why (L90). */
final class LicenseServerHealthVerdicts {
    private final StepVerdict verdict;
    private final HostAnswer answer;
    private final String host;

    LicenseServerHealthVerdicts(StepVerdict verdict) {
        this.verdict = verdict;
        this.answer = verdict.answer();
        this.host = verdict.host();
    }

    StepOutcome awaited(AwaitHealth await) {
        String health = answer.text("health").strip();
        boolean good = health.replaceAll("\\s", "").contains("\"connectionCheck\":\"success\"");
        if (answer.says("killed-and-restarted")) {
            verdict.check(
                    "killed-and-restarted",
                    "L86",
                    good,
                    "the control process exited; pcoip_license_server's processes were killed and the service restarted");
        }
        String port = answer.word("port").orElse("7070");
        String waited = answer.word("waited").orElse("?");
        verdict.hold(
                "health",
                "L84",
                good ? null : whatHealth(health),
                "database.connectionCheck is success, " + waited + " s after the wait began",
                text -> unhealthy(await, health, port, waited));
        return verdict.outcome();
    }

    private static String whatHealth(String health) {
        return health.isEmpty() ? "no answer" : health.length() > 200 ? health.substring(0, 200) + "…" : health;
    }

    /** First whether it is active, then whether its port is open, then what it says (L87, L84). */
    private Failure unhealthy(AwaitHealth await, String health, String port, String waited) {
        String log = LicenseServerVerdicts.harmful(answer.text("log"));
        if (!answer.active(await.unit())) {
            return log.toLowerCase(Locale.ROOT).contains("trusted storage")
                    ? new Failure(
                            "trusted-storage-corrupt",
                            host
                                    + " refuses to start: its trusted storage was moved or modified, and it takes it for corrupt (L9)."
                                    + " Its log says: " + StepVerdict.last(lineWith(log, "trusted storage")) + ".",
                            "Put the storage back as it was. If that cannot be done, its licenses are lost: open a ticket with the"
                                    + " vendor's support (L17).")
                    : new Failure(
                            "service-does-not-start",
                            "The license server on " + host + " is not active: " + verdict.stateOf(await.unit())
                                    + because(log)
                                    + (answer.says("killed-and-restarted")
                                            ? ". Killing its user's processes and starting it again did not help (L86)"
                                            : "")
                                    + ".",
                            "See its log in /var/log/" + await.unit() + " and journalctl -u " + await.unit()
                                    + ", remove the cause, then retry the step.");
        }
        if (health.isEmpty()) {
            return new Failure(
                    "port-closed",
                    "The license server on " + host + " is active, but its port " + port + " was still closed after "
                            + waited + " s; 30 to 60 are normal (L87, L48)" + because(log) + ".",
                    "Retry the step to wait longer. If the port stays closed, see its log in /var/log/" + await.unit()
                            + " and the port in local-configuration.yaml.");
        }
        return new Failure(
                "database-not-connected",
                "The license server on " + host + " answers, but its database is not connected: " + whatHealth(health)
                        + ". That counts as down (L84).",
                "See its log in /var/log/" + await.unit() + ", then retry the step.");
    }

    private static String lineWith(String log, String words) {
        return log.lines()
                .filter(l -> l.toLowerCase(Locale.ROOT).contains(words))
                .reduce((a, b) -> b)
                .orElse(log);
    }

    /** What the log means, where that is known (L90). */
    private static String because(String log) {
        if (log.isBlank()) {
            return "; there is no log at all, not even in the journal (L90)";
        }
        if (log.contains("Network is unreachable")) {
            return "; its log says that the network is unreachable: look at the firewall (L90)";
        }
        if (log.matches("(?s).*Name or service (unknown|not known).*")) {
            return "; its log says that a name is unknown: look at the DNS (L90)";
        }
        return "; its log ends with: " + StepVerdict.last(log);
    }
}
