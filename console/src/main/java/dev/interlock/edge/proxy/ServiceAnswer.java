package dev.interlock.edge.proxy;

import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import java.util.List;
import java.util.Map;

/** The head of a service's answer is there; its body is taken, or discarded. */
interface ServiceAnswer {

    int status();

    Map<String, List<String>> headers();

    /** @param atEnd when the last byte was passed on, or never will be */
    CloseableByteBody body(ByteBodyFactory bodies, Runnable atEnd);

    void discard();

    default String header(String name) {
        return headers().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .flatMap(header -> header.getValue().stream())
                .findFirst()
                .orElse("");
    }
}
