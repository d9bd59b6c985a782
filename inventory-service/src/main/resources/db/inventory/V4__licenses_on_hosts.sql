-- What license-service tells, as far as it concerns hosts: a machine is not given back while there are licenses on it (L17).
create table license_server_view (
    license_server_id uuid primary key,
    name              text not null,
    -- of its address, in lower case: the host's name or address in the inventory if nobody has said which host it is
    address_host      text,
    host_id           uuid,
    -- stays, so that an old registration that is replayed later does not bring the server back
    retired           boolean     not null default false
);
create index license_server_view_address_host on license_server_view (address_host) where not retired;
create index license_server_view_host on license_server_view (host_id) where not retired;

create table license_total_view (
    license_server_id uuid        not null,
    activation_code   text        not null,
    total             integer     not null check (total >= 0),
    -- older news that comes later changes nothing
    changed_at        timestamptz not null,
    primary key (license_server_id, activation_code)
);
