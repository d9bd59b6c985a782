package dev.interlock.upgrade.adapter.ssh;

import static dev.interlock.upgrade.adapter.ssh.UmsVerdicts.AGAIN;
import static dev.interlock.upgrade.adapter.ssh.UmsVerdicts.COUNTED;
import static dev.interlock.upgrade.adapter.ssh.UmsVerdicts.inWords;

import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.Findings;
import dev.interlock.upgrade.domain.UmsAction;
import java.util.Map;
import java.util.regex.Matcher;

/** Judges the way back to the productive database: the last server renews its schema (G16), the others come back to it (G17, G24). */
final class UmsReturnVerdicts {
    private final StepVerdict verdict;
    private final UmsConditions conditions;
    private final HostAnswer answer;
    private final String host;

    UmsReturnVerdicts(StepVerdict verdict) {
        this.verdict = verdict;
        this.conditions = new UmsConditions(verdict);
        this.answer = verdict.answer();
        this.host = verdict.host();
    }

    StepOutcome renewed(UmsAction.RenewSchema renew) {
        if (answer.says("renewed")) {
            verdict.held(
                    "schema-renewed",
                    "G16",
                    "schema " + renew.schema()
                            + (verdict.word("counted").isEmpty() ? "" : " after " + verdict.word("counted")));
            conditions.dataSource(false);
            return verdict.outcome(Map.of(Findings.SCHEMA_VERSION, renew.schema()));
        }
        if (!answer.says("db-answers")) {
            return verdict.failed(databaseGone("the schema cannot be renewed"));
        }
        Matcher m = COUNTED.matcher(verdict.word("counted"));
        boolean orphan = m.find() && !m.group(1).equals(m.group(2));
        return verdict.failed(new Failure(
                "schema-not-renewed",
                host + ", the last server, has not renewed the schema of the productive database to " + renew.schema()
                        + "."
                        + (orphan
                                ? " Its installer counted " + m.group()
                                        + ": an entry is registered for which there is no server (G24)."
                                : "")
                        + activationSaid()
                        + " All servers go on answering devices, each on its own copy.",
                (orphan ? "Delete the orphaned entry under UMS Administration > UMS Network. Then retry" : "Retry")
                        + " the step: it switches the data source of " + host
                        + " to the productive database with 'umsadmin-cli db activate', and the first server to connect renews the schema."
                        + " Or switch it by hand in the UMS Administrator, Datasource; then " + AGAIN));
    }

    StepOutcome returned(UmsAction.ReturnToNormalMode back) {
        if (answer.says("back")) {
            verdict.held("normal-mode", "G17", "normal mode");
            conditions.dataSource(false);
            conditions.running(back.target(), "answers-devices", "G17");
            return verdict.outcome();
        }
        if (!answer.says("db-answers")) {
            return verdict.failed(databaseGone(host + " cannot come back to it"));
        }
        if (verdict.word("mode").equals("normal")) {
            conditions.running(back.target(), "answers-devices", "G17");
            return verdict.holds()
                    ? verdict.failed(new Failure(
                            "not-settled",
                            host + " was not steadily in normal mode and answering within the time given.",
                            "Look at it, then " + AGAIN))
                    : verdict.outcome();
        }
        return verdict.failed(new Failure(
                "stays-on-copy",
                host + " did not reconnect to the productive database: it still works on its own copy, "
                        + inWords(back.patience())
                        + " after it should have been told (G24). It answers devices, but with what it knew before the update."
                        + activationSaid(),
                "Retry the step: it switches the data source with 'umsadmin-cli db activate'. Or switch it by hand in the UMS"
                        + " Administrator, Datasource, on " + host + "; then " + AGAIN));
    }

    /** Why switching the data source failed, where a retry tried it. */
    private String activationSaid() {
        String rc = verdict.word("rc");
        return rc.isEmpty() || rc.equals("0") ? "" : " umsadmin-cli said: " + verdict.lastLine() + ".";
    }

    private Failure databaseGone(String therefore) {
        return new Failure(
                "database-gone",
                "The productive database does not answer " + host + ", so " + therefore
                        + (verdict.word("db-silent").isEmpty() ? "" : ": " + verdict.word("db-silent"))
                        + ". Servers in update mode go on answering devices on their copies.",
                "Bring the database back, then " + AGAIN);
    }
}
