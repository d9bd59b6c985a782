package dev.interlock.standalone;

import dev.interlock.embedded.EmbeddedPostgres;
import dev.interlock.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The lab's estate as a process of the tree: the hosts of the demo behind real SSH. */
public final class LabProcess {
    /** Deployment and variant of each host; the names are what the story tells of. */
    private static final List<Estate> ESTATE = List.of(
            new Estate(
                    "keeper-connection-manager",
                    UpgradeKeeper.DEPLOYMENT,
                    "standalone",
                    List.of(
                            "kcm-berlin",
                            "kcm-dublin",
                            "kcm-lyon",
                            "kcm-madrid",
                            "kcm-oslo",
                            "kcm-porto",
                            "kcm-turin",
                            "kcm-vienna")),
            new Estate(
                    "keeper-connection-manager", UpgradeKeeper.DEPLOYMENT, "tomcat", List.of("kcm-rome", "kcm-sofia")),
            new Estate(
                    "pcoip-license-server", UpgradeLicenseServer.DEPLOYMENT, "connected", List.of("licenses-paris")));

    /** The UMS network's productive database: a real one. */
    static final String UMS_DATABASE = "lab_ums";

    /** Faster than reality, so that a package installs in tenths of a second. */
    private static final double TIME_SCALE = Double.parseDouble(System.getProperty("interlock.lab.time-scale", "10"));

    private record Estate(String product, String deployment, String variant, List<String> hosts) {}

    private LabProcess() {}

    /** {@code <folder> <credentials folder> <URL of the UMS network's database>}; writes {@code api} into the folder when every host answers. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        var folder = Path.of(arguments[0]);
        var credentials = Path.of(arguments[1]);
        Files.createDirectories(folder);
        var lab = Lab.builder().dir(folder).timeScale(TIME_SCALE).start();
        var told = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            told.countDown();
            lab.close();
        }));
        Thread.ofPlatform().daemon().name("parent-watch").start(Services::exitWithParent);
        for (var estate : ESTATE) {
            for (var host : estate.hosts()) {
                lab.add(host, estate.product(), estate.variant(), estate.deployment());
            }
        }
        var password = String.valueOf(System.getenv("INTERLOCK_POSTGRES_PASSWORD"));
        awaitDatabase(arguments[2], password);
        lab.umsDatabase(arguments[2], EmbeddedPostgres.USER, password);
        lab.addUms(UpgradeUms.DEPLOYMENT, 3, 1, 0);
        try (var files = Files.list(lab.credentials())) {
            for (var file : files.toList()) {
                var copy = credentials.resolve(file.getFileName());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
            }
        }
        var part = folder.resolve("api.part");
        Files.writeString(part, lab.api().toString());
        Files.move(part, folder.resolve("api"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        told.await();
    }

    /** PostgreSQL is started beside this process. */
    private static void awaitDatabase(String url, String password) {
        var deadline = System.nanoTime() + Preflight.startLimit().toNanos();
        while (true) {
            try (var connection = DriverManager.getConnection(url, EmbeddedPostgres.USER, password)) {
                connection.isValid(5);
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > deadline) {
                    throw new StandaloneException("The lab's database cannot be reached: " + e.getMessage());
                }
                Commands.until(Duration.ofMillis(100), () -> false);
            }
        }
    }
}
