-- Agents, and where each stands with its license server. last_success and failing_since point to the two validations that
-- decide it: the latest success, and the first failure after that. Grace needs an earlier success (L34): the check says so.
create table agent (
    id                uuid        primary key,
    name              text        not null check (length(name) between 1 and 100),
    license_server_id uuid        not null,
    host_id           uuid,
    version           text        check (length(version) between 1 and 50),
    registered_at     timestamptz not null,
    registered_by     text        not null,
    last_success      text        collate "C",
    licensed_at       timestamptz,
    failing_since     text        collate "C",
    failing_at        timestamptz,
    check ((last_success is null) = (licensed_at is null)),
    check ((failing_since is null) = (failing_at is null)),
    constraint grace_needs_an_earlier_session check (failing_since is null or last_success is not null),
    constraint failing_is_since_the_last_success
        check (failing_since is null or (failing_at, failing_since) > (licensed_at, last_success))
) with (fillfactor = 80);
create index agent_by_name on agent (name, id);
create index agent_by_server on agent (license_server_id, id);
create index agent_by_server_failing on agent (license_server_id, failing_at) where failing_at is not null;
create index agent_by_server_never on agent (license_server_id) where last_success is null;

-- What agents reported, each once.
create table validation (
    agent_id    uuid        not null references agent,
    id          text        collate "C" not null check (id ~ '^[A-Za-z0-9._:@/-]{1,100}$'),
    at          timestamptz not null,
    outcome     text        not null check (outcome in ('SUCCEEDED', 'FAILED')),
    reason      text        check (length(reason) between 1 and 500),
    source      text        not null check (source in ('API', 'SESSION')),
    recorded_at timestamptz not null,
    primary key (agent_id, id),
    check ((outcome = 'FAILED') = (reason is not null))
);
create index validation_in_order on validation (agent_id, outcome, at, id);

-- What has been told of grace. A period is open until a success closes it; an agent has one at most that is not closed.
-- wake_at is its timer: when there is something to tell though nothing is heard.
create table grace_period (
    id                uuid        primary key,
    agent_id          uuid        not null references agent,
    license_server_id uuid        not null,
    opened_after      text        collate "C" not null,
    opened_by         text        collate "C" not null,
    first_failure     text        collate "C" not null,
    started_at        timestamptz not null,
    ends_at           timestamptz not null check (ends_at = started_at + interval '168 hours'),
    noticed_seconds   bigint      check (noticed_seconds > 0),
    expired           boolean     not null default false,
    ended_at          timestamptz,
    closed            boolean     not null default false,
    wake_at           timestamptz,
    unique (agent_id, opened_after, opened_by),
    foreign key (agent_id, opened_after) references validation,
    foreign key (agent_id, opened_by) references validation,
    foreign key (agent_id, first_failure) references validation,
    check (closed or ended_at is null),
    check (not closed or wake_at is null),
    check (not closed or expired or ended_at is not null)
);
create unique index grace_period_one_at_a_time on grace_period (agent_id) where not closed;
create index grace_period_due on grace_period (wake_at) where wake_at is not null;
create index grace_period_by_end on grace_period (ends_at, id);
create index grace_period_present on grace_period (ends_at, id) where not closed;
