package dev.interlock.lab.product;

import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.RpmPackage;
import dev.interlock.lab.machine.RpmPackage.Content;
import dev.interlock.lab.machine.UnitFile;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeper Connection Manager. {@code standalone} has the unit {@code guacamole} from {@code keeper-guacamole-standalone};
 * {@code tomcat} deploys the web application in a Tomcat of its own. The glob {@code kcm-*} matches neither {@code kcm} nor
 * {@code keeper-guacamole-standalone}. Like the fleet's hosts, the services answer {@code /version} on 8080 and 4822.
 */
final class Keeper implements Product {
    private static final Duration TAKES = Duration.ofMillis(800);
    private static final UnitFile GUACD = new UnitFile(
            "guacd.service",
            "guacd of kcm-guacd @VERSION@",
            "/usr/sbin/guacd -f -b 0.0.0.0 -l 4822",
            "kcm-guacd",
            List.of(4822),
            "/etc/guacamole/guacd.conf",
            Duration.ofMillis(300),
            Duration.ZERO,
            Duration.ofMillis(200),
            false);
    private static final UnitFile GUACAMOLE = new UnitFile(
            "guacamole.service",
            "guacamole of keeper-guacamole-standalone @VERSION@",
            "/usr/bin/java -Dguacamole.home=/etc/guacamole org.apache.catalina.startup.Bootstrap start",
            "kcm-guacamole",
            List.of(8080),
            "/etc/guacamole/guacamole.properties",
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            true);
    private static final UnitFile TOMCAT = new UnitFile(
            "tomcat.service",
            "Apache Tomcat Web Application Container",
            "/usr/lib/jvm/jre/bin/java -Dcatalina.base=/usr/share/tomcat org.apache.catalina.startup.Bootstrap start",
            "kcm-guacamole",
            List.of(8080),
            "/etc/guacamole/guacamole.properties",
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            true);

    /** One object a package and version, shared by all hosts. */
    private final Map<String, RpmPackage> made = new LinkedHashMap<>();

    @Override
    public String name() {
        return "keeper-connection-manager";
    }

    @Override
    public List<String> variants() {
        return List.of("standalone", "tomcat");
    }

    @Override
    public String role() {
        return "node";
    }

    @Override
    public String installedByDefault() {
        return "1.4.0";
    }

    @Override
    public String offeredByDefault() {
        return "1.5.0";
    }

    @Override
    public void furnish(Machine machine, String variant, String installed, String offered) {
        machine.packages().preinstall(tomcat(variant.equals("tomcat")));
        for (RpmPackage pkg : packages(variant, installed)) {
            machine.packages().preinstall(pkg);
        }
        for (RpmPackage pkg : packages(variant, offered)) {
            machine.packages().offer(pkg);
        }
    }

    private RpmPackage tomcat(boolean own) {
        return own
                ? new RpmPackage(
                        "tomcat",
                        "9.0.87",
                        "1.el9",
                        "noarch",
                        "Apache Servlet/JSP Engine",
                        Map.of(),
                        List.of(TOMCAT),
                        TAKES,
                        RpmPackage.Fault.GOOD)
                : new RpmPackage(
                        "java-17-openjdk-headless",
                        "17.0.11.0.9",
                        "2.el9",
                        "x86_64",
                        "OpenJDK 17 headless runtime",
                        Map.of(),
                        List.of(),
                        TAKES,
                        RpmPackage.Fault.GOOD);
    }

    private synchronized List<RpmPackage> packages(String variant, String version) {
        var names = new LinkedHashMap<String, String>();
        names.put("kcm", "Keeper Connection Manager");
        names.put("kcm-guacamole", "Web application of Keeper Connection Manager");
        names.put("kcm-guacd", "Proxy daemon of Keeper Connection Manager");
        for (String protocol : List.of("rdp", "ssh", "vnc")) {
            names.put(
                    "kcm-libguac-client-" + protocol,
                    "Support for " + protocol.toUpperCase(java.util.Locale.ROOT) + " in guacd");
        }
        names.put("kcm-guacamole-auth-jdbc-postgresql", "PostgreSQL authentication for Guacamole");
        names.put("kcm-guacamole-auth-totp", "Two-factor authentication for Guacamole");
        if (variant.equals("standalone")) {
            names.put("keeper-guacamole-standalone", "Guacamole with its own Tomcat");
        }
        return names.entrySet().stream()
                .map(e ->
                        made.computeIfAbsent(e.getKey() + "-" + version, _ -> make(e.getKey(), version, e.getValue())))
                .toList();
    }

    private static RpmPackage make(String name, String version, String summary) {
        var files = new LinkedHashMap<String, Content>();
        List<UnitFile> units = List.of();
        switch (name) {
            case "kcm-guacamole" -> {
                files.put("/opt/kcm-guacamole/version", new Content("@VERSION@\n", false, 0644));
                files.put(
                        "/etc/guacamole/guacamole.properties",
                        new Content(
                                "# kcm-guacamole\nguacd-hostname: localhost\nguacd-port: 4822\npostgresql-password: not-a-real-secret\n",
                                true,
                                0640));
            }
            case "kcm-guacd" -> {
                files.put("/opt/kcm-guacd/version", new Content("@VERSION@\n", false, 0644));
                files.put(
                        "/etc/guacamole/guacd.conf",
                        new Content("[server]\nbind_host = 0.0.0.0\nbind_port = 4822\n", true, 0644));
                units = List.of(GUACD);
            }
            case "keeper-guacamole-standalone" -> {
                files.put("/opt/keeper/guacamole/version", new Content("@VERSION@\n", false, 0644));
                units = List.of(GUACAMOLE);
            }
            case "kcm" ->
                files.put("/usr/share/kcm/release", new Content("Keeper Connection Manager @VERSION@\n", false, 0644));
            default -> files.put("/usr/lib64/" + name + ".version", new Content("@VERSION@\n", false, 0644));
        }
        String arch = name.contains("guacd") || name.contains("libguac") ? "x86_64" : "noarch";
        return new RpmPackage(name, version, "1.el9", arch, summary, files, units, TAKES, RpmPackage.Fault.GOOD);
    }
}
