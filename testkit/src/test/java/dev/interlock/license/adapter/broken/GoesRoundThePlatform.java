package dev.interlock.license.adapter.broken;

import net.schmizz.sshj.SSHClient;

/** Breaks: SSH goes through the platform. */
record GoesRoundThePlatform(SSHClient client) {}
