package dev.interlock.lab.product;

import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.machine.RpmPackage;
import dev.interlock.lab.machine.RpmPackage.Content;
import dev.interlock.lab.machine.UnitFile;
import dev.interlock.lab.product.PcoipPortal.PortalException;
import dev.interlock.lab.product.PcoipTrustedStorage.License;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * PCoIP License Server. {@code connected} finds its next version in a repository (L46); {@code carried} has none, but the RPM in
 * {@link #CARRIED} (L47); {@code older-paths} spells its trusted storage {@code flexnetLS}, as seed 001 does in one place. A new one
 * has the administrator's password {@link #PASSWORD} and licenses of two activation codes.
 */
public final class PcoipLicenseServer implements Product {
    public static final String PASSWORD = "L4b-license-server!";
    public static final String CARRIED = "/home/interlock/rpms";
    private static final int PORT = 7070;
    private static final UnitFile FLEXNETLS = new UnitFile(
            PcoipLicenseServerNode.UNIT,
            "FlexNet Embedded license server for TERADICI",
            "/usr/bin/java -jar " + PcoipLicenseServerNode.HOME + "/flexnetls.jar",
            PcoipLicenseServerNode.PACKAGE,
            List.of(PORT),
            PcoipLicenseServerNode.HOME + "/local-configuration.yaml",
            Duration.ofSeconds(2),
            Duration.ofSeconds(45),
            Duration.ofSeconds(3),
            false);
    private static final String CONFIGURATION = """
            # local-configuration.

            # HTTP listening port. Default is 7070. You can bind to an interface with this syntax: '[127.0.0.1].7070'.
            port: 7070

            # HTTPS server mode
            https-in:
              # Set to true to enable
              enabled: false
              # HTTPS listening port
              port: 7071
              # Path to keystore
              keystore-path: /opt/flexnetls/certs/teradiciLicenseServer.jks
              # Keystore password. You can obfuscate this with java -jar flexnetls.jar -password your-password-here
              keystore-password: OBF:not-a-real-secret

            # backup-hostid: 123A4BCD-56F7-E82F-970A-B12CD3EFA45C/VM_UUID
            """;

    @Override
    public String name() {
        return "pcoip-license-server";
    }

    @Override
    public List<String> variants() {
        return List.of("connected", "carried", "older-paths");
    }

    @Override
    public String role() {
        return "license-server";
    }

    @Override
    public String installedByDefault() {
        return "22.09";
    }

    @Override
    public String offeredByDefault() {
        return "23.04";
    }

    @Override
    public Map<String, String> passwords() {
        return Map.of(name(), PASSWORD);
    }

    @Override
    public Map<String, Program> programs() {
        return PcoipCommands.all();
    }

    @Override
    public void furnish(Machine machine, String variant, String installed, String offered) {
        machine.addUser(PcoipLicenseServerNode.USER, 990);
        platform(machine);
        machine.packages()
                .preinstall(new RpmPackage(
                        "java-11-openjdk",
                        "11.0.23.0.9",
                        "2.el8",
                        "x86_64",
                        "OpenJDK 11 runtime",
                        Map.of(),
                        List.of(),
                        Duration.ofSeconds(1),
                        RpmPackage.Fault.GOOD));
        var storage = new PcoipTrustedStorage(
                machine, "/var/opt/" + (variant.equals("older-paths") ? "flexnetLS" : "flexnetls") + "/TERADICI");
        var node = new PcoipLicenseServerNode(machine, storage);
        machine.attach(PcoipLicenseServerNode.class, node);
        storage.write(
                new PcoipTrustedStorage.Content(node.hash(PASSWORD), installed, purchases(machine, node), List.of()));
        machine.packages().preinstall(make(installed));
        machine.packages().scriptlets(PcoipLicenseServerNode.PACKAGE, node);
        machine.units().runs(PcoipLicenseServerNode.UNIT, node);
        machine.serve(PORT, node);
        RpmPackage next = make(offered);
        if (variant.equals("carried")) {
            machine.packages().carry(CARRIED + "/" + next.nevra() + ".rpm", next);
        } else {
            machine.packages().offer(next);
        }
    }

    /** Two purchases, of which part is active here. */
    private static List<License> purchases(Machine machine, PcoipLicenseServerNode node) {
        LocalDate expires = LocalDate.ofInstant(machine.now(), ZoneOffset.UTC).plusYears(1);
        String prefix = node.hostId().substring(0, 4);
        String sessions = prefix + "-ABCD-EF12-3456";
        String graphics = prefix + "-BCDE-F123-4567";
        node.portal().entitle(sessions, "Agent-Session", 30, expires);
        node.portal().entitle(graphics, "Agent-Graphics", 10, expires);
        try {
            node.portal().allocate(sessions, 25, node.hostId());
            node.portal().allocate(graphics, 5, node.hostId());
        } catch (PortalException e) {
            throw new IllegalStateException(e);
        }
        return List.of(
                new License(sessions, "Agent-Session", 25, expires.toString()),
                new License(graphics, "Agent-Graphics", 5, expires.toString()));
    }

    /** A virtual machine that meets seed 001's system requirements. */
    private static void platform(Machine machine) {
        machine.files().put("/etc/os-release", """
                NAME="Rocky Linux"
                ID="rocky"
                ID_LIKE="rhel centos fedora"
                VERSION_ID="8.9"
                PLATFORM_ID="platform:el8"
                PRETTY_NAME="Rocky Linux 8.9 (Interlock lab)"
                """, 0644);
        machine.files().put("/etc/redhat-release", "Rocky Linux release 8.9 (Interlock lab)\n", 0644);
        machine.files().putGenerated("/proc/meminfo", () -> """
                MemTotal:        8000000 kB
                MemFree:         5100000 kB
                MemAvailable:    6200000 kB
                """);
        var processors = new StringBuilder();
        for (int i = 0; i < 2; i++) {
            processors.append(String.format(
                    Locale.ROOT,
                    "processor\t: %d\nmodel name\t: Interlock lab CPU @ 2.40GHz\ncpu MHz\t\t: 2400.000\n\n",
                    i));
        }
        machine.files().putGenerated("/proc/cpuinfo", processors::toString);
        machine.files().put("/sys/class/dmi/id/sys_vendor", "VMware, Inc.\n", 0444);
        machine.files().put("/sys/class/dmi/id/product_name", "VMware Virtual Platform\n", 0444);
        machine.files()
                .put(
                        "/sys/class/dmi/id/product_uuid",
                        PcoipLicenseServerNode.vmUuid(machine.name()).toLowerCase(Locale.ROOT) + "\n",
                        0400);
    }

    private static RpmPackage make(String version) {
        var files = new LinkedHashMap<String, Content>();
        String home = PcoipLicenseServerNode.HOME;
        files.put(home + "/flexnetls.jar", new Content("PK flexnetls @VERSION@\n", false, 0644));
        files.put(
                home + "/flexnet.certs",
                new Content("-----BEGIN CERTIFICATE-----\nlab\n-----END CERTIFICATE-----\n", false, 0644));
        files.put(home + "/local-configuration.yaml", new Content(CONFIGURATION, true, 0640));
        for (String command : PcoipCommands.all().keySet()) {
            files.put("/usr/bin/" + command, new Content(Machine.binary(command), false, 0755));
        }
        return new RpmPackage(
                PcoipLicenseServerNode.PACKAGE,
                version,
                "1.el8",
                "x86_64",
                "Teradici PCoIP License Server",
                files,
                List.of(FLEXNETLS),
                Duration.ofSeconds(8),
                RpmPackage.Fault.GOOD);
    }

    @Override
    public void failed(Machine machine, Fault fault, String value) {
        machine.attached(PcoipLicenseServerNode.class).fail(fault, value);
    }

    @Override
    public void healed(Machine machine, Fault fault) {
        machine.attached(PcoipLicenseServerNode.class).heal(fault);
    }

    @Override
    public Map<String, Object> details(Machine machine) {
        return Map.of(
                "licenseServer", machine.attached(PcoipLicenseServerNode.class).state());
    }
}
