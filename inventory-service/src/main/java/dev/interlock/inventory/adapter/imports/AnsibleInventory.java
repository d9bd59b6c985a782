package dev.interlock.inventory.adapter.imports;

import dev.interlock.inventory.domain.DeploymentDraft;
import dev.interlock.inventory.domain.DeploymentDraft.Place;
import dev.interlock.inventory.domain.HostDraft;
import dev.interlock.inventory.domain.ImportedInventory;
import dev.interlock.inventory.domain.ImportedInventory.ImportedDeployment;
import dev.interlock.inventory.domain.ImportedInventory.ImportedHost;
import dev.interlock.inventory.domain.ImportedInventory.LineProblem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The groups, hosts and variables of an Ansible inventory, whichever way they were written, and what they come to: a variable of a
 * host goes before one of its group, one of a child group before one of its parent, {@code all} comes last. A group with an
 * {@code interlock_product} of its own is a deployment. Variables that mean nothing to Interlock become labels.
 */
final class AnsibleInventory {

    static final String ALL = "all";
    static final String UNGROUPED = "ungrouped";
    private static final String SETTING = "interlock_setting_";
    private static final Set<String> OURS = Set.of(
            "ansible_host",
            "ansible_ssh_host",
            "ansible_port",
            "ansible_ssh_port",
            "ansible_user",
            "ansible_ssh_user",
            "interlock_credential",
            "interlock_host_key",
            "interlock_product",
            "interlock_role");
    private static final Pattern FOR_ANSIBLE_ONLY = Pattern.compile("ansible_.*");

    /** A value and where it stands. */
    record Var(String value, int line) {}

    private static final class Group {
        final String name;
        int line;
        final Map<String, Var> vars = new LinkedHashMap<>();
        final Map<String, Integer> children = new LinkedHashMap<>();
        final Set<String> hosts = new LinkedHashSet<>();

        Group(String name) {
            this.name = name;
        }
    }

    private record NamedHost(int line, Map<String, Var> vars) {}

    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final Map<String, NamedHost> hosts = new LinkedHashMap<>();
    private final List<LineProblem> rejected = new ArrayList<>();
    private final List<LineProblem> warnings = new ArrayList<>();
    private final Set<String> secretsTold = new LinkedHashSet<>();

    void reject(int line, String field, String problem, String next) {
        rejected.add(new LineProblem(line, field, problem, next));
    }

    void warn(int line, String field, String problem, String next) {
        warnings.add(new LineProblem(line, field, problem, next));
    }

    void group(String name, int line) {
        var group = the(name);
        group.line = group.line == 0 ? line : group.line;
    }

    /** Whether a section or mapping describes it; to be named is not enough. */
    boolean hasGroup(String name) {
        return name.equals(ALL) || name.equals(UNGROUPED) || (groups.containsKey(name) && the(name).line > 0);
    }

    void child(String parent, String child, int line) {
        the(parent).children.putIfAbsent(child, line);
    }

    void groupVar(String group, String name, String value, int line) {
        the(group).vars.put(name, new Var(value, line));
    }

    void host(String name, String group, Map<String, String> vars, int line) {
        var host = hosts.computeIfAbsent(name, key -> new NamedHost(line, new LinkedHashMap<>()));
        vars.forEach((key, value) -> host.vars().put(key, new Var(value, line)));
        the(group).hosts.add(name);
    }

    private Group the(String name) {
        return groups.computeIfAbsent(name, key -> new Group(name));
    }

    ImportedInventory resolve() {
        // a child that no section describes is an empty group
        List.copyOf(groups.values()).forEach(group -> group.children.keySet().forEach(this::the));
        removeCycles();
        var depths = depths();
        var parents = parents();
        var imported = new ArrayList<ImportedHost>();
        var roles = new HashMap<String, String>();
        hosts.forEach((name, host) -> {
            var vars = variables(name, host, parents, depths);
            var role = vars.get("interlock_role");
            if (role != null) {
                roles.put(name, role.value());
            }
            var draft = draft(name, vars);
            if (draft != null) {
                imported.add(new ImportedHost(host.line(), draft));
            }
        });
        var deployments = new ArrayList<ImportedDeployment>();
        for (var group : groups.values()) {
            var product = group.vars.get("interlock_product");
            if (product != null) {
                deployments.add(new ImportedDeployment(
                        group.line == 0 ? product.line() : group.line,
                        new DeploymentDraft(
                                group.name,
                                product.value(),
                                membersOf(group).stream()
                                        .map(host ->
                                                new Place(host, roles.getOrDefault(host, DeploymentDraft.DEFAULT_ROLE)))
                                        .toList(),
                                settings(group))));
            }
        }
        return new ImportedInventory(
                "ansible",
                imported,
                deployments,
                rejected,
                warnings,
                Map.of(
                        "address", "ansible_host",
                        "port", "ansible_port",
                        "user", "ansible_user",
                        "credential", "interlock_credential",
                        "hostKey", "interlock_host_key"));
    }

    private @Nullable HostDraft draft(String name, Map<String, Var> vars) {
        var port = first(vars, "ansible_port", "ansible_ssh_port");
        int number = HostDraft.DEFAULT_PORT;
        if (port != null) {
            try {
                number = Integer.parseInt(port.value().strip());
            } catch (NumberFormatException noNumber) {
                reject(
                        port.line(),
                        "ansible_port",
                        "'" + port.value() + "' is no port, so the host " + name + " was not imported",
                        "Use a number from 1 to 65535, or leave it out for 22.");
                return null;
            }
        }
        var labels = new TreeMap<String, String>();
        vars.forEach((key, value) -> {
            if (OURS.contains(key) || key.startsWith(SETTING)) {
                return;
            }
            if (HostDraft.isSecret(key)) {
                if (secretsTold.add(key + "@" + value.line())) {
                    warn(
                            value.line(),
                            key,
                            "secrets and paths to keys are not taken over",
                            "Store the secret as a credential and name that in interlock_credential.");
                }
            } else if (!FOR_ANSIBLE_ONLY.matcher(key).matches()) {
                labels.put(key, value.value());
            }
        });
        var address = first(vars, "ansible_host", "ansible_ssh_host");
        return new HostDraft(
                name,
                address == null ? name : address.value(),
                number,
                text(first(vars, "ansible_user", "ansible_ssh_user")),
                text(vars.get("interlock_credential")),
                text(vars.get("interlock_host_key")),
                labels);
    }

    private static @Nullable Var first(Map<String, Var> vars, String name, String oldName) {
        var var = vars.get(name);
        return var == null ? vars.get(oldName) : var;
    }

    private static @Nullable String text(@Nullable Var var) {
        return var == null ? null : var.value();
    }

    private static Map<String, String> settings(Group group) {
        var settings = new TreeMap<String, String>();
        group.vars.forEach((name, value) -> {
            if (name.startsWith(SETTING)) {
                settings.put(name.substring(SETTING.length()), value.value());
            }
        });
        return settings;
    }

    private Set<String> membersOf(Group group) {
        var members = new LinkedHashSet<>(group.hosts);
        if (group.name.equals(ALL)) {
            members.addAll(hosts.keySet());
        }
        for (var child : group.children.keySet()) {
            members.addAll(membersOf(the(child)));
        }
        return members;
    }

    private Map<String, Var> variables(
            String name, NamedHost host, Map<String, Set<String>> parents, Map<String, Integer> depths) {
        var of = new LinkedHashSet<String>();
        groups.values().stream()
                .filter(group -> group.hosts.contains(name))
                .forEach(group -> ancestors(group.name, parents, of));
        of.add(ALL);
        var vars = new LinkedHashMap<String, Var>();
        of.stream()
                .filter(groups::containsKey)
                .sorted(Comparator.<String>comparingInt(group -> group.equals(ALL) ? -1 : depths.getOrDefault(group, 0))
                        .thenComparingInt(this::priority)
                        .thenComparing(Comparator.naturalOrder()))
                .forEach(group -> vars.putAll(the(group).vars));
        vars.remove("ansible_group_priority");
        vars.putAll(host.vars());
        return vars;
    }

    private int priority(String group) {
        var given = the(group).vars.get("ansible_group_priority");
        try {
            return given == null ? 1 : Integer.parseInt(given.value().strip());
        } catch (NumberFormatException noNumber) {
            return 1;
        }
    }

    private static void ancestors(String group, Map<String, Set<String>> parents, Set<String> found) {
        if (found.add(group)) {
            parents.getOrDefault(group, Set.of()).forEach(parent -> ancestors(parent, parents, found));
        }
    }

    private Map<String, Set<String>> parents() {
        var parents = new HashMap<String, Set<String>>();
        groups.values()
                .forEach(group -> group.children
                        .keySet()
                        .forEach(child -> parents.computeIfAbsent(child, key -> new LinkedHashSet<>())
                                .add(group.name)));
        return parents;
    }

    private Map<String, Integer> depths() {
        var depths = new HashMap<String, Integer>();
        groups.keySet().forEach(group -> deepen(group, 0, depths));
        return depths;
    }

    private void deepen(String group, int depth, Map<String, Integer> depths) {
        var known = depths.get(group);
        if (known != null && known >= depth) {
            return;
        }
        depths.put(group, depth);
        the(group).children.keySet().forEach(child -> deepen(child, depth + 1, depths));
    }

    /** A group that contains itself is told of, and the line that closes the circle does not count. */
    private void removeCycles() {
        for (var name : List.copyOf(groups.keySet())) {
            for (var child : List.copyOf(the(name).children.keySet())) {
                int line = the(name).children.getOrDefault(child, 0);
                if (reaches(child, name::equals, new LinkedHashSet<>())) {
                    reject(
                            line,
                            "children",
                            "the group " + name + " would contain itself through " + child,
                            "Remove " + child + " from the children of " + name + ".");
                    the(name).children.remove(child);
                }
            }
        }
    }

    private boolean reaches(String from, Predicate<String> target, Set<String> visited) {
        return target.test(from)
                || (visited.add(from)
                        && groups.containsKey(from)
                        && the(from).children.keySet().stream().anyMatch(child -> reaches(child, target, visited)));
    }
}
