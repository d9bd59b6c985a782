-- What is needed of the inventory's hosts to drive a license server over SSH; kept from its topic.
create table host_view (
    host_id    uuid primary key,
    name       text not null,
    address    text not null,
    port       integer not null,
    username   text not null,
    credential text not null,
    host_key   text,
    status     text not null
);

-- What is seen of license servers that count for themselves. next_check_at is the timer.
create table server_watch (
    server_id         uuid        primary key references license_server,
    health            text        not null default 'unknown' check (health in ('up', 'down', 'unknown')),
    cause             text,
    next_step         text,
    version           text,
    observed_at       timestamptz,
    next_check_at     timestamptz,
    -- admin commands are blocked until then (L43); nothing is tried before
    locked_until      timestamptz,
    storage_corrupted boolean     not null default false,
    default_password  boolean     not null default false
);
create index server_watch_next_check on server_watch (next_check_at) where next_check_at is not null;

-- Moves of what an authority allots, in two requests (L19): how many were asked back, so that exactly as many go elsewhere.
create table license_move (
    returning_request  uuid    primary key references activation_request,
    activating_request uuid    references activation_request,
    activation_code    text    collate "C" not null references pool,
    origin             uuid    not null references license_server,
    destination        uuid    not null references license_server,
    count              integer not null check (count > 0),
    total_there        integer not null check (total_there >= count),
    ended              boolean not null default false
);
create unique index one_move_at_a_time on license_move (activation_code, origin, destination) where not ended;
