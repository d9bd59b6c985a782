package dev.interlock.platform.ssh;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/**
 * Limits of SSH.
 *
 * @param connections open at once, in all
 * @param connectionsPerHost open at once to one address and port
 * @param channels commands at once on one connection; sshd's MaxSessions is 10
 * @param queue longest wait for a free place
 * @param connect for the TCP connection
 * @param handshake from the TCP connection to agreed keys
 * @param authentication from agreed keys to being let in
 * @param keepAlive how often the host is asked whether it is there; the connection counts as dead after three such times without
 *     an answer; 0 = never
 * @param output most bytes kept of each of a command's two outputs
 */
@ConfigurationProperties("interlock.ssh")
public record SshSettings(
        @Bindable(defaultValue = "256") @Min(1) @Max(4096) int connections,
        @Bindable(defaultValue = "4") @Min(1) int connectionsPerHost,
        @Bindable(defaultValue = "10") @Min(1) @Max(64) int channels,
        @Bindable(defaultValue = "60s") Duration queue,
        @Bindable(defaultValue = "5s") Duration connect,
        @Bindable(defaultValue = "10s") Duration handshake,
        @Bindable(defaultValue = "15s") Duration authentication,
        @Bindable(defaultValue = "15s") Duration keepAlive,
        @Bindable(defaultValue = "262144") @Min(1024) int output) {}
