package dev.interlock.lab.machine;

import java.io.IOException;

/** What a file in {@code /usr/bin} does. */
@FunctionalInterface
public interface Program {
    int run(Call call) throws IOException;
}
