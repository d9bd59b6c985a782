package dev.interlock.standalone;

import java.nio.file.Path;
import org.apache.kafka.connect.cli.ConnectStandalone;

/** Kafka Connect's stand-alone worker with the one connector that feeds a SIEM; a program for the supervisor. */
public final class SiemWorker {
    private SiemWorker() {}

    /** {@code <worker.properties> <connector.json>}. Runs until its standard input ends or it is told to end. */
    public static void main(String... arguments) {
        Thread.ofPlatform().daemon().name("parent-watch").start(Services::exitWithParent);
        ConnectStandalone.main(new String[] {
            Path.of(arguments[0]).toString(), Path.of(arguments[1]).toString()
        });
    }
}
