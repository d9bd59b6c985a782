package dev.interlock.lab.machine;

/** What a package's scripts do around its unpacking. */
public interface Scriptlets {
    void before(HostProcess rpm, RpmPackage incoming);

    void after(HostProcess rpm, RpmPackage incoming);
}
