package dev.interlock.standalone;

import dev.interlock.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The lab's estate as a process of the tree: the Keeper hosts of the demo behind real SSH. */
public final class LabProcess {
    /** Deployment and variant of each host; the names are what the story tells of. */
    private static final List<Estate> ESTATE = List.of(
            new Estate("keeper-emea", "standalone", List.of("kcm-berlin", "kcm-lyon", "kcm-oslo", "kcm-porto")),
            new Estate("keeper-emea", "tomcat", List.of("kcm-rome", "kcm-sofia")));

    /** Faster than reality, so that a package installs in tenths of a second. */
    private static final double TIME_SCALE = Double.parseDouble(System.getProperty("interlock.lab.time-scale", "10"));

    private record Estate(String deployment, String variant, List<String> hosts) {}

    private LabProcess() {}

    /** {@code <folder> <credentials folder>}; writes {@code api} into the folder when every host answers. */
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
                lab.add(host, "keeper-connection-manager", estate.variant(), estate.deployment());
            }
        }
        var key = lab.credential() + ".key";
        var copy = credentials.resolve(key);
        Files.copy(lab.credentials().resolve(key), copy, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
        var part = folder.resolve("api.part");
        Files.writeString(part, lab.api().toString());
        Files.move(part, folder.resolve("api"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        told.await();
    }
}
