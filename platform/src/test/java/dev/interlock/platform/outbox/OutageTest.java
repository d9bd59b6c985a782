package dev.interlock.platform.outbox;

import dev.interlock.testkit.Infrastructure;
import dev.interlock.testkit.PrivateInfrastructure;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What happens to announced events while a server is away. */
class OutageTest extends OutboxTesting {

    static final PrivateInfrastructure SERVERS = PrivateInfrastructure.start();

    @AfterAll
    static void stop() {
        SERVERS.close();
    }

    @Override
    Infrastructure servers() {
        return SERVERS;
    }

    @Test
    void postgresGoneUnderLoadLosesNothingAndKeepsTheOrder() throws Exception {
        underLoad(() -> {
            SERVERS.stopPostgres();
            pause(2000);
            SERVERS.startPostgres();
        });
    }

    @Test
    void kafkaGoneUnderLoadLosesNothingAndKeepsTheOrder() throws Exception {
        underLoad(() -> {
            SERVERS.stopKafka();
            pause(4000);
            SERVERS.startKafka();
        });
    }
}
