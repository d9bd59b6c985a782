package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.upgrade.app.StepOrder;
import dev.interlock.upgrade.domain.UmsAction;
import dev.interlock.upgrade.domain.UmsAction.Installer;
import dev.interlock.upgrade.domain.UmsAction.Node;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The scripts for an IGEL UMS network; the pages are {@code upgrade/scripts/ums*.sh}. */
final class UmsScripts {
    private static final String WATCHDOG = "igel-ums-watchdog";
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._/+-]{1,250}");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._:+-]{1,120}");

    private final HostScripts scripts;

    UmsScripts(HostScripts scripts) {
        this.scripts = scripts;
    }

    /** @param places has {@code JOBS}, {@code CLAIM} and {@code PATIENCE} already */
    String script(StepOrder order, UmsAction action, Map<String, String> places) {
        places.put("NAMES", "");
        places.put("RUN", order.runId().toString());
        places.put("STEP", order.step().id());
        places.put("BEGUN", order.step().id());
        places.put("TARGET", "");
        places.put("EARLIER", HostScripts.earlier(order));
        places.put("MAYACT", order.attempt() > 1 ? "1" : "");
        return switch (action) {
            case UmsAction.CheckNode check -> {
                boolean ums = !check.node().kind().equals("database");
                node(places, check.node());
                places.put("INSTALLER", ums ? path(check.installer().path()) : "");
                places.put("ROOM", ums ? path(check.node().home()) : "/var");
                places.put("MEMBERS", check.members() == null ? "" : "1");
                places.put("BACKUP", check.backup() ? "1" : "");
                yield page("common", places) + page("ums", places) + page("ums-check", places);
            }
            case UmsAction.BackUpDatabase backup -> {
                node(places, backup.node());
                places.put("FOLDER", path(backup.folder()));
                places.put("FILE", backupFile(order, backup));
                places.put("DBHOST", word(backup.database().host()));
                places.put("DBPORT", word(backup.database().port()));
                places.put("DBNAME", word(backup.database().name()));
                places.put("DBUSER", word(backup.database().user()));
                places.put("WORK", scripts.work(page("ums-dump", places)));
                String secret = backup.secret() == null ? "" : "IFS= read -r PGPASSWORD\nexport PGPASSWORD\n";
                yield secret + page("common", places) + page("ums-backup", places);
            }
            case UmsAction.EnterUpdateMode enter -> {
                node(places, enter.node());
                places.put("TARGET", word(enter.target()));
                places.put("WORK", installation(places, enter.node(), enter.installer(), enter.patience()));
                yield page("common", places) + page("ums", places) + page("ums-enter", places);
            }
            case UmsAction.UpdateServer update -> {
                node(places, update.node());
                places.put("TARGET", word(update.target()));
                places.put("BEGUN", word(update.begunBy()));
                places.put("WAIT", seconds(update.patience()));
                places.put("WORK", installation(places, update.node(), update.installer(), Duration.ofSeconds(60)));
                yield page("common", places) + page("ums", places) + page("ums-server", places);
            }
            case UmsAction.RenewSchema renew -> {
                node(places, renew.node());
                places.put("BEGUN", word(renew.begunBy()));
                places.put("SCHEMA", word(renew.schema()));
                places.put("WAIT", seconds(renew.patience()));
                places.put("WORK", scripts.work(page("ums-activate", places)));
                yield page("common", places) + page("ums", places) + page("ums-renew", places);
            }
            case UmsAction.ReturnToNormalMode back -> {
                node(places, back.node());
                places.put("TARGET", word(back.target()));
                places.put("WAIT", seconds(back.patience()));
                places.put("WORK", scripts.work(page("ums-activate", places)));
                yield page("common", places) + page("ums", places) + page("ums-return", places);
            }
            case UmsAction.StopLoadBalancer stop -> {
                node(places, stop.node());
                String broker = broker(places, stop.patience());
                places.put(
                        "WORK", scripts.work(broker + "main() {\n" + watchdogDown(stop.node()) + "halt_broker\n}\n"));
                yield page("common", places) + broker + page("ums-stop-balancer", places);
            }
            case UmsAction.UpdateComponent component -> {
                node(places, component.node());
                places.put("TARGET", word(component.target()));
                places.put("WORK", scripts.work("main() {\n" + run(component.installer()) + "}\n"));
                yield page("common", places) + page("ums", places) + page("ums-component", places);
            }
            case UmsAction.ProveNode prove -> {
                node(places, prove.node());
                places.put("TARGET", word(prove.target()));
                places.put("MEMBERS", prove.members() == null ? "" : "1");
                places.put("WAIT", seconds(prove.patience()));
                yield page("common", places) + page("ums", places) + page("ums-prove", places);
            }
        };
    }

    /** Where an attempt's backup lies. */
    static String backupFile(StepOrder order, UmsAction.BackUpDatabase backup) {
        return path(backup.folder()) + "/" + order.claim() + ".dump";
    }

    /** The watchdog first, then a load balancer on the same host, then the installer: it stops and starts the rest. */
    private String installation(Map<String, String> places, Node node, Installer installer, Duration patience) {
        String broker = node.loadBalancer() ? broker(places, patience) : "";
        return scripts.work(broker + "main() {\n" + watchdogDown(node)
                + (node.loadBalancer() ? "halt_broker || return $?\n" : "") + run(installer) + "}\n");
    }

    private static String watchdogDown(Node node) {
        return node.units().contains(WATCHDOG) ? "systemctl stop " + WATCHDOG + ".service || return 90\n" : "";
    }

    private static String run(Installer installer) {
        return "cd /root || return 92\n" + path(installer.path())
                + " --nox11 -- --accept-eula yes --silent yes --installation-type " + word(installer.type()) + "\n";
    }

    private String broker(Map<String, String> places, Duration patience) {
        places.put("STOPWAIT", seconds(patience));
        places.put("GIVEUP", seconds(patience.plusSeconds(20)));
        return page("ums-broker", places);
    }

    private void node(Map<String, String> places, Node node) {
        HostScripts.units(places, node.units());
        places.put("COUNT", Integer.toString(node.units().size()));
        places.put("HOME", path(node.home()));
        places.put("URL", HostScripts.checked(HostScripts.URL, node.url()));
    }

    private String page(String name, Map<String, String> places) {
        return scripts.fill(name, places);
    }

    private static String path(String path) {
        return HostScripts.checked(PATH, path);
    }

    private static String word(@Nullable String word) {
        return word == null ? "" : HostScripts.checked(WORD, word);
    }

    private static String seconds(Duration d) {
        return Long.toString(Math.max(1, d.toSeconds()));
    }
}
