import dev.interlock.siem.syslog.Rsyslog;
import dev.interlock.siem.syslog.SyslogProof;
import dev.interlock.siem.syslog.SyslogProof.Disturbance;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The proof of the SIEM feed with figures. Started by {@code deploy/bench/siem-syslog}. */
public final class SiemSyslog {

    public static void main(String[] args) throws Exception {
        int events = 100_000;
        boolean json = false;
        boolean tls = false;
        String format = "ocsf";
        boolean disturbed = true;
        for (String arg : args) {
            if (arg.equals("--json")) {
                json = true;
            } else if (arg.equals("--tls")) {
                tls = true;
            } else if (arg.equals("--cef")) {
                format = "cef";
            } else if (arg.equals("--undisturbed")) {
                disturbed = false;
            } else if (arg.matches("[1-9][0-9]{0,7}")) {
                events = Integer.parseInt(arg);
            } else {
                System.err.println("usage: deploy/bench/siem-syslog [N] [--json] [--tls] [--cef] [--undisturbed]");
                System.exit(2);
            }
        }
        var missing = Rsyslog.missing(tls);
        if (missing != null) {
            System.err.println(missing);
            System.exit(2);
        }
        var disturbances = disturbed
                ? List.of(
                        Disturbance.RECEIVER_STOPPED,
                        Disturbance.WORKER_KILLED,
                        Disturbance.RECEIVER_KILLED,
                        Disturbance.WORKER_STOPPED,
                        Disturbance.RECEIVER_FROZEN_AND_KILLED)
                : List.<Disturbance>of();
        SyslogProof.Result result;
        try (var proof = new SyslogProof(Files.createTempDirectory("siem-syslog"), System.err::println)) {
            result = proof.run(events, disturbances, tls, format, Map.of());
        }
        if (json) {
            System.out.printf(
                    Locale.ROOT,
                    "{\"bench\":\"siem-syslog\",\"format\":\"%s\",\"tls\":%b,\"disturbances\":%d,\"sent\":%d,\"received\":%d,\"duplicates\":%d,"
                            + "\"lost\":%d,\"orderViolations\":%d,\"unknown\":%d,\"cutLines\":%d,\"seconds\":%.1f,\"perSecond\":%.0f}%n",
                    format, tls, disturbances.size(), result.sent(), result.received(), result.duplicates(), result.lost(),
                    result.orderViolations(), result.unknown(), result.cut(), result.seconds(), result.perSecond());
        } else {
            System.out.printf(
                    Locale.ROOT,
                    "%n%s over %s, %d disturbances%n  sent             %,10d events%n  received         %,10d messages%n"
                            + "  duplicates       %,10d by event id%n  lost             %,10d%n  order violations %,10d%n  throughput       %,10.0f"
                            + " events/s in %.1f s, with all disturbances and both starts%n",
                    format, tls ? "TLS" : "TCP", disturbances.size(), result.sent(), result.received(), result.duplicates(), result.lost(),
                    result.orderViolations(), result.perSecond(), result.seconds());
        }
        System.exit(result.lost() == 0 && result.orderViolations() == 0 && result.unknown() == 0 ? 0 : 1);
    }
}
