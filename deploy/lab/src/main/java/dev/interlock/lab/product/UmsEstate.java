package dev.interlock.lab.product;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The UMS deployments of one lab and the database server that they share, each in a schema of its own. */
public final class UmsEstate {
    private final Map<String, UmsCluster> clusters = new TreeMap<>();
    private @Nullable UmsDatabase server;

    /** Where the productive databases lie from now on; deployments that are there already stay where they are. */
    public synchronized void database(String url, String user, String password) {
        server = new UmsDatabase(url, user, password, "");
    }

    /** @throws IllegalArgumentException nobody said where the database is, or it does not answer */
    synchronized UmsCluster cluster(String deployment, String installed) {
        UmsCluster known = clusters.get(deployment);
        if (known != null) {
            return known;
        }
        UmsDatabase given = server;
        if (given == null) {
            throw new IllegalArgumentException("UMS servers need a productive database: give the lab one with"
                    + " Lab.umsDatabase(url, user, password), --ums-database or PUT /ums-database.");
        }
        var made = new UmsCluster(deployment, given.in(deployment.replaceAll("[^a-z0-9]", "_")));
        made.create(installed);
        clusters.put(deployment, made);
        return made;
    }
}
