package dev.interlock.lab.machine;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What answers HTTP at a port while the service that has the port listens. */
@FunctionalInterface
public interface Site {
    /** @param headers by lower-case name */
    record Request(String method, String path, Map<String, String> headers, String body) {}

    record Reply(int status, String type, String body) {
        public byte[] bytes() {
            return body.getBytes(StandardCharsets.UTF_8);
        }
    }

    Reply answer(Request request);
}
