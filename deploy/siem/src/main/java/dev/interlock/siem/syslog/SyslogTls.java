package dev.interlock.siem.syslog;

import java.util.HashMap;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/** TLS as the settings want it. The PEM files are read by Kafka's own code, as those of its clients are. */
final class SyslogTls {

    private SyslogTls() {}

    /** @throws ConfigException if a file is not what it should be */
    static SSLSocketFactory socketFactory(SyslogConfig config) {
        var settings = new HashMap<String, Object>();
        settings.put(SslConfigs.SSL_PROTOCOL_CONFIG, "TLSv1.3"); // the newest; 1.2 is offered, too
        settings.put(SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG, List.of("TLSv1.3", "TLSv1.2"));
        settings.put(SslConfigs.SSL_CIPHER_SUITES_CONFIG, List.of());
        var ca = config.getString(SyslogConfig.TLS_CA);
        if (!ca.isEmpty()) {
            settings.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
            settings.put(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, ca);
        }
        var certificate = config.getString(SyslogConfig.TLS_CERTIFICATE);
        var password = config.getPassword(SyslogConfig.TLS_KEY_PASSWORD);
        if (!certificate.isEmpty()) {
            settings.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, "PEM");
            settings.put(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, certificate);
            if (!password.value().isEmpty()) {
                settings.put(SslConfigs.SSL_KEY_PASSWORD_CONFIG, password);
            }
        }
        try (var stores = new DefaultSslEngineFactory()) {
            stores.configure(settings);
            return stores.sslContext().getSocketFactory();
        } catch (KafkaException e) {
            throw new ConfigException("The PEM files of " + SyslogConfig.TLS_CA + " and " + SyslogConfig.TLS_CERTIFICATE
                    + " cannot be used: " + deepest(e)
                    + ". The first holds certificates, the second a private key as PKCS#8 and its certificate chain.");
        }
    }

    private static String deepest(Throwable e) {
        var cause = e;
        for (var next = e.getCause(); next != null; next = next.getCause()) {
            cause = next;
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
