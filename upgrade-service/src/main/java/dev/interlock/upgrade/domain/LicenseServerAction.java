package dev.interlock.upgrade.domain;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the procedure of the PCoIP License Server does to a host (seed 001). */
public sealed interface LicenseServerAction extends Action {
    /**
     * Looks at the machine and changes nothing (L1, L2, L3, L5, L9, L49).
     *
     * @param packages what must be installed: name to version
     * @param operatingSystems as {@code rocky 8}
     * @param production whether a platform that is a preview only is refused
     * @param lockWait how long another user of the package manager is waited for
     */
    record CheckMachine(
            String unit,
            Map<String, String> packages,
            long minFreeMebibytes,
            long minMemoryMebibytes,
            int minCores,
            int minMegahertz,
            List<String> operatingSystems,
            boolean production,
            Duration lockWait)
            implements LicenseServerAction {
        public CheckMachine {
            packages = Collections.unmodifiableMap(new TreeMap<>(packages));
            operatingSystems = List.copyOf(operatingSystems);
        }

        @Override
        public String word() {
            return "check-license-server";
        }

        @Override
        public Milestone milestone() {
            return Milestone.PREFLIGHT_PASSED;
        }
    }

    /** Sees that the carried packages lie in their folder and are the release's (L47). */
    record CheckCarriedPackages(String folder, Map<String, String> packages) implements LicenseServerAction {
        public CheckCarriedPackages {
            packages = Collections.unmodifiableMap(new TreeMap<>(packages));
        }

        @Override
        public String word() {
            return "check-carried-packages";
        }
    }

    /**
     * Writes down the server's id and its licenses by feature (L52).
     *
     * @param credential name of the administrator's password (L45)
     */
    record RecordLicenses(String credential, String unit, Map<String, String> packages) implements LicenseServerAction {
        public RecordLicenses {
            packages = Collections.unmodifiableMap(new TreeMap<>(packages));
        }

        @Override
        public String word() {
            return "record-licenses";
        }

        @Override
        public String secret() {
            return credential;
        }
    }

    /**
     * Updates just this package in place (L50); its own scripts stop the server before and start it after (L51). Does nothing to a
     * host that has neither the version found nor the one wanted (L53).
     *
     * @param found name to the version that the plan was made for
     * @param packages name to the version that it must have afterwards
     * @param carriedIn folder of carried packages, which are installed with all repositories disabled; empty: from the repository
     */
    record UpdatePackage(
            String unit, Map<String, String> found, Map<String, String> packages, String carriedIn, Duration lockWait)
            implements LicenseServerAction {
        public UpdatePackage {
            found = Collections.unmodifiableMap(new TreeMap<>(found));
            packages = Collections.unmodifiableMap(new TreeMap<>(packages));
        }

        @Override
        public String word() {
            return "update-license-server";
        }
    }

    /**
     * Sees that the server runs and its database is connected, and starts it if its package did not (L48, L84). A start that failed
     * because 'the control process exited' is repaired once by killing the service user's processes (L86).
     *
     * @param patience how long its port may stay closed
     */
    record AwaitHealth(String unit, Map<String, String> packages, Duration patience) implements LicenseServerAction {
        public AwaitHealth {
            packages = Collections.unmodifiableMap(new TreeMap<>(packages));
        }

        @Override
        public String word() {
            return "await-license-server";
        }
    }

    /**
     * Compares version, id and licenses, count by count, with what was written down before (L52).
     *
     * @param credential name of the administrator's password
     */
    record CompareLicenses(String credential, String unit, Map<String, String> packages)
            implements LicenseServerAction {
        public CompareLicenses {
            packages = Collections.unmodifiableMap(new TreeMap<>(packages));
        }

        @Override
        public String word() {
            return "compare-licenses";
        }

        @Override
        public String secret() {
            return credential;
        }

        @Override
        public Milestone milestone() {
            return Milestone.NODE_UPDATED;
        }
    }
}
