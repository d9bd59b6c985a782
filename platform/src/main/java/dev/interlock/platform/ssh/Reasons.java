package dev.interlock.platform.ssh;

import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;

/** Turns what sshj and sockets say into words for an operator. */
final class Reasons {

    private Reasons() {}

    static String of(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? "" : root.getMessage();
        if (root instanceof UnknownHostException) {
            return "the name " + message + " is not known";
        }
        if (root instanceof NoRouteToHostException) {
            return "there is no route to the host";
        }
        if (message.contains("encountered EOF") || message.contains("Server closed connection")) {
            return "the host closed the connection";
        }
        if (root instanceof SocketException && message.startsWith("Connection reset")) {
            return "the host reset the connection";
        }
        return message.isEmpty() ? root.getClass().getSimpleName() : message;
    }
}
