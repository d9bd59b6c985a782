package dev.interlock.license.app.broken;

/** Breaks: nobody sleeps in place of a condition. */
final class Sleeps {
    private Sleeps() {}

    static void aWhile() throws InterruptedException {
        Thread.sleep(1);
    }
}
