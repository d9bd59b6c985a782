-- Servers that authorise sessions.
create table license_server (
    id            uuid        primary key,
    name          text        not null unique check (length(name) between 1 and 100),
    kind          text        not null check (kind in ('native')),
    address       text        check (length(address) between 1 and 500),
    registered_at timestamptz not null,
    registered_by text        not null
);

-- Purchases. seats is the whole purchase; active is the sum of what servers hold of it, kept by the trigger below.
-- The check is the conservation of seats: no statement of any client can activate more than was bought (L10, L31).
create table pool (
    activation_code text        collate "C" primary key check (activation_code ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,63}$'),
    likeness        text        not null generated always as (lower(replace(activation_code, '-', ''))) stored,
    seats           integer     not null check (seats between 1 and 1000000),
    active          integer     not null default 0,
    feature         text        not null check (length(feature) between 1 and 100),
    expires_at      timestamptz not null,
    created_at      timestamptz not null,
    next_notice_at  timestamptz,
    constraint seats_are_conserved check (active between 0 and seats)
);
create index pool_likeness on pool (likeness);
-- The timer of each pool: when there is something to tell of its end. Null when all is told.
create index pool_next_notice on pool (next_notice_at) where next_notice_at is not null;

-- What one server holds of one purchase: a licence is on one server until it is returned (L12).
-- in_use counts the live sessions on it; the check is "one session, one licence, until none is left" (L11).
-- Rows change with every session, so pages keep room for their next version beside them.
create table activation (
    activation_code text    collate "C" not null references pool,
    server_id       uuid    not null references license_server,
    total           integer not null check (total >= 0),
    in_use          integer not null default 0,
    told_level      text    not null default 'AMPLE' check (told_level in ('AMPLE', 'LOW', 'EXHAUSTED')),
    primary key (server_id, activation_code),
    constraint one_session_one_license check (in_use between 0 and total)
) with (fillfactor = 50);
create index activation_of_pool on activation (activation_code);

create function keep_active() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and (new.activation_code, new.server_id) is distinct from (old.activation_code, old.server_id) then
        raise exception 'an activation does not move: return it and activate it again';
    end if;
    update pool set active = active
        + case when tg_op = 'DELETE' then 0 else new.total end
        - case when tg_op = 'INSERT' then 0 else old.total end
    where activation_code = case when tg_op = 'DELETE' then old.activation_code else new.activation_code end;
    return null;
end $$;

-- After, not before: an insert that turns into an update by ON CONFLICT has fired its 'before' triggers already.
create trigger activation_keeps_active after insert or delete or update of total, activation_code, server_id on activation
    for each row execute function keep_active();

-- Sessions, live and past. A live one holds one licence of its activation.
create table session (
    id              uuid        primary key,
    server_id       uuid        not null,
    activation_code text        collate "C" not null,
    agent_id        uuid        not null,
    user_name       text        not null check (length(user_name) between 1 and 200),
    authorized_at   timestamptz not null,
    released_at     timestamptz,
    foreign key (server_id, activation_code) references activation
);
create index session_live on session (authorized_at, id) where released_at is null;
create index session_live_of_agent on session (agent_id) where released_at is null;
create index session_live_of_server on session (server_id, id) where released_at is null;
create index session_past on session (released_at) where released_at is not null;

-- What has been told of a pool's end: each notice once, whatever clocks, restarts and retries do.
create table pool_notice (
    activation_code text        collate "C" not null references pool,
    notice          text        not null check (notice ~ '^(expired|expiring-[0-9]+)$'),
    told_at         timestamptz not null,
    primary key (activation_code, notice)
);
