package dev.interlock.agent.adapter.jdbc;

import static dev.interlock.platform.telemetry.DatabaseGauges.Definition.count;
import static dev.interlock.platform.telemetry.DatabaseGauges.Definition.seconds;

import dev.interlock.agent.domain.GracePeriod;
import dev.interlock.platform.telemetry.DatabaseGauges;
import jakarta.inject.Singleton;
import java.util.List;

/** The agents in figures. A million of them are not counted: counts by server are kept, and only those that fail are looked at. */
@Singleton
class AgentGauges implements DatabaseGauges {

    @Override
    public List<Definition> gauges() {
        return List.of(
                count(
                        "interlock.agent.agents",
                        "agents by where they stand with their license server",
                        "server",
                        "standing"),
                count("interlock.agent.grace.agents", "agents in grace by the hours that are left", "hours"),
                seconds(
                        "interlock.agent.grace.shortest",
                        "the shortest grace that an agent of the server still has; the whole grace if none fails",
                        "server"),
                count("interlock.agent.incidents", "license servers with which agents cannot validate", "severity"));
    }

    @Override
    public String sql() {
        return """
                with present(now, grace) as (select ?::timestamptz, interval '%d seconds'),
                counted as (
                    select license_server_id, sum(agents) as agents, sum(never_licensed) as never_licensed, sum(failing) as failing
                    from agent_count group by license_server_id),
                failing as (
                    select license_server_id, extract(epoch from failing_at + present.grace - present.now)::float8 as seconds_left
                    from agent, present where failing_at is not null),
                by_server as (
                    select license_server_id,
                        count(*) filter (where seconds_left > 0) as in_grace,
                        count(*) filter (where seconds_left <= 0) as expired,
                        min(seconds_left) filter (where seconds_left > 0) as shortest
                    from failing group by license_server_id),
                server as (
                    select coalesce(l.name, c.license_server_id::text) as name, c.*,
                        coalesce(f.in_grace, 0) as in_grace, coalesce(f.expired, 0) as expired, f.shortest
                    from counted c
                    left join license_server l on l.id = c.license_server_id
                    left join by_server f on f.license_server_id = c.license_server_id)
                select 'interlock.agent.agents', array[s.name, x.standing], x.agents::float8
                from server s
                cross join lateral (values
                    ('licensed', greatest(0, s.agents - s.never_licensed - s.failing)), ('in-grace', s.in_grace),
                    ('expired', s.expired), ('never-licensed', s.never_licensed)) x(standing, agents)
                union all
                select 'interlock.agent.grace.agents', array[b.hours], count(f.seconds_left)
                from (values ('0-1', 0, 1), ('1-4', 1, 4), ('4-24', 4, 24), ('24-72', 24, 72), ('72-168', 72, 169)) b(hours, above, upto)
                left join failing f on f.seconds_left > b.above * 3600 and f.seconds_left <= b.upto * 3600
                group by b.hours
                union all
                select 'interlock.agent.grace.shortest', array[s.name], coalesce(s.shortest, extract(epoch from present.grace))
                from server s, present
                union all
                select 'interlock.agent.incidents', array[w.severity], count(o.alert_id)
                from unnest(array['warning', 'critical']) w(severity)
                left join outage o on o.severity = w.severity
                group by w.severity
                """.formatted(GracePeriod.LENGTH.toSeconds());
    }
}
