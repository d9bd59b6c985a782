package dev.interlock.license.app.broken;

/** Breaks: only programs for people print. */
final class Prints {
    private Prints() {}

    static void print() {
        System.out.println("hello");
    }
}
