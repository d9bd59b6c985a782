package dev.interlock.client;

/** An id, a code or a name that cannot stand in a path: empty, or dots that lead elsewhere. Nothing was sent. */
public final class PathPartException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    PathPartException(String name, String value) {
        super("'" + value + "' is no " + name + ".");
    }
}
