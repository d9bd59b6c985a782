package dev.interlock.testkit;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The properties that bind a service to test infrastructure: pass them to the service's {@code start}. */
public final class ServiceUnderTest {
    private ServiceUnderTest() {}

    /** On the shared infrastructure, with a fresh database. {@code service}: inventory, license, agent, upgrade. */
    public static Map<String, Object> properties(String service) {
        return properties(service, TestInfrastructure.get());
    }

    public static Map<String, Object> properties(String service, Infrastructure infrastructure) {
        var database = "t_" + service + "_" + UUID.randomUUID().toString().replace("-", "");
        return properties(service, infrastructure, database);
    }

    /** Two instances of one service share a database: give both the same name. */
    public static Map<String, Object> properties(String service, Infrastructure infrastructure, String database) {
        var properties = new HashMap<String, Object>();
        properties.put("interlock.service", service);
        properties.put(
                "interlock.instance",
                service + "-" + UUID.randomUUID().toString().substring(0, 8));
        properties.put("interlock.security.jwks", TestTokens.jwksJson());
        properties.put("interlock.log.format", "text");
        properties.put("micronaut.server.host", "127.0.0.1");
        properties.put("micronaut.server.port", -1);
        properties.put("datasources.default.url", infrastructure.jdbcUrl(database));
        properties.put("datasources.default.username", infrastructure.username());
        properties.put("datasources.default.password", infrastructure.password());
        properties.put("kafka.bootstrap.servers", infrastructure.bootstrapServers());
        return properties;
    }
}
