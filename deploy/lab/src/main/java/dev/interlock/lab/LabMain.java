package dev.interlock.lab;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/** {@code lab [--hosts N] [--tomcat N] [--port P] [--api-port P] [--time-scale X] [--dir DIR] [--seed TEXT]}; ends with its input or a signal. */
public final class LabMain {
    private LabMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Lab.Builder builder = Lab.builder();
        int standalone = 5;
        int tomcat = 0;
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
            }
        }
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.WARN);
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
        Runtime.getRuntime().addShutdownHook(new Thread(lab::close, "lab-close"));
        System.out.println(
                "lab ready: " + lab.hosts().size() + " hosts, api " + lab.api() + ", credentials " + lab.credentials());
        System.out.flush();
        new CountDownLatch(1).await();
    }

    private static void usage(String problem) {
        System.err.println(
                "lab: " + problem
                        + "\nusage: lab [--hosts N] [--tomcat N] [--port FIRST] [--api-port P] [--time-scale X] [--dir DIR] [--seed TEXT] [--credential NAME]");
        Runtime.getRuntime().exit(2);
    }
}
