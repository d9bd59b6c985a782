package dev.interlock.upgrade.adapter.ssh;

import static dev.interlock.upgrade.adapter.ssh.UmsVerdicts.AGAIN;

import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.UmsAction;
import dev.interlock.upgrade.domain.UmsAction.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What must hold of a UMS host whichever step asks: its services, its answer, its data source, who is registered (G2, G22, G23). */
final class UmsConditions {
    private final StepVerdict verdict;
    private final HostAnswer answer;
    private final String host;

    UmsConditions(StepVerdict verdict) {
        this.verdict = verdict;
        this.answer = verdict.answer();
        this.host = verdict.host();
    }

    void services(UmsAction.Node node) {
        List<String> down = node.units().stream()
                .filter(u -> !answer.active(u))
                .map(verdict::stateOf)
                .toList();
        verdict.hold(
                "processes-running",
                "G22",
                down,
                node.units().isEmpty() ? "none belong to it" : String.join(", ", node.units()) + " run",
                text -> new Failure(
                        "service-down",
                        "On " + host + " not all HA services run: " + text + ".",
                        "See the services' logs on the host, start them, then " + AGAIN));
    }

    void running(String target, String name, String clause) {
        String status = json(verdict.word("status"), "status");
        String version = json(verdict.word("server"), "rmGuiServerVersion");
        boolean good = (status.equals("ok") || status.equals("warn")) && version.equals(target);
        String observed = version.isEmpty()
                ? "nothing answers"
                : "status " + (status.isEmpty() ? "unknown" : status) + ", version " + version;
        verdict.hold(
                name,
                clause,
                good ? null : observed,
                observed,
                text -> new Failure(
                        version.isEmpty() || version.equals(target) ? "does-not-answer" : "old-process",
                        "The UMS Server on " + host + " does not answer as " + target + ": " + text + ".",
                        "See its log in the UMS' folder rmguiserver/logs and restart it if need be, then " + AGAIN));
    }

    /** @param copyWillDo in update mode the productive database need not be the active one */
    void dataSource(boolean copyWillDo) {
        List<String[]> productive = rows("sources", 8).stream()
                .filter(row -> !row[2].equalsIgnoreCase("embedded"))
                .toList();
        boolean active = productive.stream().anyMatch(row -> row[7].strip().equalsIgnoreCase("true"));
        String name = productive.isEmpty()
                ? "none"
                : productive.getFirst()[2] + " " + productive.getFirst()[5] + " on "
                        + productive.getFirst()[3] + ":" + productive.getFirst()[4];
        var broken = new ArrayList<String>();
        if (productive.isEmpty()) {
            broken.add("there is no data source but an embedded one");
        } else if (!answer.says("db-answers")) {
            broken.add(name + " does not answer"
                    + (verdict.word("db-silent").isEmpty() ? "" : ": " + verdict.word("db-silent")));
        } else if (!active && !(copyWillDo && verdict.word("mode").equals("update"))) {
            broken.add(name + " is not active");
        }
        verdict.hold(
                "data-source",
                "G23",
                broken,
                name + (active ? " is active and answers" : " answers; the server works on its copy"),
                text -> new Failure(
                        productive.isEmpty() || active || !answer.says("db-silent") ? "data-source" : "database-gone",
                        "The data source of " + host + " is not as it must be: " + text + ".",
                        "Look at the UMS Administrator, Datasource, on " + host + "; put it right, then " + AGAIN));
    }

    void members(Members members) {
        compare("servers-registered", "servers", rows("servers", 4), 0, members.servers());
        List<String[]> network = rows("network", 6).stream()
                .filter(row -> row[0].equals("load-balancer"))
                .toList();
        if (rows("network", 6).isEmpty()) {
            verdict.held(
                    "load-balancers-registered",
                    "G2",
                    "not told by this UMS' command line: a person compares them in the console");
        } else {
            compare("load-balancers-registered", "load balancers", network, 1, members.loadBalancers());
        }
    }

    private void compare(String check, String what, List<String[]> rows, int column, List<String> planned) {
        var unknown = new ArrayList<String>();
        for (String[] row : rows) {
            if (planned.stream().noneMatch(p -> sameHost(p, row[column]))) {
                unknown.add(row[column] + (row[column + 1].isBlank() ? "" : " (" + row[column + 1] + ")"));
            }
        }
        List<String> absent = planned.stream()
                .filter(p -> rows.stream().noneMatch(row -> sameHost(p, row[column])))
                .toList();
        var broken = new ArrayList<String>();
        if (!unknown.isEmpty()) {
            broken.add("registered but not in the plan: " + String.join(", ", unknown));
        }
        if (!absent.isEmpty()) {
            broken.add("in the plan but not registered: " + String.join(", ", absent));
        }
        verdict.hold(
                check,
                "G2",
                broken,
                planned.isEmpty() ? "none" : String.join(", ", planned),
                text -> new Failure(
                        unknown.isEmpty() ? "not-registered" : "orphans",
                        "The UMS knows other " + what + " than the plan, asked on " + host + ": " + text + "."
                                + (unknown.isEmpty()
                                        ? ""
                                        : " An orphaned entry keeps servers from coming back to the productive database (G24)."),
                        unknown.isEmpty()
                                ? "See in the console under UMS Administration > UMS Network why it is missing, then "
                                        + AGAIN
                                : "If it does not exist, delete its entry in the console under UMS Administration > UMS Network, then "
                                        + AGAIN + " If it does exist, add it to the deployment and make a new plan."));
    }

    private static boolean sameHost(String planned, String registered) {
        String a = planned.toLowerCase(Locale.ROOT);
        String b = registered.strip().toLowerCase(Locale.ROOT);
        return a.equals(b)
                || ((a.indexOf('.') < 0 || b.indexOf('.') < 0) && a.split("\\.", 2)[0].equals(b.split("\\.", 2)[0]));
    }

    List<String[]> rows(String block, int columns) {
        return answer.block(block).stream()
                .map(line -> line.split(";", -1))
                .filter(row -> row.length >= columns)
                .toList();
    }

    private static String json(String text, String field) {
        Matcher m = Pattern.compile("\"" + field + "\":\"([^\"]*)\"").matcher(text);
        return m.find() ? m.group(1) : "";
    }
}
