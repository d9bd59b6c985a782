package dev.interlock.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.lab.LabHost.Output;
import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Effect.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The productive database: when it is away, and how it is dumped. */
class UmsDatabaseTest extends UmsNetworkFixture {
    @Test
    void theDatabaseMayGoAwayAndComeBack() {
        LabHost host = servers.getFirst();
        install(host);
        install(servers.get(1));
        LabHost last = servers.get(2);
        assertThat(last.console(CLI + "db test")).isEqualTo(new Output(0, "Connection test successful.\n", ""));
        infrastructure.stopPostgres();
        try {
            assertThat(last.console(CLI + "db test")).satisfies(o -> {
                assertThat(o.exit()).isEqualTo(1);
                assertThat(o.err()).startsWith("Connection test failed: ");
            });
            await().untilAsserted(() -> assertThat(last.console(CHECK).out()).isEqualTo("{\"status\":\"err\"}"));
            assertThat(last.console(CLI + "web-certs list-assigned-server").exit())
                    .isEqualTo(1);
            assertThat(host.console(CLI + "web-certs list-assigned-server")
                            .out()
                            .lines())
                    .as("from the copy")
                    .hasSize(3);
            assertThat(install(last)).satisfies(o -> {
                assertThat(o.exit()).isEqualTo(5);
                assertThat(o.err()).contains("No copy of the productive database can be made");
            });
            assertThat(last.effects()).isEmpty();
        } finally {
            infrastructure.startPostgres();
        }
        assertThat(install(last).out()).contains("renewed: 12.05");
        servers.forEach(server -> awaitNormal(server, "12.05.100"));
    }

    @Test
    void aRenewalThatFindsNoDatabaseIsMadeUpForWhenItIsBack() {
        install(servers.get(0));
        install(servers.get(1));
        LabHost last = servers.get(2);
        lab.onCommand(moment -> {
            if (moment instanceof CommandListener.Moment.EffectDone done
                    && done.effect().kind() == Kind.UPGRADE
                    && done.host().equals(last.name())) {
                infrastructure.stopPostgres();
            }
        });
        Output installed;
        try {
            installed = install(last);
        } finally {
            infrastructure.startPostgres();
        }
        assertThat(installed.exit()).isZero();
        assertThat(installed.out()).contains("\n3 of 3 servers updated\n").doesNotContain("renewed:");
        assertThat(installed.err()).startsWith("The productive database does not answer: ");
        servers.forEach(server -> awaitNormal(server, "12.05.100"));
        assertThat(schema()).isEqualTo("12.05 1");
        assertThat(all(Kind.RENEW)).isOne();
    }

    private static String dump(LabHost host, String more) {
        String[] source = host.console(CLI + "db list").out().strip().split(";");
        return "pg_dump -Fc -w -h " + source[3] + " -p " + source[4] + " -U " + source[6] + " -d " + source[5]
                + " -f /var/tmp/ums.dump " + more;
    }

    @Test
    void theRealDatabaseIsDumpedAndItsContentsAreListed() {
        LabHost host = servers.getFirst();
        assertThat(host.console(CLI + "db backup -o /var/tmp/b")).satisfies(o -> {
            assertThat(o.exit()).isEqualTo(1);
            assertThat(o.err()).contains("not an embedded database");
        });
        assertThat(host.console(dump(host, ""))).isEqualTo(new Output(0, "", ""));
        assertThat(host.count(Kind.BACKUP, "umslab")).isOne();
        Output list = host.console("pg_restore --list /var/tmp/ums.dump");
        assertThat(list.exit()).isZero();
        assertThat(list.out()).contains(";     dbname: umslab\n").contains(";     Format: CUSTOM\n");
        String oid = inDatabase("select 'ums.device'::regclass::oid");
        assertThat(list.out().lines())
                .anyMatch(l -> l.matches("\\d+; 1259 " + oid + " TABLE ums device interlock"))
                .anyMatch(l -> l.matches("\\d+; 0 " + oid + " TABLE DATA ums device interlock"));
        assertThat(host.console("grep -a -c device-0200 /var/tmp/ums.dump").out())
                .isEqualTo("1\n");
        assertThat(host.console("sha256sum /var/tmp/ums.dump; wc -c < /var/tmp/ums.dump")
                        .out())
                .matches("[0-9a-f]{64}  /var/tmp/ums.dump\n\\d{4,}\n");
        assertThat(host.console("pg_restore -f /dev/null /var/tmp/ums.dump").exit())
                .isZero();
    }

    @Test
    void aDumpNeedsTheRightPasswordAndADatabaseThatAnswers() {
        LabHost host = servers.getFirst();
        assertThat(host.console("PGPASSWORD=wrong " + dump(host, ""))).satisfies(o -> {
            assertThat(o.exit()).isEqualTo(1);
            assertThat(o.err())
                    .matches("pg_dump: error: connection to server at \"127\\.0\\.0\\.1\", port \\d+ failed: FATAL: "
                            + " password authentication failed for user \"interlock\"\n");
        });
        assertThat(host.console("chmod 644 /root/.pgpass; " + dump(host, "")).err())
                .startsWith("WARNING: password file \"/root/.pgpass\" has group or world access")
                .endsWith("fe_sendauth: no password supplied\n");
        assertThat(host.console("chmod 600 /root/.pgpass; " + dump(host, "-p 1"))
                        .err())
                .endsWith("port 1 failed: Connection refused\n\tIs the server running on that host and accepting"
                        + " TCP/IP connections?\n");
        assertThat(host.console("PGPASSWORD=" + infrastructure.password() + " " + dump(host, "-d nosuch"))
                        .err())
                .endsWith("FATAL:  database \"nosuch\" does not exist\n");
        host.fail(Fault.DISK);
        assertThat(host.console(dump(host, "")))
                .isEqualTo(
                        new Output(1, "", "pg_dump: error: could not write to output file: No space left on device\n"));
        assertThat(host.count(Kind.BACKUP, "umslab")).isZero();
    }

    @Test
    void aBadBackupIsFoundOut() {
        LabHost host = servers.getFirst();
        for (String value : List.of("cut", "data", "empty")) {
            host.fail(Fault.BADBACKUP, value);
            assertThat(host.console(dump(host, "")).exit()).isZero();
            Output list = host.console("pg_restore --list /var/tmp/ums.dump");
            Output read = host.console("pg_restore -f /dev/null /var/tmp/ums.dump");
            String end = "pg_restore: error: could not read from input file: end of file\n";
            switch (value) {
                case "cut" -> assertThat(list).isEqualTo(new Output(1, "", end));
                case "data" -> assertThat(list.exit()).isZero();
                default ->
                    assertThat(list)
                            .isEqualTo(new Output(
                                    1, "", "pg_restore: error: input file is too short (read 0, expected 5)\n"));
            }
            assertThat(read.exit()).isEqualTo(1);
        }
        assertThat(host.console("echo something else > /var/tmp/x; pg_restore -l /var/tmp/x")
                        .err())
                .isEqualTo("pg_restore: error: input file does not appear to be a valid archive\n");
    }
}
