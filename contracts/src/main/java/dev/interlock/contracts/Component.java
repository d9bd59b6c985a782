package dev.interlock.contracts;

/**
 * A managed product found on a host.
 *
 * @param product its name everywhere, for example {@code keeper-connection-manager}
 * @param version as the host reports it, for example {@code 1.5.0}
 * @param variant how it is installed, for example {@code standalone} or {@code tomcat} (K5); empty if there is only one
 *     way
 */
public record Component(
        @OneOf({
            "keeper-connection-manager",
            "pcoip-connection-manager",
            "pcoip-license-server",
            "igel-ums",
            "parallels-secure-workspace"
        })
        String product,

        String version,
        String variant) {}
