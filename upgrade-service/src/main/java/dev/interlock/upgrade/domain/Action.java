package dev.interlock.upgrade.domain;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a step does to its host. Data only: the ssh adapter knows how, the plan's hash covers it. */
public sealed interface Action
        permits Action.CheckHost,
                Action.StopServices,
                Action.UpgradePackages,
                Action.StartServices,
                Action.ProveVersion,
                Gate,
                UmsAction,
                LicenseServerAction {
    /** Stable, for events and logs. */
    String word();

    /** What the world is told once it succeeded. */
    default Milestone milestone() {
        return Milestone.NONE;
    }

    /**
     * Name of a credential whose password the step's script reads from its standard input; null when it needs none. The secret
     * itself is in no plan, script or claim.
     */
    default @Nullable String secret() {
        return null;
    }

    /**
     * Looks at the host and changes nothing.
     *
     * @param patterns globs that name all packages of the product
     * @param packages what must be installed: name to version
     * @param minFreeMebibytes free disk space that the package manager needs under {@code /var}
     * @param lockWait how long another user of the package manager is waited for
     */
    record CheckHost(
            List<String> units,
            List<String> patterns,
            Map<String, String> packages,
            long minFreeMebibytes,
            Duration lockWait)
            implements Action {
        public CheckHost {
            units = List.copyOf(units);
            patterns = List.copyOf(patterns);
            packages = sorted(packages);
        }

        @Override
        public String word() {
            return "check-host";
        }

        @Override
        public Milestone milestone() {
            return Milestone.PREFLIGHT_PASSED;
        }
    }

    /** Takes the services off-line, in this order (K5). */
    record StopServices(List<String> units) implements Action {
        public StopServices {
            units = List.copyOf(units);
        }

        @Override
        public String word() {
            return "stop-services";
        }

        @Override
        public Milestone milestone() {
            return Milestone.NODE_DRAINED;
        }
    }

    /**
     * Upgrades these packages and no others (K8), once {@code units} are seen stopped.
     *
     * @param packages name to the version that it must have afterwards
     * @param lockWait how long another user of the package manager is waited for
     */
    record UpgradePackages(Map<String, String> packages, List<String> units, Duration lockWait) implements Action {
        public UpgradePackages {
            packages = sorted(packages);
            units = List.copyOf(units);
        }

        @Override
        public String word() {
            return "upgrade-packages";
        }
    }

    /**
     * Starts the services (K9) and sees that they stay up for {@code settle}.
     *
     * @param packages what was installed. A retry of a service that died asks the repository whether it has another build of just
     *     these versions: a vendor withdraws a broken one
     */
    record StartServices(List<String> units, Map<String, String> packages, Duration settle) implements Action {
        public StartServices {
            units = List.copyOf(units);
            packages = sorted(packages);
        }

        @Override
        public String word() {
            return "start-services";
        }
    }

    /**
     * Proves that what runs is what was installed (K10): versions, and processes younger than their packages.
     *
     * @param patterns globs that name all packages of the product
     * @param versionUrls unit to a URL on the host that may answer with the running version [assumed]: an answer that is a
     *     version counts as evidence, no answer or another one does not
     */
    record ProveVersion(
            Map<String, String> packages, List<String> patterns, List<String> units, Map<String, String> versionUrls)
            implements Action {
        public ProveVersion {
            packages = sorted(packages);
            patterns = List.copyOf(patterns);
            units = List.copyOf(units);
            versionUrls = sorted(versionUrls);
        }

        @Override
        public String word() {
            return "prove-version";
        }

        @Override
        public Milestone milestone() {
            return Milestone.NODE_UPDATED;
        }
    }

    private static Map<String, String> sorted(Map<String, String> map) {
        return Collections.unmodifiableMap(new TreeMap<>(map));
    }
}
