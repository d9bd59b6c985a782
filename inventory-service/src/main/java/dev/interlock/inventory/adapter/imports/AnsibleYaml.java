package dev.interlock.inventory.adapter.imports;

import dev.interlock.inventory.domain.ImportedInventory;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads an Ansible inventory in YAML form: groups with {@code hosts}, {@code children} and {@code vars}, at any depth. */
public final class AnsibleYaml {

    private static final int DEEPEST = 50;
    private static final String SHAPE = "Write a group as a mapping with hosts, children or vars.";

    private final AnsibleInventory inventory = new AnsibleInventory();

    private AnsibleYaml() {}

    public static ImportedInventory parse(String text) {
        return new AnsibleYaml().read(text);
    }

    private ImportedInventory read(String text) {
        inventory.group(AnsibleInventory.ALL, 0);
        var options = new LoaderOptions();
        options.setNestingDepthLimit(DEEPEST);
        options.setCodePointLimit(16 * 1024 * 1024);
        try {
            var root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
            if (root == null) {
                inventory.reject(0, "file", "the file is empty", "Begin with all: and its hosts or children.");
            } else if (root instanceof MappingNode groups) {
                for (var entry : entries(groups)) {
                    group(entry.name(), entry.line(), entry.value(), 0);
                }
            } else {
                inventory.reject(line(root), "file", "the file is no mapping of groups", SHAPE);
            }
        } catch (MarkedYAMLException broken) {
            var mark = broken.getProblemMark();
            inventory.reject(
                    mark == null ? 0 : mark.getLine() + 1,
                    "file",
                    "this is not YAML, so nothing of this file was imported: " + broken.getProblem()
                            + (mark == null ? "" : " (column " + (mark.getColumn() + 1) + ")"),
                    "Correct the line; mind indentation, tabs and colons.");
        } catch (YAMLException broken) {
            inventory.reject(
                    0,
                    "file",
                    "this is not YAML, so nothing of this file was imported: " + broken.getMessage(),
                    "Use plain mappings; nest at most " + DEEPEST + " deep.");
        }
        return inventory.resolve();
    }

    private void group(String name, int line, Node node, int depth) {
        inventory.group(name, line);
        if (isNull(node)) {
            return;
        }
        if (!(node instanceof MappingNode parts) || depth > DEEPEST) {
            inventory.reject(line, name, "the group " + name + " is no mapping", SHAPE);
            return;
        }
        for (var part : entries(parts)) {
            switch (part.name()) {
                case "hosts" -> hosts(name, part);
                case "vars" -> groupVars(name, part);
                case "children" -> children(name, part, depth);
                default ->
                    inventory.reject(
                            part.line(), part.name(), "a group has no '" + part.name() + "'; it was not read", SHAPE);
            }
        }
    }

    private void hosts(String group, Entry part) {
        if (isNull(part.value())) {
            return;
        }
        if (!(part.value() instanceof MappingNode hosts)) {
            inventory.reject(
                    part.line(),
                    "hosts",
                    "the hosts of " + group + " are no mapping",
                    "Write each host as a key with a colon, as in kcm-01:, and its variables below.");
            return;
        }
        for (var host : entries(hosts)) {
            var vars = new LinkedHashMap<String, String>();
            if (host.value() instanceof MappingNode given) {
                for (var each : entries(given)) {
                    var value = value(each);
                    if (value != null) {
                        vars.put(each.name(), value);
                    }
                }
            } else if (!isNull(host.value())) {
                inventory.reject(
                        host.line(),
                        host.name(),
                        "the variables of " + host.name() + " are no mapping, so the host was not imported",
                        "Write name: value, one a line, below the host.");
                continue;
            }
            try {
                for (var name : HostRanges.expand(host.name())) {
                    inventory.host(name, group, vars, host.line());
                }
            } catch (IllegalArgumentException wrong) {
                inventory.reject(
                        host.line(), "host", String.valueOf(wrong.getMessage()), "Write a range as [01:10] or [a:f].");
            }
        }
    }

    private void groupVars(String group, Entry part) {
        if (part.value() instanceof MappingNode vars) {
            for (var each : entries(vars)) {
                var value = value(each);
                if (value != null) {
                    inventory.groupVar(group, each.name(), value, each.line());
                }
            }
        } else if (!isNull(part.value())) {
            inventory.reject(
                    part.line(), "vars", "the vars of " + group + " are no mapping", "Write name: value, one a line.");
        }
    }

    private void children(String group, Entry part, int depth) {
        if (part.value() instanceof MappingNode children) {
            for (var child : entries(children)) {
                group(child.name(), child.line(), child.value(), depth + 1);
                inventory.child(group, child.name(), child.line());
            }
        } else if (!isNull(part.value())) {
            inventory.reject(
                    part.line(),
                    "children",
                    "the children of " + group + " are no mapping",
                    "Write each child group as a key with a colon.");
        }
    }

    private record Entry(String name, int line, Node value) {}

    /** The entries of a mapping with what it merges in ({@code <<}); a key that is there twice is told of, the last one counts. */
    private List<Entry> entries(MappingNode node) {
        var found = new LinkedHashMap<String, Entry>();
        var own = new LinkedHashSet<String>();
        for (var tuple : node.getValue()) {
            if (isMerge(tuple)) {
                merged(tuple.getValueNode(), found, new LinkedHashSet<>());
            }
        }
        for (var tuple : node.getValue()) {
            if (isMerge(tuple)) {
                continue;
            }
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                inventory.reject(line(tuple.getKeyNode()), "key", "this key is no text", "Use plain names as keys.");
                continue;
            }
            if (!own.add(key.getValue())) {
                inventory.reject(
                        line(key),
                        key.getValue(),
                        "'" + key.getValue() + "' is there twice in one mapping; the last one counts",
                        "Remove one of them.");
            }
            found.put(key.getValue(), new Entry(key.getValue(), line(key), tuple.getValueNode()));
        }
        return new ArrayList<>(found.values());
    }

    private static boolean isMerge(NodeTuple tuple) {
        return tuple.getKeyNode() instanceof ScalarNode key
                && (key.getTag().equals(Tag.MERGE) || key.getValue().equals("<<"));
    }

    private void merged(Node from, Map<String, Entry> into, Set<Node> seen) {
        if (!seen.add(from)) {
            return;
        }
        if (from instanceof SequenceNode several) {
            several.getValue().forEach(each -> merged(each, into, seen));
        } else if (from instanceof MappingNode mapping) {
            for (var tuple : mapping.getValue()) {
                if (isMerge(tuple)) {
                    merged(tuple.getValueNode(), into, seen);
                } else if (tuple.getKeyNode() instanceof ScalarNode key) {
                    into.putIfAbsent(key.getValue(), new Entry(key.getValue(), line(key), tuple.getValueNode()));
                }
            }
        }
    }

    /** Text of a scalar; a list of scalars with commas. Null, with a warning, for what a label cannot hold. */
    private @Nullable String value(Entry entry) {
        var node = entry.value();
        if (node instanceof ScalarNode scalar) {
            if (scalar.getTag().getValue().equals("!vault")) {
                inventory.warn(
                        entry.line(),
                        entry.name(),
                        "an encrypted value is not taken over",
                        "Store the secret as a credential and name that in interlock_credential.");
                return null;
            }
            return isNull(scalar) ? "" : scalar.getValue();
        }
        if (node instanceof SequenceNode list && list.getValue().stream().allMatch(ScalarNode.class::isInstance)) {
            return String.join(
                    ",",
                    list.getValue().stream()
                            .map(each -> ((ScalarNode) each).getValue())
                            .toList());
        }
        inventory.warn(
                entry.line(),
                entry.name(),
                "a nested value cannot become a label and was left out",
                "Use text, a number or a list of them if Interlock shall keep it.");
        return null;
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
