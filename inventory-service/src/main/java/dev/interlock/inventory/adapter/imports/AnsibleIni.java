package dev.interlock.inventory.adapter.imports;

import dev.interlock.inventory.domain.ImportedInventory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads an Ansible inventory in INI form: {@code [group]}, {@code [group:vars]}, {@code [group:children]}. */
public final class AnsibleIni {

    private enum Kind {
        HOSTS,
        VARS,
        CHILDREN,
        /** A section that cannot be read: its lines are not either. */
        BROKEN
    }

    private static final Pattern SECTION = Pattern.compile("\\[([^\\s\\[\\]:]+)(?::(\\w+))?]\\s*([#;].*)?");
    private static final Pattern PORT = Pattern.compile("(.*[^:]):(\\d{1,9})");

    private final AnsibleInventory inventory = new AnsibleInventory();
    private final Map<String, Integer> awaited = new LinkedHashMap<>();

    private AnsibleIni() {}

    public static ImportedInventory parse(String text) {
        return new AnsibleIni().read(text);
    }

    private ImportedInventory read(String text) {
        var group = AnsibleInventory.UNGROUPED;
        var kind = Kind.HOSTS;
        int number = 0;
        inventory.group(AnsibleInventory.ALL, 0);
        for (var raw : (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\r\n|\n|\r", -1)) {
            number++;
            var line = raw.strip();
            if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
                continue;
            }
            if (line.startsWith("[") && !looksLikeHost(line)) {
                var section = SECTION.matcher(line);
                if (!section.matches()) {
                    inventory.reject(
                            number,
                            "section",
                            "'" + line + "' is no section, so the lines up to the next section were not read",
                            "Write [group], [group:vars] or [group:children].");
                    kind = Kind.BROKEN;
                    continue;
                }
                group = section.group(1);
                kind = kind(section.group(2), number);
                if (kind == Kind.HOSTS || kind == Kind.CHILDREN) {
                    inventory.group(group, number);
                } else if (kind == Kind.VARS) {
                    awaited.putIfAbsent(group, number);
                }
                continue;
            }
            switch (kind) {
                case HOSTS -> host(group, line, number);
                case VARS -> variable(group, line, number);
                case CHILDREN -> child(group, line, number);
                case BROKEN -> {}
            }
        }
        awaited.forEach((name, line) -> {
            if (!inventory.hasGroup(name)) {
                inventory.reject(
                        line,
                        "section",
                        "there is no group " + name,
                        "Correct the name, or add a section [" + name + "] with its hosts.");
            }
        });
        return inventory.resolve();
    }

    private static boolean looksLikeHost(String line) {
        return line.matches("\\[[0-9A-Za-z]{1,9}:[0-9A-Za-z]{1,9}(:\\d+)?][^\\s\\[#;]\\S*.*");
    }

    private Kind kind(@Nullable String word, int line) {
        return switch (word) {
            case null -> Kind.HOSTS;
            case "hosts" -> Kind.HOSTS;
            case "vars" -> Kind.VARS;
            case "children" -> Kind.CHILDREN;
            default -> {
                inventory.reject(
                        line,
                        "section",
                        "a section of the kind '" + word + "' is not known, so its lines were not read",
                        "Write [group], [group:vars] or [group:children].");
                yield Kind.BROKEN;
            }
        };
    }

    private void host(String group, String line, int number) {
        try {
            var words = words(line);
            var pattern = words.getFirst();
            var vars = new LinkedHashMap<String, String>();
            for (var word : words.subList(1, words.size())) {
                int equals = word.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException("'" + word + "' is no variable");
                }
                vars.put(word.substring(0, equals), word.substring(equals + 1));
            }
            var port = PORT.matcher(pattern);
            if (port.matches()
                    && (port.group(1).indexOf(':') < 0 || port.group(1).endsWith("]"))) {
                pattern = port.group(1);
                vars.putIfAbsent("ansible_port", port.group(2));
            }
            inventory.group(group, number);
            for (var name : HostRanges.expand(pattern)) {
                inventory.host(name, group, vars, number);
            }
        } catch (IllegalArgumentException wrong) {
            inventory.reject(
                    number,
                    "host",
                    wrong.getMessage() == null ? "the line cannot be read" : wrong.getMessage(),
                    "Write a host as: name ansible_host=10.0.0.1 ansible_user=root interlock_credential=fleet-key; put values"
                            + " with blanks into quotes.");
        }
    }

    private void variable(String group, String line, int number) {
        int equals = line.indexOf('=');
        var name = equals < 1 ? "" : line.substring(0, equals).strip();
        if (name.isEmpty() || name.indexOf(' ') >= 0) {
            inventory.reject(number, "vars", "'" + line + "' is no variable", "Write name=value.");
            return;
        }
        inventory.groupVar(
                group, name, unquoted(withoutComment(line.substring(equals + 1)).strip()), number);
    }

    private void child(String group, String line, int number) {
        var name = withoutComment(line).strip();
        if (!name.matches("[^\\s=:\\[\\]]+")) {
            inventory.reject(
                    number, "children", "'" + line + "' is no group's name", "Write one group's name on each line.");
            return;
        }
        awaited.putIfAbsent(name, number);
        inventory.child(group, name, number);
    }

    private static String withoutComment(String text) {
        int hash = text.indexOf(" #");
        return hash < 0 || text.strip().startsWith("\"") || text.strip().startsWith("'")
                ? text
                : text.substring(0, hash);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** Splits as a shell does: blanks part words unless quoted, a hash at a word's beginning starts a comment. */
    static List<String> words(String line) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else if (c == '\\'
                        && quote == '"'
                        && i + 1 < line.length()
                        && "\"\\".indexOf(line.charAt(i + 1)) >= 0) {
                    word.append(line.charAt(++i));
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else if (c == '#' && !inWord) {
                break;
            } else if (c == '\\' && i + 1 < line.length()) {
                word.append(line.charAt(++i));
                inWord = true;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a quote is not closed");
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
