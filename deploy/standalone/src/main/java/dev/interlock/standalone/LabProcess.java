package dev.interlock.standalone;

import dev.interlock.embedded.EmbeddedPostgres;
import dev.interlock.lab.Lab;
import dev.interlock.lab.product.Products;
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
import java.util.function.Predicate;

/** The lab's estate as a process of the tree: the hosts of the demo behind real SSH. */
public final class LabProcess {
    /** The UMS networks' productive databases: in a real PostgreSQL. */
    static final String UMS_DATABASE = "lab_ums";

    /** What an import brings its hosts in with, in the lab's folder. */
    static final String HOSTS = "hosts.ini";

    /** Faster than reality, so that a package installs in tenths of a second. */
    private static final double TIME_SCALE = Double.parseDouble(System.getProperty("interlock.lab.time-scale", "10"));

    private LabProcess() {}

    /**
     * {@code <folder> <credentials folder> <URL of the UMS networks' database> <hosts>}; when every host answers, writes
     * {@code hosts.ini} and then {@code api} into the folder.
     */
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
        var estate = LabEstate.of(Integer.parseInt(arguments[3]));
        add(lab, estate, group -> !group.product().equals(LabEstate.UMS));
        var password = String.valueOf(System.getenv("INTERLOCK_POSTGRES_PASSWORD"));
        awaitDatabase(arguments[2], password);
        lab.umsDatabase(arguments[2], EmbeddedPostgres.USER, password);
        add(lab, estate, group -> group.product().equals(LabEstate.UMS));
        try (var files = Files.list(lab.credentials())) {
            for (var file : files.toList()) {
                var copy = credentials.resolve(file.getFileName());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
            }
        }
        Files.writeString(folder.resolve(HOSTS), lab.inventoryIni());
        var part = folder.resolve("api.part");
        Files.writeString(part, lab.api().toString());
        Files.move(part, folder.resolve("api"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        told.await();
    }

    private static void add(Lab lab, List<LabEstate.Group> estate, Predicate<LabEstate.Group> which) {
        for (var group : estate.stream().filter(which).toList()) {
            var product = Products.named(group.product());
            for (var host : group.hosts()) {
                lab.add(
                        host,
                        product.name(),
                        group.variant(),
                        group.deployment(),
                        group.upgraded() ? product.offeredByDefault() : product.installedByDefault(),
                        product.offeredByDefault());
            }
        }
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
