package dev.interlock.upgrade.domain;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done to the hosts of an IGEL UMS High Availability network. */
public sealed interface UmsAction extends Action {
    /**
     * What a host is in the network, and where its parts are.
     *
     * @param kind server, server+load-balancer, load-balancer, console or database
     * @param units its HA services, the watchdog last (G22)
     * @param home where the UMS is installed
     * @param url of the server's own pages, {@code check-status} among them
     */
    record Node(String kind, List<String> units, String home, String url) {
        public Node {
            units = List.copyOf(units);
        }

        public boolean server() {
            return kind.startsWith("server");
        }

        public boolean loadBalancer() {
            return kind.endsWith("load-balancer");
        }
    }

    /** @param type what the installer calls this kind of host [assumed] */
    record Installer(String path, String type) {}

    /** Which servers and load balancers there are: no others may be registered (G2). */
    record Members(List<String> servers, List<String> loadBalancers) {
        public Members {
            servers = List.copyOf(servers);
            loadBalancers = List.copyOf(loadBalancers);
        }
    }

    /**
     * The productive database. What is null is taken from the server's own data source.
     *
     * @param credential names the password; null: the host has one for itself, in {@code ~/.pgpass}
     */
    record Database(
            @Nullable String host,
            @Nullable String port,
            @Nullable String name,
            @Nullable String user,
            @Nullable String credential) {}

    /**
     * Looks at the host and changes nothing.
     *
     * @param installed the version that the plan was made for
     * @param members null where the host cannot tell who is registered: only servers can
     * @param backup the database is to be dumped from here
     * @param clockTolerance how far its clock may be off Interlock's: half of what two servers may differ (G5)
     * @param minFreeMebibytes [assumed]
     */
    record CheckNode(
            Node node,
            String installed,
            Installer installer,
            @Nullable Members members,
            boolean backup,
            Duration clockTolerance,
            long minFreeMebibytes)
            implements UmsAction {
        @Override
        public String word() {
            return "check-ums";
        }

        @Override
        public Milestone milestone() {
            return Milestone.PREFLIGHT_PASSED;
        }
    }

    /**
     * Dumps the productive database by PostgreSQL's own means and proves that the dump can be read to its end (G3).
     *
     * @param node the server that knows the data source; for a database host all of {@code database} is given
     * @param folder on the host, for root only
     */
    record BackUpDatabase(Node node, Database database, String folder) implements UmsAction {
        @Override
        public String word() {
            return "back-up-database";
        }

        @Override
        public @Nullable String secret() {
            return database.credential();
        }

        @Override
        public Milestone milestone() {
            return Milestone.BACKUP_TAKEN;
        }
    }

    /**
     * Stops the watchdog and begins the installation; it is done when the server works on its own copy of the database (G11). The
     * installation goes on in {@link UpdateServer}.
     *
     * @param patience how long a load balancer on the same host may take to stop (G21)
     */
    record EnterUpdateMode(Node node, String target, Installer installer, Duration patience) implements UmsAction {
        @Override
        public String word() {
            return "enter-update-mode";
        }

        @Override
        public Milestone milestone() {
            return Milestone.NODE_ENTERED_UPDATE_MODE;
        }
    }

    /**
     * Sees the installation to its end: {@code n of m servers updated} (G14), and the server answers devices again.
     *
     * @param begunBy id of the step that began it; a retry runs the installer again
     * @param servers how many there are in the plan
     * @param patience how long the started server may take to answer
     */
    record UpdateServer(Node node, String target, Installer installer, String begunBy, int servers, Duration patience)
            implements UmsAction {
        @Override
        public String word() {
            return "update-server";
        }

        @Override
        public Milestone milestone() {
            return Milestone.NODE_UPDATED;
        }
    }

    /**
     * Sees that the last server has renewed the schema (G16). A retry makes it: it switches this server's data source to the
     * productive database, and the first to connect renews (G24).
     *
     * @param schema the version that it must have
     * @param begunBy id of the step that began the installation, whose words say why it was not renewed
     */
    record RenewSchema(Node node, String schema, String begunBy, Duration patience) implements UmsAction {
        @Override
        public String word() {
            return "renew-schema";
        }

        @Override
        public Milestone milestone() {
            return Milestone.SCHEMA_RENEWED;
        }
    }

    /**
     * Waits until the server has restarted, works with the productive database and is in normal mode (G17). A retry switches the
     * data source of one that stayed on its copy (G24).
     */
    record ReturnToNormalMode(Node node, String target, Duration patience) implements UmsAction {
        @Override
        public String word() {
            return "return-to-normal-mode";
        }

        @Override
        public Milestone milestone() {
            return Milestone.NODE_RETURNED_TO_NORMAL_MODE;
        }
    }

    /** Stops the watchdog, then the load balancer; kills it only if it is seen to hang (G21). */
    record StopLoadBalancer(Node node, Duration patience) implements UmsAction {
        @Override
        public String word() {
            return "stop-load-balancer";
        }

        @Override
        public Milestone milestone() {
            return Milestone.NODE_DRAINED;
        }
    }

    /** Runs the installer on a separate load balancer or a console (G18). */
    record UpdateComponent(Node node, String target, Installer installer) implements UmsAction {
        @Override
        public String word() {
            return "update-component";
        }

        @Override
        public Milestone milestone() {
            return Milestone.NODE_UPDATED;
        }
    }

    /** Updated, running, in normal mode (G25), on the productive data source (G23), and so is everybody who is registered. */
    record ProveNode(Node node, String target, @Nullable Members members, Duration patience) implements UmsAction {
        @Override
        public String word() {
            return "prove-ums";
        }

        @Override
        public Milestone milestone() {
            return Milestone.PROVEN;
        }
    }
}
