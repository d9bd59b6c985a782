package dev.interlock.lab.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A command line taken apart: options with and without values, and the rest. */
final class Options {
    private final TreeMap<String, List<String>> given = new TreeMap<>();
    private final List<String> rest = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    /**
     * @param flags options without a value, as {@code q} or {@code quiet}
     * @param valued options with a value
     */
    static Options of(List<String> arguments, Set<String> flags, Set<String> valued) {
        return of(arguments, flags, valued, false);
    }

    /** @param stop whether the first operand ends the options, as for programs that run others */
    static Options of(List<String> arguments, Set<String> flags, Set<String> valued, boolean stop) {
        var options = new Options();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--")) {
                options.rest.addAll(arguments.subList(i + 1, arguments.size()));
                break;
            }
            if (argument.startsWith("--")) {
                int equals = argument.indexOf('=');
                String name = argument.substring(2, equals < 0 ? argument.length() : equals);
                if (valued.contains(name)) {
                    if (equals >= 0) {
                        options.add(name, argument.substring(equals + 1));
                    } else if (i + 1 < arguments.size()) {
                        i++;
                        options.add(name, arguments.get(i));
                    } else {
                        options.unknown.add(argument);
                    }
                } else if (flags.contains(name)) {
                    options.add(name, equals < 0 ? "" : argument.substring(equals + 1));
                } else {
                    options.unknown.add(argument);
                }
            } else if (argument.startsWith("-") && argument.length() > 1) {
                for (int c = 1; c < argument.length(); c++) {
                    String name = String.valueOf(argument.charAt(c));
                    if (valued.contains(name)) {
                        if (c + 1 < argument.length()) {
                            options.add(name, argument.substring(c + 1));
                        } else if (i + 1 < arguments.size()) {
                            i++;
                            options.add(name, arguments.get(i));
                        } else {
                            options.unknown.add("-" + name);
                        }
                        break;
                    }
                    if (flags.contains(name)) {
                        options.add(name, "");
                    } else {
                        options.unknown.add("-" + name);
                    }
                }
            } else {
                options.rest.add(argument);
                if (stop) {
                    options.rest.addAll(arguments.subList(i + 1, arguments.size()));
                    break;
                }
            }
        }
        return options;
    }

    private void add(String name, String value) {
        given.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
    }

    boolean has(String... names) {
        for (String name : names) {
            if (given.containsKey(name)) {
                return true;
            }
        }
        return false;
    }

    @Nullable
    String value(String... names) {
        for (String name : names) {
            List<String> values = given.get(name);
            if (values != null) {
                return values.getLast();
            }
        }
        return null;
    }

    String value(String name, int otherwise) {
        String value = value(name);
        return value == null ? String.valueOf(otherwise) : value;
    }

    List<String> values(String name) {
        return given.getOrDefault(name, List.of());
    }

    List<String> rest() {
        return rest;
    }

    @Nullable
    String unknown() {
        return unknown.isEmpty() ? null : unknown.getFirst();
    }
}
