package dev.interlock.lab.product;

import dev.interlock.lab.faults.Fault;
import dev.interlock.lab.machine.Machine;
import dev.interlock.lab.machine.Program;
import dev.interlock.lab.machine.RpmPackage;
import dev.interlock.lab.machine.RpmPackage.Content;
import dev.interlock.lab.machine.UnitFile;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * IGEL UMS High Availability on Linux. Its servers share a productive database and are registered in it; the installer, update
 * mode and the renewal of the schema are in {@link UmsInstaller} and {@link UmsNode}.
 *
 * <p>Known from the vendor: units, ports, {@code umsadmin-cli} and the status pages. Assumed: the installer's exit codes, texts
 * and installation types, the mark of update mode, and that the package {@code igel-ums} tells the installed version.
 */
final class IgelUms implements Product {
    static final String INSTALLER = "setup-igel-ums-linux";

    private static final int HTTPS = 8443;
    private static final int JAVA_WEB_START = 9080;
    private static final int DEVICES = 30001;
    private static final int DEVICES_BESIDE_A_BALANCER = 30002;
    private static final int MESSAGING = 61616;

    @Override
    public String name() {
        return "igel-ums";
    }

    @Override
    public List<String> variants() {
        return List.of("server", "server+load-balancer", "load-balancer", "console");
    }

    @Override
    public String role() {
        return "server";
    }

    @Override
    public String role(String variant) {
        return variant.startsWith("server") ? "server" : variant;
    }

    @Override
    public String installedByDefault() {
        return "12.04.100";
    }

    @Override
    public String offeredByDefault() {
        return "12.05.100";
    }

    @Override
    public Map<String, Program> programs() {
        return Map.of("umsadmin-cli", new UmsAdminCli(), INSTALLER, new UmsInstaller());
    }

    @Override
    public void furnish(Machine machine, String variant, String installed, String offered) {
        furnish(machine, "ums", variant, installed, offered);
    }

    @Override
    public void furnish(Machine machine, String deployment, String variant, String installed, String offered) {
        UmsCluster cluster = machine.attached(UmsEstate.class).cluster(deployment, installed);
        var node = new UmsNode(machine, cluster, variant);
        machine.attach(UmsNode.class, node);
        machine.packages().preinstall(pkg(variant, installed));
        distribute(machine, offered);
        if (!node.isConsole()) {
            machine.install("umsadmin-cli", "/usr/bin");
        }
        if (node.isServer()) {
            var pages = new UmsPages(node);
            machine.serve(HTTPS, pages);
            machine.serve(JAVA_WEB_START, pages);
            machine.files().put("/root/.pgpass", cluster.database().pgpass(), 0600);
        }
        try {
            node.registerAll();
        } catch (SQLException e) {
            throw new IllegalArgumentException(
                    machine.name() + " cannot be registered in the UMS' database: " + e.getMessage(), e);
        }
        cluster.join(node);
        node.attend();
    }

    /** Puts an installer where an administrator would (G1). */
    static void distribute(Machine machine, String version) {
        machine.files()
                .put(
                        "/root/" + INSTALLER + "_" + version + ".bin",
                        Machine.binary(INSTALLER) + "\n" + version + "\n" + "makeself archive ".repeat(1000) + "\n",
                        0755);
    }

    /** What the installer leaves on a host. */
    static RpmPackage pkg(String variant, String version) {
        var files = new LinkedHashMap<String, Content>();
        files.put(UmsNode.HOME + "/version", new Content("@VERSION@\n", false, 0644));
        var units = new ArrayList<UnitFile>();
        boolean server = variant.startsWith("server");
        boolean balancer = variant.endsWith("load-balancer");
        if (server) {
            units.add(unit(
                    UmsNode.SERVER,
                    "IGEL UMS Server @VERSION@",
                    "rmguiserver/bin/igelRMserver",
                    List.of(HTTPS, JAVA_WEB_START, balancer ? DEVICES_BESIDE_A_BALANCER : DEVICES, MESSAGING),
                    Duration.ofSeconds(3)));
        }
        if (balancer) {
            units.add(unit(
                    UmsNode.BROKER,
                    "IGEL UMS Load Balancer @VERSION@",
                    "umsbroker/bin/igelUMSbroker",
                    List.of(DEVICES),
                    Duration.ofSeconds(1)));
        }
        if (server || balancer) {
            units.add(unit(
                    UmsNode.WATCHDOG,
                    "IGEL UMS Watchdog @VERSION@",
                    "umswatchdog/bin/igelUMSwatchdog",
                    List.of(),
                    Duration.ZERO));
        }
        return new RpmPackage(
                UmsNode.PACKAGE,
                version,
                "1",
                "x86_64",
                "IGEL Universal Management Suite",
                files,
                units,
                Duration.ofSeconds(15),
                RpmPackage.Fault.GOOD);
    }

    private static UnitFile unit(String name, String text, String program, List<Integer> ports, Duration listens) {
        return new UnitFile(
                name + ".service",
                text,
                UmsNode.HOME + "/" + program,
                UmsNode.PACKAGE,
                ports,
                UmsNode.HOME + "/conf/" + name + ".properties",
                Duration.ofSeconds(2),
                listens,
                Duration.ofSeconds(1),
                false);
    }

    @Override
    public void failed(Machine machine, Fault fault, String value) {
        if (fault == Fault.ORPHAN) {
            machine.attached(UmsNode.class).orphan(value, true);
        }
    }

    @Override
    public void healed(Machine machine, Fault fault) {
        if (fault == Fault.ORPHAN) {
            machine.attached(UmsNode.class).orphan("", false);
        } else if (fault == Fault.NORECONNECT) {
            machine.attached(UmsNode.class).wake();
        }
    }

    @Override
    public Map<String, Object> details(Machine machine) {
        UmsNode node = machine.attached(UmsNode.class);
        return Map.of("installed", node.installed(), "mode", node.inUpdateMode() ? "update" : "normal");
    }
}
