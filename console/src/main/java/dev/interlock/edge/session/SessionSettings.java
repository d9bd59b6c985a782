package dev.interlock.edge.session;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The session of a browser.
 *
 * @param keyFile of the key that seals the cookies, readable by its owner only and made at the first start; instances of one edge
 *     share it. Without it the key lives as long as the process, and so do the sessions.
 * @param longest after which a person signs in again, whatever the token says
 */
@ConfigurationProperties("interlock.edge.session")
record SessionSettings(
        @Nullable Path keyFile,
        @Bindable(defaultValue = "24h") Duration longest) {}
