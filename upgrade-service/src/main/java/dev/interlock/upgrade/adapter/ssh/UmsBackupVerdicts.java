package dev.interlock.upgrade.adapter.ssh;

import static dev.interlock.upgrade.adapter.ssh.UmsVerdicts.AGAIN;

import dev.interlock.upgrade.app.StepOutcome;
import dev.interlock.upgrade.domain.Failure;
import dev.interlock.upgrade.domain.Findings;
import dev.interlock.upgrade.domain.UmsAction;

/** Judges whether the productive database was dumped, and whether the dump can be restored (G3). */
final class UmsBackupVerdicts {
    private final StepVerdict verdict;
    private final HostAnswer answer;
    private final String host;

    UmsBackupVerdicts(StepVerdict verdict) {
        this.verdict = verdict;
        this.answer = verdict.answer();
        this.host = verdict.host();
    }

    StepOutcome backedUp(UmsAction.BackUpDatabase backup) {
        String rc = verdict.word("rc");
        String database = answer.word("database").orElse("the productive database");
        if (rc.equals("0")
                && verdict.word("bytes").matches("\\d+")
                && verdict.word("sha256").matches("[0-9a-f]{64}")) {
            String file = UmsScripts.backupFile(verdict.order(), backup);
            verdict.held("dumped", "G3", database + ": " + verdict.word("bytes") + " bytes in " + file);
            verdict.held(
                    "restorable", "G3", "pg_restore lists " + verdict.word("entries") + " entries and reads all data");
            return verdict.outcome(Findings.backup(
                    "database", host + ":" + file, Long.parseLong(verdict.word("bytes")), verdict.word("sha256")));
        }
        return verdict.failed(whyNoBackup(backup, rc, database));
    }

    private Failure whyNoBackup(UmsAction.BackUpDatabase backup, String rc, String database) {
        String said = answer.said();
        String nothing = " Nothing was changed.";
        if (verdict.noRoom()) {
            return verdict.diskFull();
        }
        if (said.contains("authentication failed") && backup.secret() != null) {
            return new Failure(
                    SshHostWork.PASSWORD_REFUSED,
                    "The database refuses the password of credential " + backup.secret() + " for " + database + "."
                            + nothing,
                    "Put the password right; it is not tried again as it is. Then " + AGAIN);
        }
        if (said.contains("authentication failed") || said.contains("no password supplied")) {
            return new Failure(
                    "database-login",
                    "pg_dump on " + host + " may not log on to " + database + ": " + verdict.lastLine() + "." + nothing,
                    "Set database.credential of the deployment to a credential with the password and make a new plan; or put it into"
                            + " root's .pgpass on " + host + ", then " + AGAIN);
        }
        return switch (rc) {
            case "31" ->
                new Failure(
                        "backup-failed",
                        "pg_dump on " + host + " could not dump " + database + ": " + verdict.lastLine() + "."
                                + nothing,
                        "Remove the cause, then " + AGAIN);
            case "32", "33" ->
                new Failure(
                        "backup-unusable",
                        "The dump of " + database + " could not be restored: pg_restore on " + host + " says: "
                                + verdict.lastLine() + "." + nothing + " The file is deleted.",
                        "See whether pg_dump fits the database's version and the disk is sound, then retry the step, which dumps anew, and"
                                + " resume the run.");
            case "34" ->
                new Failure(
                        "no-database",
                        "The UMS on " + host + " names no external database to back up." + nothing,
                        "Set database.host, database.port, database.name and database.user of the deployment and make a new plan.");
            case "" ->
                new Failure(
                        "interrupted",
                        "The backup on " + host + " was cut off: the host went down or pg_dump was killed." + nothing,
                        "Retry the step, which dumps anew, and resume the run.");
            default ->
                new Failure(
                        "exit-" + rc,
                        "The backup on " + host + " ended with exit status " + rc + ": " + verdict.lastLine() + "."
                                + nothing,
                        "See the step's output, then " + AGAIN);
        };
    }
}
