package dev.interlock.platform.security;

import java.util.Optional;

/** The actor of the request being answered on this thread. */
public interface CurrentActor {

    /** Empty outside a request: in a timer, a listener or a thread that the request did not hand its context to. */
    Optional<Actor> find();

    /** @throws IllegalStateException outside a request */
    default Actor get() {
        return find().orElseThrow(
                        () -> new IllegalStateException("no request, so no actor; use orSystem() in the background"));
    }

    /** The actor of the request, or {@link Actor#SYSTEM} in the background. */
    default Actor orSystem() {
        return find().orElse(Actor.SYSTEM);
    }
}
