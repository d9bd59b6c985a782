package dev.interlock.lab.machine;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An RPM.
 *
 * @param takes how long its installation takes
 * @param fault {@code good}, or what is wrong with it
 */
public record RpmPackage(
        String name,
        String version,
        String release,
        String arch,
        String summary,
        Map<String, Content> files,
        List<UnitFile> units,
        Duration takes,
        Fault fault) {

    /** What a package built wrong does. */
    public enum Fault {
        GOOD,
        /** Its pre-installation script fails. */
        FAILS_TO_INSTALL,
        /** Its services die a second after their start. */
        SERVICES_DIE
    }

    /** A file in a package; a changed config file is kept at an update. */
    public record Content(String text, boolean config, int mode) {}

    public String evr() {
        return version + "-" + release;
    }

    public String nevra() {
        return name + "-" + evr() + "." + arch;
    }

    public RpmPackage as(String otherVersion, String otherRelease, Fault otherFault) {
        return new RpmPackage(name, otherVersion, otherRelease, arch, summary, files, units, takes, otherFault);
    }

    /** The text of a file in this version: {@code @VERSION@} is replaced. */
    public String text(Content content) {
        return content.text.replace("@VERSION@", version).replace("@RELEASE@", release);
    }
}
