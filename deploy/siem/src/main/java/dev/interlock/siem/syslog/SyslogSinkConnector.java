package dev.interlock.siem.syslog;

import dev.interlock.siem.PluginVersion;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/**
 * Writes records as syslog messages (RFC 5424) over TCP or TLS, octets counted. Offsets are committed only when the
 * receiver has read what was written; what it may have lost is written again.
 */
public class SyslogSinkConnector extends SinkConnector {

    private Map<String, String> settings = Map.of();

    @Override
    public void start(Map<String, String> given) {
        new SyslogConfig(given);
        settings = Map.copyOf(given);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return SyslogSinkTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int most) {
        return Collections.nCopies(most, settings);
    }

    @Override
    public void stop() {
        // holds nothing
    }

    @Override
    public ConfigDef config() {
        return SyslogConfig.DEFINITION;
    }

    @Override
    public Config validate(Map<String, String> given) {
        var config = super.validate(given);
        var problems = SyslogConfig.problems(given);
        config.configValues().forEach(value -> {
            var problem = problems.get(value.name());
            if (problem != null) {
                value.addErrorMessage(value.name() + " " + problem);
            }
        });
        if (config.configValues().stream()
                .allMatch(value -> value.errorMessages().isEmpty())) {
            try {
                var parsed = new SyslogConfig(given);
                if (parsed.tls()) {
                    SyslogTls.socketFactory(parsed);
                }
            } catch (ConfigException e) {
                config.configValues().stream()
                        .filter(value -> value.name().equals(SyslogConfig.TLS_CA))
                        .forEach(value -> value.addErrorMessage(e.getMessage()));
            }
        }
        return config;
    }

    @Override
    public String version() {
        return PluginVersion.get();
    }
}
