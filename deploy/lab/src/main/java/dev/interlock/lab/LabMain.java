package dev.interlock.lab;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/** {@code lab [--hosts N] [--tomcat N] [--port P] [--api-port P] [--time-scale X] [--dir DIR] [--seed TEXT] [--license-servers N] [--ums N …]}; ends with its input or a signal. */
public final class LabMain {
    private LabMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Lab.Builder builder = Lab.builder();
        int standalone = 5;
        int tomcat = 0;
        int licenseServers = 0;
        int ums = 0;
        int balancers = 0;
        int consoles = 0;
        String database = "";
        String databaseUser = "";
        String databasePassword = "";
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 >= arguments.length) {
                usage(arguments[i] + " needs a value");
                return;
            }
            String value = arguments[i + 1];
            try {
                switch (arguments[i]) {
                    case "--hosts" -> standalone = Integer.parseInt(value);
                    case "--tomcat" -> tomcat = Integer.parseInt(value);
                    case "--license-servers" -> licenseServers = Integer.parseInt(value);
                    case "--ums" -> ums = Integer.parseInt(value);
                    case "--ums-balancers" -> balancers = Integer.parseInt(value);
                    case "--ums-consoles" -> consoles = Integer.parseInt(value);
                    case "--ums-database" -> database = value;
                    case "--ums-database-user" -> databaseUser = value;
                    case "--ums-database-password-file" ->
                        databasePassword = Files.readString(Path.of(value)).strip();
                    case "--port" -> builder.firstPort(Integer.parseInt(value));
                    case "--api-port" -> builder.apiPort(Integer.parseInt(value));
                    case "--time-scale" -> builder.timeScale(Double.parseDouble(value));
                    case "--dir" -> builder.dir(Path.of(value));
                    case "--seed" -> builder.seed(value);
                    case "--credential" -> builder.credential(value);
                    default -> {
                        usage("unknown option " + arguments[i]);
                        return;
                    }
                }
            } catch (NumberFormatException e) {
                usage(arguments[i] + " needs a number, not '" + value + "'");
                return;
            } catch (IOException e) {
                usage("the file " + value + " cannot be read");
                return;
            }
        }
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.WARN);
        }
        if (!database.isEmpty()) {
            try {
                builder.umsDatabase(database, databaseUser, databasePassword);
            } catch (IllegalArgumentException e) {
                usage(String.valueOf(e.getMessage()));
                return;
            }
        } else if (ums + balancers + consoles > 0) {
            usage("--ums needs a PostgreSQL: --ums-database jdbc:postgresql://host:port/database");
            return;
        }
        Lab lab = builder.start();
        for (int i = 1; i <= standalone; i++) {
            lab.add(
                    String.format(java.util.Locale.ROOT, "kcm-%03d", i),
                    "keeper-connection-manager",
                    "standalone",
                    "keeper");
        }
        for (int i = 1; i <= tomcat; i++) {
            lab.add(
                    String.format(java.util.Locale.ROOT, "kcm-tomcat-%03d", i),
                    "keeper-connection-manager",
                    "tomcat",
                    "keeper-tomcat");
        }
        for (int i = 1; i <= licenseServers; i++) {
            lab.add(
                    String.format(java.util.Locale.ROOT, "ls-%03d", i),
                    "pcoip-license-server",
                    "connected",
                    "licenses");
        }
        lab.addUms("ums", ums, balancers, consoles);
        Runtime.getRuntime().addShutdownHook(new Thread(lab::close, "lab-close"));
        System.out.println(
                "lab ready: " + lab.hosts().size() + " hosts, api " + lab.api() + ", credentials " + lab.credentials());
        System.out.flush();
        new CountDownLatch(1).await();
    }

    private static void usage(String problem) {
        System.err.println("lab: " + problem
                + "\nusage: lab [--hosts N] [--tomcat N] [--port FIRST] [--api-port P] [--time-scale X] [--dir DIR] [--seed TEXT] [--credential NAME]"
                + " [--license-servers N] [--ums N] [--ums-balancers N] [--ums-consoles N] [--ums-database URL --ums-database-user NAME"
                + " --ums-database-password-file FILE]");
        Runtime.getRuntime().exit(2);
    }
}
