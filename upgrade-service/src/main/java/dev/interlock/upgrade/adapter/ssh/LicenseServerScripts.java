package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.upgrade.app.StepOrder;
import dev.interlock.upgrade.domain.LicenseServerAction;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The scripts of the PCoIP License Server's procedure. */
final class LicenseServerScripts {
    private static final Pattern FOLDER = Pattern.compile("/[A-Za-z0-9/._-]{1,200}");

    private final HostScripts pages;

    LicenseServerScripts(HostScripts pages) {
        this.pages = pages;
    }

    String of(LicenseServerAction action, StepOrder order, Map<String, String> places, boolean lookFirst) {
        return switch (action) {
            case LicenseServerAction.CheckMachine check -> {
                unit(places, check.unit());
                places.put("NAMES", HostScripts.quoted(check.packages().keySet()));
                places.put("LOCKWAIT", HostScripts.seconds(check.lockWait()));
                yield pages.fill("common", places)
                        + pages.fill("lock", places)
                        + pages.fill("check-license-server", places);
            }
            case LicenseServerAction.CheckCarriedPackages carried -> {
                places.put("UNITS", "");
                places.put("NAMES", HostScripts.quoted(carried.packages().keySet()));
                places.put("FOLDER", HostScripts.checked(FOLDER, carried.folder()));
                yield pages.fill("common", places) + pages.fill("carried-packages", places);
            }
            case LicenseServerAction.RecordLicenses record ->
                list(places, HostScripts.quoted(record.packages().keySet()), record.unit());
            case LicenseServerAction.CompareLicenses compare ->
                list(places, HostScripts.quoted(compare.packages().keySet()), compare.unit());
            case LicenseServerAction.UpdatePackage update -> {
                unit(places, update.unit());
                places.put("NAMES", HostScripts.quoted(update.packages().keySet()));
                places.put("LOCKWAIT", HostScripts.seconds(update.lockWait()));
                places.put("EARLIER", HostScripts.earlier(order));
                places.put("FOUND", version(update.found()));
                places.put("WANTED", version(update.packages()));
                places.put("WORK", pages.packageWork(places, lookFirst, command(update)));
                yield pages.fill("common", places) + pages.fill("update-license-server", places);
            }
            case LicenseServerAction.AwaitHealth await -> {
                unit(places, await.unit());
                places.put("NAMES", HostScripts.quoted(await.packages().keySet()));
                places.put("PATIENT", HostScripts.seconds(await.patience()));
                places.put("WORK", pages.work(pages.fill("start-license-server-work", places)));
                yield pages.fill("common", places) + pages.fill("await-license-server", places);
            }
        };
    }

    private String list(Map<String, String> places, String names, String unit) {
        unit(places, unit);
        places.put("NAMES", names);
        places.put("WORK", pages.work(pages.fill("list-licenses-work", places)));
        return pages.fill("common", places) + pages.fill("list-licenses", places);
    }

    private static void unit(Map<String, String> places, String unit) {
        HostScripts.units(places, List.of(unit));
        places.put("UNIT", unit);
    }

    private static String version(Map<String, String> packages) {
        return HostScripts.checked(
                HostScripts.VERSION, packages.values().iterator().next());
    }

    /** With carried packages, everything in their folder and no repository (L47); else exactly the release that was approved. */
    private static String command(LicenseServerAction.UpdatePackage update) {
        return update.carriedIn().isEmpty()
                ? "upgrade " + HostScripts.specs(update.packages())
                : "install --disablerepo='*' " + HostScripts.checked(FOLDER, update.carriedIn()) + "/*.rpm";
    }
}
