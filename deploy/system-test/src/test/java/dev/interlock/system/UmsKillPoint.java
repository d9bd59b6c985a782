package dev.interlock.system;

import dev.interlock.lab.CommandListener.Moment;
import dev.interlock.lab.machine.Effect;
import dev.interlock.lab.machine.Effect.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where in the UMS procedure the controller is killed, seen from a host: at a boundary of a step, or just before or after an effect.
 *
 * @param host within its network, for instance {@code server-1}
 * @param step the step's word; empty for an effect
 * @param effect kind and subject; empty for a boundary
 */
record UmsKillPoint(String host, String step, String effect, KillPoint.When when) {
    /** In the order in which they come to pass. Of two servers the second is the last one. */
    static List<UmsKillPoint> all() {
        var points = new ArrayList<UmsKillPoint>();
        step(points, "server-1", "check-ums");
        step(points, "server-1", "back-up-database", "BACKUP ums");
        step(points, "server-1", "enter-update-mode", "STOP igel-ums-watchdog", "DECOUPLE igel-ums-server");
        step(points, "server-1", "update-server", "UPGRADE igel-ums");
        step(points, "server-2", "enter-update-mode", "STOP igel-ums-watchdog", "DECOUPLE igel-ums-server");
        step(points, "server-2", "update-server", "UPGRADE igel-ums", "RENEW schema", "RECONNECT igel-ums-server");
        step(points, "server-2", "renew-schema");
        step(points, "server-1", "return-to-normal-mode");
        step(points, "balancer-1", "stop-load-balancer", "STOP igel-ums-watchdog", "STOP igel-ums-broker");
        step(points, "balancer-1", "update-component", "UPGRADE igel-ums");
        step(points, "console-1", "update-component", "UPGRADE igel-ums");
        step(points, "server-1", "prove-ums");
        return points;
    }

    private static void step(List<UmsKillPoint> points, String host, String step, String... effects) {
        points.add(new UmsKillPoint(host, step, "", KillPoint.When.STARTED));
        for (String effect : effects) {
            points.add(new UmsKillPoint(host, "", effect, KillPoint.When.EFFECT_DUE));
            points.add(new UmsKillPoint(host, "", effect, KillPoint.When.EFFECT_DONE));
        }
        points.add(new UmsKillPoint(host, step, "", KillPoint.When.ANSWERING));
        points.add(new UmsKillPoint(host, step, "", KillPoint.When.ANSWERED));
    }

    boolean ofEffect() {
        return !effect.isEmpty();
    }

    /** @param step of the moment's command; null if it is none of the engine's */
    boolean is(Moment moment, String host, @Nullable String step) {
        if (!this.host.equals(host) || KillPoint.When.of(moment) != when) {
            return false;
        }
        return switch (moment) {
            case Moment.EffectDue due -> effect.equals(said(due.effect()));
            case Moment.EffectDone done -> effect.equals(said(done.effect()));
            case Moment.Started s -> this.step.equals(step);
            case Moment.Answering a -> this.step.equals(step);
            case Moment.Answered a -> this.step.equals(step);
        };
    }

    /** Kind and subject; which database was dumped is no matter. */
    static String said(Effect effect) {
        return effect.kind() + " "
                + (effect.kind() == Kind.BACKUP ? "ums" : effect.subject().replace(".service", ""));
    }

    /** Which step sent this script; null if it is not one of the engine's. */
    static @Nullable String step(String script) {
        if (!script.contains("JOBS=")) {
            return null;
        }
        if (script.contains("@@root-writable")) {
            return "check-ums";
        }
        if (script.contains("pg_restore --list")) {
            return "back-up-database";
        }
        if (script.contains("entered()")) {
            return "enter-update-mode";
        }
        if (script.contains("LAST=")) {
            return "update-server";
        }
        if (script.contains("renewed()")) {
            return "renew-schema";
        }
        if (script.contains("back()")) {
            return "return-to-normal-mode";
        }
        if (script.contains("proven()")) {
            return "prove-ums";
        }
        return script.contains("halt_broker()") ? "stop-load-balancer" : "update-component";
    }

    @Override
    public String toString() {
        return host + " " + (ofEffect() ? effect : step) + " " + when;
    }
}
