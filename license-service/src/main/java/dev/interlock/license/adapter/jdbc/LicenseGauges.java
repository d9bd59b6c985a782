package dev.interlock.license.adapter.jdbc;

import static dev.interlock.platform.telemetry.DatabaseGauges.Definition.count;
import static dev.interlock.platform.telemetry.DatabaseGauges.Definition.seconds;

import dev.interlock.platform.telemetry.DatabaseGauges;
import jakarta.inject.Singleton;
import java.util.List;

/** Purchases and license servers in figures. */
@Singleton
class LicenseGauges implements DatabaseGauges {

    @Override
    public List<Definition> gauges() {
        return List.of(
                count(
                        "interlock.license.pool.seats",
                        "a purchase's licenses by where they are",
                        "pool",
                        "feature",
                        "state"),
                seconds(
                        "interlock.license.pool.remaining",
                        "time until a purchase expires; negative afterwards",
                        "pool"),
                count(
                        "interlock.license.server.active",
                        "licenses of a purchase on a license server",
                        "server",
                        "pool"),
                count(
                        "interlock.license.server.in.use",
                        "sessions on these licenses, where Interlock counts them",
                        "server",
                        "pool"),
                count("interlock.license.servers", "license servers in service, by health", "health"),
                count(
                        "interlock.license.server.up",
                        "1 if a license server that counts for itself is healthy, 0 if not, NaN if that is unknown",
                        "server"),
                count(
                        "interlock.license.server.trouble",
                        "1 if a license server that counts for itself has this trouble",
                        "server",
                        "trouble"),
                count("interlock.license.sessions", "live sessions that Interlock counts"),
                count("interlock.license.requests", "activation requests that are not finished", "state"),
                seconds("interlock.license.requests.oldest", "age of the oldest of them; 0 without any"),
                count("interlock.license.moves", "moves of licenses that have begun and not ended"));
    }

    @Override
    public String sql() {
        return """
                with present(now) as (values (?::timestamptz)),
                held as (
                    select a.activation_code, a.server_id, s.name as server, s.lost, s.retired_at, a.total, a.going_back,
                        a.in_use, a.authorises
                    from activation a join license_server s on s.id = a.server_id),
                by_pool as (
                    select activation_code,
                        coalesce(sum(total - going_back) filter (where not lost), 0) as active,
                        coalesce(sum(going_back) filter (where not lost), 0) as going_back,
                        coalesce(sum(total) filter (where lost), 0) as lost
                    from held group by activation_code),
                asked as (
                    select r.activation_code, sum(greatest(0, r.total - coalesce(a.total, 0))) as seats
                    from activation_request r
                    left join activation a on a.server_id = r.server_id and a.activation_code = r.activation_code
                    where r.state in ('open', 'answered', 'applying')
                    group by r.activation_code),
                seats as (
                    select p.activation_code, p.feature, p.seats,
                        coalesce(b.active, 0) as active,
                        coalesce(b.going_back, 0) + coalesce(k.seats, 0) as in_flight,
                        coalesce(b.lost, 0) as lost
                    from pool p
                    left join by_pool b on b.activation_code = p.activation_code
                    left join asked k on k.activation_code = p.activation_code),
                watched as (
                    select s.name, coalesce(w.health, 'unknown') as health, w.locked_until, w.storage_corrupted, w.default_password
                    from license_server s left join server_watch w on w.server_id = s.id
                    where s.kind = 'flexnet' and s.retired_at is null)
                select 'interlock.license.pool.seats', array[s.activation_code, s.feature, x.state], x.seats::float8
                from seats s
                cross join lateral (values
                    ('free', greatest(0, s.seats - s.active - s.in_flight - s.lost)),
                    ('in-flight', s.in_flight), ('active', s.active), ('lost', s.lost)) x(state, seats)
                union all
                select 'interlock.license.pool.remaining', array[activation_code], extract(epoch from expires_at - present.now)
                from pool, present
                union all
                select 'interlock.license.server.active', array[server, activation_code], total - going_back
                from held where retired_at is null and total > 0
                union all
                select 'interlock.license.server.in.use', array[server, activation_code], in_use
                from held where retired_at is null and total > 0 and authorises
                union all
                select 'interlock.license.servers', array[w.health], count(s.name)
                from unnest(array['up', 'down', 'unknown', 'unwatched']) w(health)
                left join (
                    select name, health from watched
                    union all
                    select name, 'unwatched' from license_server where kind = 'native' and retired_at is null
                ) s on s.health = w.health
                group by w.health
                union all
                select 'interlock.license.server.up', array[name],
                    case health when 'up' then 1 when 'down' then 0 end
                from watched
                union all
                select 'interlock.license.server.trouble', array[w.name, x.trouble], coalesce(x.there, false)::int
                from watched w
                cross join present
                cross join lateral (values
                    ('administrator-locked-out', w.locked_until > present.now),
                    ('storage-corrupted', w.storage_corrupted),
                    ('default-password', w.default_password)) x(trouble, there)
                union all
                select 'interlock.license.sessions', array[]::text[], coalesce(sum(in_use), 0) from activation
                union all
                select 'interlock.license.requests', array[w.state], count(r.id)
                from unnest(array['open', 'answered', 'applying']) w(state)
                left join activation_request r on r.state = w.state
                group by w.state
                union all
                select 'interlock.license.requests.oldest', array[]::text[],
                    coalesce(max(extract(epoch from present.now - r.made_at)), 0)
                from present left join activation_request r on r.state in ('open', 'answered', 'applying')
                union all
                select 'interlock.license.moves', array[]::text[], count(*) from license_move where not ended
                """;
    }
}
