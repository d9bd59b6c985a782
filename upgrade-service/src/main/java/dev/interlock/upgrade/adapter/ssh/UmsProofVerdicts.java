package dev.interlock.upgrade.adapter.ssh;

import static dev.interlock.upgrade.adapter.ssh.UmsVerdicts.AGAIN;

import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.UmsAction;
import dev.interlock.upgrade.domain.UmsAction.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Judges the end: updated, running, in normal mode (G25), and by the list of the UMS so is everybody. */
final class UmsProofVerdicts {
    private final StepVerdict verdict;
    private final UmsConditions conditions;
    private final String host;

    UmsProofVerdicts(StepVerdict verdict) {
        this.verdict = verdict;
        this.conditions = new UmsConditions(verdict);
        this.host = verdict.host();
    }

    StepOutcome proven(UmsAction.ProveNode prove) {
        String found = verdict.word("installed");
        verdict.hold(
                "updated",
                "G25",
                found.equals(prove.target()) ? null : "UMS " + (found.isEmpty() ? "none" : found),
                "UMS " + found,
                text -> new Failure(
                        "wrong-version",
                        host + " has " + text + ", not " + prove.target() + ".",
                        "See who changed it; install it again, then " + AGAIN));
        conditions.services(prove.node());
        Members members = prove.members();
        if (members != null) {
            conditions.running(prove.target(), "answers", "G25");
            String mode = verdict.word("mode");
            verdict.hold(
                    "normal-mode",
                    "G25",
                    mode.equals("normal") ? null : "mode " + mode,
                    "normal mode",
                    text -> new Failure(
                            "stays-on-copy",
                            host + " is not in normal mode: " + text + " (G24).",
                            "Switch its data source in the UMS Administrator, Datasource, then " + AGAIN));
            conditions.dataSource(false);
            conditions.members(members);
            everybody(prove.target());
        }
        return verdict.outcome();
    }

    private void everybody(String target) {
        var behind = new ArrayList<String>();
        List<String[]> network = conditions.rows("network", 6);
        for (String[] row : network) {
            if (!row[4].equals(target) || !row[5].strip().equals("normal")) {
                behind.add(row[1] + " has " + row[4] + ", mode " + row[5].strip());
            }
        }
        if (network.isEmpty()) {
            for (String[] row : conditions.rows("servers", 4)) {
                if (!row[3].strip().equals(target)) {
                    behind.add(row[0] + " has " + row[3].strip());
                }
            }
        }
        verdict.hold(
                "everyone-updated",
                "G25",
                behind,
                conditions.rows(network.isEmpty() ? "servers" : "network", 4).stream()
                        .map(row -> row[network.isEmpty() ? 0 : 1])
                        .collect(Collectors.joining(", ")),
                text -> new Failure(
                        "not-everyone-updated",
                        "By the UMS' own list, asked on " + host + ", not everyone is updated and in normal mode: "
                                + text + ".",
                        "See UMS Administration > UMS Network in the console; put it right, then " + AGAIN));
    }
}
