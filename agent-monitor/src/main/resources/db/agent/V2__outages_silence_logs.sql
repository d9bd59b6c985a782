-- What is read from agents' logs and from the validate command is a validation too (L36).
alter table validation drop constraint validation_source_check;
alter table validation add constraint validation_source_check check (source in ('API', 'SESSION', 'LOG', 'COMMAND'));

-- Agents from before the topic of states have not been on it yet.
alter table agent add column announced boolean not null default false;
alter table agent alter column announced set default true;
create index agent_unannounced on agent (id) where not announced;

-- Silence: silence_at is its timer, null while it is told (silent_since) or nothing is expected.
alter table agent add column heard_at timestamptz;
alter table agent add column silence_at timestamptz;
alter table agent add column silent_since timestamptz;
create index agent_silence_due on agent (silence_at) where silence_at is not null;

-- Coverage: each list and count reads only the agents it is about, in the order of its pages.
drop index agent_by_server_failing;
drop index agent_by_server_never;
create index agent_by_server_failing on agent (license_server_id, failing_at, id) where failing_at is not null;
create index agent_by_server_never on agent (license_server_id, id) where last_success is null;

-- How many agents a license server has, counted as they change: coverage of a million agents must not count them. In shards, so
-- that agents of one server do not wait for each other.
create table agent_count (
    license_server_id uuid     not null,
    shard             smallint not null check (shard between 0 and 31),
    agents            int      not null check (agents >= 0),
    never_licensed    int      not null check (never_licensed >= 0),
    failing           int      not null check (failing >= 0),
    primary key (license_server_id, shard)
) with (fillfactor = 50);

create function agent_shard(id uuid) returns smallint immutable language sql
    return (hashtextextended(id::text, 0) & 31)::smallint;

create function count_new_agents() returns trigger language plpgsql as $$
begin
    insert into agent_count as c (license_server_id, shard, agents, never_licensed, failing)
    select license_server_id, agent_shard(id), count(*), count(*) filter (where last_success is null), count(failing_at)
    from added group by 1, 2 order by 1, 2
    on conflict (license_server_id, shard) do update
    set agents = c.agents + excluded.agents,
        never_licensed = c.never_licensed + excluded.never_licensed,
        failing = c.failing + excluded.failing;
    return null;
end $$;

create function count_changed_agent() returns trigger language plpgsql as $$
begin
    update agent_count
    set never_licensed = never_licensed + (new.last_success is null)::int - (old.last_success is null)::int,
        failing = failing + (new.failing_at is not null)::int - (old.failing_at is not null)::int
    where license_server_id = new.license_server_id and shard = agent_shard(new.id);
    return null;
end $$;

insert into agent_count (license_server_id, shard, agents, never_licensed, failing)
select license_server_id, agent_shard(id), count(*), count(*) filter (where last_success is null), count(failing_at)
from agent group by 1, 2;

create trigger agent_added after insert on agent
    referencing new table as added for each statement execute function count_new_agents();
create trigger agent_changed after update of last_success, failing_at on agent
    for each row
    when ((old.last_success is null) <> (new.last_success is null) or (old.failing_at is null) <> (new.failing_at is null))
    execute function count_changed_agent();

-- License servers as license-service tells of them.
create table license_server (
    id          uuid primary key,
    name        text not null,
    health      text not null default 'unknown',
    cause       text,
    observed_at timestamptz
);

-- One incident a license server: its agents that cannot validate. raised_at is null while it may still be a blip.
create table outage (
    license_server_id uuid        primary key,
    alert_id          uuid        not null unique,
    seen_at           timestamptz not null,
    raised_at         timestamptz,
    severity          text        check (severity in ('warning', 'critical')),
    check ((raised_at is null) = (severity is null))
);
