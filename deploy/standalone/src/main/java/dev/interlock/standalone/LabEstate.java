package dev.interlock.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Which hosts the lab plays: those that the story tells of, and as many further sites of the same make as a size asks for. */
final class LabEstate {
    /** Hosts of the story; there are never fewer. */
    static final int STORY = 15;

    static final int MOST = 200;

    static final String UMS = "igel-ums";
    private static final String KEEPER = "keeper-connection-manager";
    private static final String LICENSE_SERVER = "pcoip-license-server";

    private static final List<String> SITES = List.of(
            "boston", "chicago", "denver", "lima", "recife", "toronto", "dubai", "nairobi", "delhi", "seoul", "osaka",
            "manila", "perth");

    /** @param upgraded whether it has the newer release already */
    record Group(String deployment, String product, String variant, boolean upgraded, List<String> hosts) {
        private Group first(int count) {
            return new Group(deployment, product, variant, upgraded, hosts.subList(0, count));
        }
    }

    private LabEstate() {}

    /** @param hosts how many in all, {@link #STORY} to {@link #MOST} */
    static List<Group> of(int hosts) {
        if (hosts < STORY || hosts > MOST) {
            throw new IllegalArgumentException("The lab plays " + STORY + " to " + MOST + " hosts, not " + hosts + ".");
        }
        var groups = new ArrayList<>(story());
        int left = hosts - STORY;
        for (int i = 0; left > 0; i++) {
            // sites are not all as far as each other
            for (var group : site(SITES.get(i), i % 3 == 1)) {
                int some = Math.min(left, group.hosts().size());
                if (some > 0) {
                    groups.add(group.first(some));
                    left -= some;
                }
            }
        }
        return groups;
    }

    private static List<Group> story() {
        var ums = UpgradeUms.DEPLOYMENT;
        return List.of(
                new Group(
                        UpgradeKeeper.DEPLOYMENT,
                        KEEPER,
                        "standalone",
                        false,
                        List.of(
                                "kcm-berlin",
                                "kcm-dublin",
                                "kcm-lyon",
                                "kcm-madrid",
                                "kcm-oslo",
                                "kcm-porto",
                                "kcm-turin",
                                "kcm-vienna")),
                new Group(UpgradeKeeper.DEPLOYMENT, KEEPER, "tomcat", false, List.of("kcm-rome", "kcm-sofia")),
                new Group(
                        UpgradeLicenseServer.DEPLOYMENT, LICENSE_SERVER, "connected", false, List.of("licenses-paris")),
                new Group(ums, UMS, "server", false, numbered(ums + "-server", 1, 3)),
                new Group(ums, UMS, "load-balancer", false, numbered(ums + "-balancer", 1, 1)));
    }

    /** As large as the story's own. */
    private static List<Group> site(String site, boolean upgraded) {
        var ums = "ums-" + site;
        return List.of(
                new Group("keeper-" + site, KEEPER, "standalone", upgraded, numbered("kcm-" + site, 1, 8)),
                new Group("keeper-" + site, KEEPER, "tomcat", upgraded, numbered("kcm-" + site, 9, 10)),
                new Group("licenses-" + site, LICENSE_SERVER, "connected", upgraded, List.of("licenses-" + site)),
                new Group(ums, UMS, "server", upgraded, numbered(ums + "-server", 1, 3)),
                new Group(ums, UMS, "load-balancer", upgraded, numbered(ums + "-balancer", 1, 1)));
    }

    private static List<String> numbered(String name, int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> name + "-" + i).toList();
    }
}
