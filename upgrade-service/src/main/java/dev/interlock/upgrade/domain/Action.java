package dev.interlock.upgrade.domain;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a step does to its host. Data only: the ssh adapter knows how, the plan's hash covers it. */
public sealed interface Action {
    /** Stable, for events and logs. */
    default String word() {
        return switch (this) {
            case CheckHost c -> "check-host";
            case StopServices s -> "stop-services";
            case UpgradePackages u -> "upgrade-packages";
            case StartServices s -> "start-services";
            case ProveVersion p -> "prove-version";
        };
    }

    /**
     * Looks at the host and changes nothing.
     *
     * @param packages what must be installed: name to version
     * @param minFreeMebibytes free disk space that the package manager needs under {@code /var}
     */
    record CheckHost(List<String> units, Map<String, String> packages, long minFreeMebibytes) implements Action {}

    /** Takes the services off-line, in this order (K5). */
    record StopServices(List<String> units) implements Action {}

    /**
     * Upgrades these packages and no others (K8), once {@code units} are seen stopped.
     *
     * @param packages name to the version that it must have afterwards
     * @param lockWait how long another user of the package manager is waited for
     */
    record UpgradePackages(Map<String, String> packages, List<String> units, Duration lockWait) implements Action {}

    /** Starts the services (K9) and sees that they stay up for {@code settle}. */
    record StartServices(List<String> units, Duration settle) implements Action {}

    /**
     * Proves that what runs is what was installed (K10): versions, and processes younger than their packages.
     *
     * @param versionUrls unit to a URL on the host that may answer with the running version [assumed]: an answer that is a
     *     version counts as evidence, no answer or another one does not
     */
    record ProveVersion(Map<String, String> packages, List<String> units, Map<String, String> versionUrls)
            implements Action {}
}
