package dev.interlock.embedded;

/** Somebody else listens on the wanted port. */
public final class PortTakenException extends EmbeddedException {
    private static final long serialVersionUID = 1L;
    private final int port;

    public PortTakenException(String server, int port) {
        super("Port " + port + ", wanted for " + server + ", is taken by another program. Stop that program, or choose"
                + " another port.");
        this.port = port;
    }

    public int port() {
        return port;
    }
}
