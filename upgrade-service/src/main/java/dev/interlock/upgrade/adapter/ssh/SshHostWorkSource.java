package dev.interlock.upgrade.adapter.ssh;

import dev.interlock.platform.credentials.Credentials;
import dev.interlock.platform.credentials.PasswordAttempts;
import dev.interlock.platform.ssh.SshConnections;
import dev.interlock.upgrade.app.HostWork;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.inject.Singleton;
import jakarta.validation.constraints.Min;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

@Singleton
final class SshHostWorkSource implements HostWork.Source {
    private final SshConnections connections;
    private final Credentials credentials;
    private final PasswordAttempts attempts;
    private final HostScripts scripts;
    private final HostSettings settings;
    private final Clock clock;

    /**
     * How hosts are worked on.
     *
     * @param jobsDir the folder on a host in which effects are claimed; survives a restart of the host
     * @param patience how long a host that went away in the middle of a step is waited for
     * @param idleConnections most connections a run keeps for hosts that are not being worked on
     */
    @ConfigurationProperties("interlock.upgrade.hosts")
    record HostSettings(
            @Bindable(defaultValue = "/var/lib/interlock/jobs")
            String jobsDir,

            @Bindable(defaultValue = "60s") Duration patience,
            @Bindable(defaultValue = "100") @Min(0) int idleConnections) {}

    SshHostWorkSource(
            SshConnections connections,
            Credentials credentials,
            PasswordAttempts attempts,
            HostSettings settings,
            Clock clock) {
        this.connections = connections;
        this.credentials = credentials;
        this.attempts = attempts;
        this.scripts = new HostScripts(settings.jobsDir());
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public HostWork begin(UUID runId) {
        return new SshHostWork(
                connections,
                new SshHostWork.Secrets(credentials, attempts),
                scripts,
                new SshHostWork.Settings(settings.patience(), settings.idleConnections()),
                clock);
    }
}
