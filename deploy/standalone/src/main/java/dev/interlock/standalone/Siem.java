package dev.interlock.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.interlock.contracts.Channel;
import dev.interlock.embedded.Ports;
import dev.interlock.siem.syslog.SyslogConfig;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;

/**
 * Where events go for a SIEM: {@code syslog://HOST:PORT} (TCP) or {@code syslogs://HOST:PORT} (TLS), with the options {@code
 * format=ocsf|cef}, {@code ca=FILE}, {@code cert=FILE}, {@code check-host=false}, {@code max-bytes=N}, {@code
 * confirm=close|age}, {@code bom=false}.
 */
record Siem(String address, Map<String, String> connector) {

    static final String PROCESS = "siem";
    private static final String CONNECTOR = "interlock-siem";
    private static final Map<String, String> OPTIONS = Map.of(
            "ca", "syslog.tls.ca",
            "cert", "syslog.tls.certificate",
            "check-host", "syslog.tls.check.host",
            "max-bytes", "syslog.max.message.bytes",
            "confirm", "syslog.confirm",
            "bom", "syslog.bom");

    Siem {
        connector = Map.copyOf(connector);
    }

    static Siem parse(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw wrong(text, "that is no address");
        }
        var scheme = uri.getScheme() == null ? "" : uri.getScheme();
        boolean tls = List.of("syslogs", "tls+syslog").contains(scheme);
        if (!tls && !scheme.equals("syslog")) {
            throw wrong(text, "it begins with syslog:// or, for TLS, syslogs://");
        }
        if (uri.getHost() == null) {
            throw wrong(text, "it lacks the receiver's name");
        }
        var settings = new LinkedHashMap<String, String>();
        settings.put("syslog.protocol", tls ? "tls" : "tcp");
        settings.put("syslog.host", uri.getHost().replaceAll("[\\[\\]]", ""));
        settings.put("syslog.port", Integer.toString(uri.getPort() < 0 ? (tls ? 6514 : 514) : uri.getPort()));
        var format = "ocsf";
        for (var option :
                uri.getQuery() == null ? new String[0] : uri.getQuery().split("&", -1)) {
            var name = option.replaceFirst("=.*", "");
            var value = option.contains("=") ? option.substring(option.indexOf('=') + 1) : "";
            if (name.equals("format")) {
                format = value;
            } else if (OPTIONS.containsKey(name)) {
                settings.put(OPTIONS.getOrDefault(name, name), value);
            } else {
                throw wrong(
                        text,
                        "there is no option '" + name + "'; there are format, "
                                + OPTIONS.keySet().stream().sorted().collect(Collectors.joining(", ")));
            }
        }
        if (!format.equals("ocsf") && !format.equals("cef")) {
            throw wrong(text, "format is ocsf or cef, not '" + format + "'");
        }
        settings.put("transforms", format);
        settings.put(
                "transforms." + format + ".type", "dev.interlock.siem." + (format.equals("cef") ? "ToCef" : "ToOcsf"));
        try {
            new SyslogConfig(settings);
        } catch (ConfigException e) {
            throw wrong(text, String.valueOf(e.getMessage()));
        }
        settings.put("connector.class", "dev.interlock.siem.syslog.SyslogSinkConnector");
        settings.put("tasks.max", "1");
        settings.put("topics", topics());
        settings.put("errors.tolerance", "all");
        settings.put("errors.log.enable", "true");
        settings.put("errors.deadletterqueue.topic.name", "interlock.siem.dlt");
        settings.put("errors.deadletterqueue.topic.replication.factor", "1");
        settings.put("errors.deadletterqueue.context.headers.enable", "true");
        return new Siem(text, settings);
    }

    private static StandaloneException wrong(String text, String why) {
        return new StandaloneException("--siem " + text + ": " + why + ". For example: --siem syslog://127.0.0.1:6514");
    }

    /** All events; not the compacted topics, which tell no stories but states. */
    static String topics() {
        return Arrays.stream(Channel.values())
                .filter(channel -> !channel.compacted())
                .map(Channel::topic)
                .collect(Collectors.joining(","));
    }

    /** Writes what the worker is started with, and says its arguments. */
    List<String> prepare(Home home, String kafka, int port) {
        var worker = new Properties();
        worker.setProperty("bootstrap.servers", kafka);
        worker.setProperty("listeners", "http://" + Ports.LOOPBACK + ":" + port);
        worker.setProperty("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        worker.setProperty("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        worker.setProperty("header.converter", "org.apache.kafka.connect.storage.StringConverter");
        worker.setProperty(
                "offset.storage.file.filename",
                home.data().resolve("siem.offsets").toString());
        worker.setProperty("offset.flush.interval.ms", "5000");
        worker.setProperty("plugin.discovery", "service_load");
        worker.setProperty("task.shutdown.graceful.timeout.ms", "10000");
        worker.setProperty("consumer.auto.offset.reset", "earliest");
        worker.setProperty("consumer.allow.auto.create.topics", "false"); // their services make them
        worker.setProperty("consumer.metadata.max.age.ms", "5000");
        worker.setProperty("consumer.session.timeout.ms", "6000");
        worker.setProperty("consumer.heartbeat.interval.ms", "2000");
        var text = new StringWriter();
        try {
            worker.store(text, null);
            Home.writePrivate(home.siemWorker(), text.toString());
            Home.writePrivate(
                    home.orders(PROCESS),
                    new ObjectMapper().writeValueAsString(Map.of("name", CONNECTOR, "config", connector)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of(home.siemWorker().toString(), home.orders(PROCESS).toString());
    }

    /** Connect has many libraries, which nothing else here needs: they stand apart, and only its process has them. */
    static String classPath() {
        var own = System.getProperty("java.class.path");
        var libraries = Path.of(System.getProperty("interlock.root", ""), "deploy", "standalone", "target", "lib-siem");
        return Files.isDirectory(libraries) ? own + File.pathSeparator + libraries + File.separator + "*" : own;
    }

    /** What a person is shown of a worker that is part of an installation: its state in a word, and where it sends. */
    static List<String> status(Home home) {
        var worker = new Properties();
        try (var in = Files.newBufferedReader(home.siemWorker(), StandardCharsets.UTF_8)) {
            worker.load(in);
            var orders = new ObjectMapper()
                    .readTree(Files.readString(home.orders(PROCESS)))
                    .path("config");
            var target = orders.path("syslog.host").asText() + ":"
                    + orders.path("syslog.port").asText();
            return List.of(
                    state(worker.getProperty("listeners")),
                    orders.path("syslog.protocol").asText() + " " + target);
        } catch (IOException e) {
            return List.of("DOWN", "");
        }
    }

    private static String state(String rest) throws IOException {
        var question = HttpRequest.newBuilder(URI.create(rest + "/connectors/" + CONNECTOR + "/status"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try (var http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            var answer = new ObjectMapper()
                    .readTree(http.send(question, HttpResponse.BodyHandlers.ofString())
                            .body());
            var task = answer.path("tasks").path(0).path("state").asText("");
            return task.equals("RUNNING") ? "UP" : task.isEmpty() ? "DOWN" : task;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "DOWN";
        }
    }
}
