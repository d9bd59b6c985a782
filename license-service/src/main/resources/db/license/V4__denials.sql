-- How often a session was refused, by the hour, for charts; each refusal itself is an event. Many are refused at once when a server
-- has nothing left, so the count of an hour is spread over slots, lest they wait for one row.
create table denial_count (
    hour      timestamptz not null,
    server_id uuid        not null references license_server,
    reason    text        not null check (length(reason) between 1 and 50),
    slot      smallint    not null,
    count     bigint      not null check (count > 0),
    primary key (hour, server_id, reason, slot)
);
