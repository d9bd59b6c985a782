package dev.interlock.inventory.adapter.ssh;

import dev.interlock.inventory.app.HostProbe;
import dev.interlock.inventory.domain.Host;
import dev.interlock.inventory.domain.HostKey;
import dev.interlock.inventory.domain.ProbeOutcome;
import dev.interlock.inventory.domain.ProbeOutcome.Failed;
import dev.interlock.inventory.domain.ProbeOutcome.Reason;
import dev.interlock.inventory.domain.Product;
import dev.interlock.inventory.domain.Recognizer;
import dev.interlock.inventory.domain.Registrations;
import dev.interlock.platform.credentials.CredentialException;
import dev.interlock.platform.ssh.CommandResult;
import dev.interlock.platform.ssh.SshConnections;
import dev.interlock.platform.ssh.SshException;
import dev.interlock.platform.ssh.SshFailure;
import dev.interlock.platform.ssh.SshSession;
import dev.interlock.platform.ssh.SshTarget;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Locale;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a host by one script over one connection; pending updates, which are slow, by a second one where asked for. */
@Singleton
final class SshProbe implements HostProbe {

    private static final Logger LOG = LoggerFactory.getLogger(SshProbe.class);

    private final SshConnections connections;
    private final ProbeLimits limits;
    private final Clock clock;

    SshProbe(SshConnections connections, ProbeLimits limits, Clock clock) {
        this.connections = connections;
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public ProbeOutcome probe(Host host, boolean withUpdates) {
        var outcome = once(host, withUpdates);
        return outcome instanceof Failed(var reason, var detail) && reason.worthAnotherTry()
                ? once(host, withUpdates)
                : outcome;
    }

    private ProbeOutcome once(Host host, boolean withUpdates) {
        var settings = host.settings();
        var target = new SshTarget(
                host.id(),
                settings.address(),
                settings.port(),
                settings.user(),
                settings.credential(),
                host.pinned() == null ? null : host.pinned().line());
        try (var session = connections.open(target)) {
            var sent = clock.instant();
            var result = session.run(ProbeScript.PROBE, limits.total());
            var answered = clock.instant();
            var output = ProbeOutput.parse(result.out());
            var facts = output.facts();
            var gauges = output.gauges(sent, answered);
            var found = Recognizer.recognize(facts);
            boolean keeper = found.stream().anyMatch(component -> component.product() == Product.KEEPER);
            boolean registry = found.stream()
                    .anyMatch(component -> component.product().registersServers()
                            && component.parts().contains(Registrations.SERVER));
            return new ProbeOutcome.Read(
                    facts,
                    gauges,
                    withUpdates && keeper ? updates(session) : null,
                    registry ? registrations(session) : null);
        } catch (SshException e) {
            return failed(e.reason());
        } catch (CredentialException e) {
            return new Failed(Reason.CREDENTIAL_MISSING, e.getMessage() + " " + e.next());
        } catch (ProbeOutput.Unreadable e) {
            return new Failed(Reason.COMMAND_FAILED, String.valueOf(e.getMessage()));
        }
    }

    /** A list of updates that cannot be had does not make the host unreachable. */
    private @Nullable SortedMap<String, String> updates(SshSession session) {
        try {
            CommandResult result = session.run(ProbeScript.UPDATES, limits.updates());
            return ProbeOutput.updates(result.out());
        } catch (SshException e) {
            LOG.warn("pending updates could not be read: {}", e.getMessage());
            return null;
        }
    }

    /** Nor does a list of registrations that cannot be had. */
    private Registrations registrations(SshSession session) {
        try {
            return RegistrationsOutput.parse(session.run(ProbeScript.REGISTRATIONS, limits.registrations())
                    .out());
        } catch (SshException e) {
            return new Registrations.Unreadable(String.valueOf(e.getMessage()));
        }
    }

    private static ProbeOutcome failed(SshFailure failure) {
        return switch (failure) {
            case SshFailure.Unreachable(var detail) ->
                new Failed(
                        detail.toLowerCase(Locale.ROOT).contains("refused") ? Reason.REFUSED : Reason.UNREACHABLE,
                        failure.sentence());
            case SshFailure.TimedOut t -> new Failed(Reason.TIMED_OUT, t.sentence());
            case SshFailure.ConnectionLost l -> new Failed(Reason.CONNECTION_LOST, l.sentence());
            case SshFailure.AuthenticationFailed a -> new Failed(Reason.AUTHENTICATION_FAILED, a.sentence());
            case SshFailure.HostKeyChanged(var expected, var presented) ->
                HostKey.of(presented)
                        .<ProbeOutcome>map(ProbeOutcome.KeyChanged::new)
                        .orElseGet(() -> unreadableKey(failure));
            case SshFailure.HostKeyUnknown(var presented) ->
                HostKey.of(presented)
                        .<ProbeOutcome>map(ProbeOutcome.KeyUnknown::new)
                        .orElseGet(() -> unreadableKey(failure));
        };
    }

    private static ProbeOutcome unreadableKey(SshFailure failure) {
        return new Failed(Reason.UNREACHABLE, failure.sentence() + "; Interlock knows no key of this type");
    }
}
