package dev.interlock.license.app;

import dev.interlock.contracts.LicenseEvent.PoolExhausted;
import dev.interlock.contracts.LicenseEvent.PoolLow;
import dev.interlock.license.domain.ActivationCode;
import dev.interlock.license.domain.Allotment;
import dev.interlock.license.domain.Level;
import dev.interlock.license.domain.ServerId;
import dev.interlock.platform.outbox.Outbox;
import jakarta.inject.Singleton;

/** Tells once on the way down that a pool on a server runs low or is used up. The caller holds the activation's row. */
@Singleton
class TellLevel {
    private final Sessions sessions;
    private final Outbox outbox;
    private final LicenseSettings settings;

    TellLevel(Sessions sessions, Outbox outbox, LicenseSettings settings) {
        this.sessions = sessions;
        this.outbox = outbox;
        this.settings = settings;
    }

    void tell(ActivationCode code, String feature, ServerId server, Allotment now, Level told) {
        var level = Level.of(now.usable(), now.inUse(), settings.lowPercent());
        var toldAfter = level.toldAfter(told);
        if (toldAfter == told) {
            return;
        }
        sessions.setToldLevel(code, server, toldAfter);
        switch (toldAfter) {
            case AMPLE -> {}
            case LOW ->
                outbox.add(new PoolLow(
                        code.value(), server.value(), feature, now.usable(), now.inUse(), 100 - settings.lowPercent()));
            case EXHAUSTED ->
                outbox.add(new PoolExhausted(code.value(), server.value(), feature, now.usable(), now.inUse()));
        }
    }
}
