package dev.interlock.inventory.app;

import dev.interlock.inventory.domain.Deployment;
import dev.interlock.inventory.domain.DeploymentDraft;
import dev.interlock.inventory.domain.DeploymentDraft.Place;
import dev.interlock.inventory.domain.Host;
import dev.interlock.inventory.domain.HostSettings;
import dev.interlock.inventory.domain.ImportedInventory;
import dev.interlock.inventory.domain.ImportedInventory.ImportedDeployment;
import dev.interlock.inventory.domain.ImportedInventory.ImportedHost;
import dev.interlock.inventory.domain.ImportedInventory.LineProblem;
import dev.interlock.inventory.domain.Membership;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the hosts and deployments of a file. Each good line has its effect whatever the others are. A host is known by its name:
 * new ones are registered, known ones get what the file says and keep the labels it does not mention. A deployment gets the members
 * that the file names and keeps those it has. The same file again changes nothing. A key in the file is a word of trust, as a
 * person's is.
 */
@Singleton
public class ImportInventory {

    private final Hosts hosts;
    private final Deployments deployments;
    private final RequestProbe probe;
    private final JudgeDeployment judge;
    private final Announce announce;
    private final Clock clock;

    ImportInventory(
            Hosts hosts,
            Deployments deployments,
            RequestProbe probe,
            JudgeDeployment judge,
            Announce announce,
            Clock clock) {
        this.hosts = hosts;
        this.deployments = deployments;
        this.probe = probe;
        this.judge = judge;
        this.announce = announce;
        this.clock = clock;
    }

    /** One import on its way. */
    private final class Import {
        final ImportedInventory file;
        final boolean dryRun;
        final String by;
        final List<String> created = new ArrayList<>();
        final List<String> updated = new ArrayList<>();
        final List<String> unchanged = new ArrayList<>();
        final List<String> changedDeployments = new ArrayList<>();
        final List<String> sameDeployments = new ArrayList<>();
        final List<LineProblem> rejected;
        final Map<String, Host> known;
        final Map<String, String> addresses = new HashMap<>();

        Import(ImportedInventory file, boolean dryRun, String by) {
            this.file = file;
            this.dryRun = dryRun;
            this.by = by;
            this.rejected = new ArrayList<>(file.rejected());
            var names = new ArrayList<String>();
            file.hosts().forEach(host -> names.add(key(host.draft().name())));
            file.deployments().forEach(each -> each.draft().members().forEach(place -> names.add(key(place.host()))));
            this.known = new HashMap<>(hosts.named(names));
        }

        void host(ImportedHost line) {
            var flaws = line.draft().flaws();
            if (!flaws.isEmpty()) {
                flaws.forEach(flaw -> rejected.add(
                        new LineProblem(line.line(), file.field(flaw.field()), flaw.problem(), flaw.next())));
                return;
            }
            var given = line.draft().settings();
            var before = known.get(given.nameKey());
            var settings = before == null ? given : sameName(given, before).keepingLabelsOf(before.settings());
            if (isInTheWay(line, settings, before)) {
                return;
            }
            var key = line.draft().vouchedKey();
            if (before == null) {
                var host = Host.registered(UUID.randomUUID(), settings, file.foundBy(), key);
                if (!dryRun) {
                    if (!hosts.add(host, clock.instant())) {
                        rejected.add(new LineProblem(
                                line.line(),
                                "name",
                                host.name() + " was registered by somebody else at the same time",
                                "Import the file again."));
                        return;
                    }
                    announce.state(host);
                    probe.request(host.id(), false);
                }
                known.put(settings.nameKey(), host);
                created.add(host.name());
                return;
            }
            var edited = before.edited(settings);
            var after = key == null || key.equals(before.pinned()) ? edited : edited.pinned(key);
            known.put(settings.nameKey(), after);
            if (after.equals(before)) {
                unchanged.add(before.name());
                return;
            }
            if (!dryRun) {
                hosts.save(after);
                announce.state(after);
                probe.request(after.id(), false);
            }
            updated.add(after.name());
        }

        /** The name keeps the case in which it was registered. */
        private static HostSettings sameName(HostSettings given, Host before) {
            return new HostSettings(
                    before.name(), given.address(), given.port(), given.user(), given.credential(), given.labels());
        }

        private boolean isInTheWay(ImportedHost line, HostSettings settings, @Nullable Host before) {
            var address = settings.address() + ":" + settings.port();
            var inFile = addresses.putIfAbsent(address, settings.name());
            var other = inFile != null && !inFile.equals(settings.name())
                    ? inFile
                    : hosts.inTheWayOf(settings, before == null ? new UUID(0, 0) : before.id())
                            .filter(host -> !host.settings().nameKey().equals(settings.nameKey()))
                            .map(Host::name)
                            .orElse(null);
            if (other != null) {
                rejected.add(new LineProblem(
                        line.line(),
                        file.field("address"),
                        address + " belongs to the host " + other,
                        "Correct the address or port, or retire " + other + " first."));
            }
            return other != null;
        }

        void deployment(ImportedDeployment line) {
            var draft = line.draft();
            var flaws = draft.flaws();
            if (!flaws.isEmpty()) {
                flaws.forEach(flaw -> rejected.add(
                        new LineProblem(line.line(), deploymentField(flaw.field()), flaw.problem(), flaw.next())));
                return;
            }
            var before = deployments
                    .named(draft.givenName().toLowerCase(Locale.ROOT))
                    .orElse(null);
            if (before != null && before.product() != draft.knownProduct()) {
                rejected.add(new LineProblem(
                        line.line(),
                        "product",
                        "the deployment " + before.name() + " has the product " + before.product(),
                        "Use another name, or retire that deployment first."));
                return;
            }
            var id = before == null ? UUID.randomUUID() : before.id();
            var members = new LinkedHashMap<UUID, Membership>();
            if (before != null) {
                before.members().forEach(member -> members.put(member.hostId(), member));
            }
            members(line, draft, id).forEach(member -> members.put(member.hostId(), member));
            var settings = new TreeMap<String, String>(before == null ? Map.of() : before.settings());
            settings.putAll(draft.completedSettings());
            var list = List.copyOf(members.values());
            if (before == null) {
                register(new Deployment(id, draft.givenName(), draft.knownProduct(), list, settings, false, 1));
            } else {
                change(before, before.edited(before.name(), list, settings));
            }
        }

        private void register(Deployment deployment) {
            if (!dryRun) {
                if (!deployments.add(deployment, clock.instant())) {
                    throw new IllegalStateException(
                            "the deployment " + deployment.name() + " was registered at the same time");
                }
                announce.registered(deployment, by);
            }
            changedDeployments.add(deployment.name());
        }

        private void change(Deployment before, Deployment after) {
            if (after.equals(before)) {
                sameDeployments.add(before.name());
                return;
            }
            if (!dryRun) {
                deployments.save(after);
                announce.changed(before, after, by);
                judge.changed(after);
            }
            changedDeployments.add(after.name());
        }

        private List<Membership> members(ImportedDeployment line, DeploymentDraft draft, UUID id) {
            var ids = draft.members().stream()
                    .map(place -> known.get(key(place.host())))
                    .filter(host -> host != null)
                    .map(Host::id)
                    .toList();
            var elsewhere = ids.isEmpty() ? Map.<UUID, Deployment>of() : deployments.of(ids, draft.knownProduct());
            var members = new ArrayList<Membership>();
            for (Place place : draft.members()) {
                var host = known.get(key(place.host()));
                if (host == null) {
                    // its own line was rejected, and says why
                    continue;
                }
                var other = elsewhere.get(host.id());
                if (other != null && !other.id().equals(id)) {
                    rejected.add(new LineProblem(
                            line.line(),
                            "deployment",
                            host.name() + " belongs to the deployment " + other.name() + " of the same product",
                            "Take it out there first, or leave it out here."));
                } else {
                    members.add(new Membership(host.id(), place.roleOrDefault()));
                }
            }
            return members;
        }

        private String deploymentField(String field) {
            if (file.foundBy().equals("ansible")) {
                return field.equals("product")
                        ? "interlock_product"
                        : field.contains("role") ? "interlock_role" : field;
            }
            return field.equals("name") ? "deployment" : field.contains("role") ? "role" : field;
        }

        ImportReport report() {
            rejected.sort(Comparator.comparingInt(LineProblem::line));
            return new ImportReport(
                    dryRun,
                    List.copyOf(created),
                    List.copyOf(updated),
                    List.copyOf(unchanged),
                    List.copyOf(changedDeployments),
                    List.copyOf(sameDeployments),
                    List.copyOf(rejected),
                    file.warnings());
        }
    }

    private static String key(@Nullable String name) {
        return name == null ? "" : name.strip().toLowerCase(Locale.ROOT);
    }

    /** @param dryRun only say what would be done */
    @Transactional
    public ImportReport handle(ImportedInventory file, boolean dryRun, String by) {
        var running = new Import(file, dryRun, by);
        file.hosts().forEach(running::host);
        file.deployments().forEach(running::deployment);
        return running.report();
    }
}
