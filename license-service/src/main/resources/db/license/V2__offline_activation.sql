-- License servers that count for themselves and are driven from here (flexnet), and such as are gone.
alter table license_server
    drop constraint license_server_kind_check,
    add constraint license_server_kind_check check (kind in ('native', 'flexnet')),
    add column base_url       text check (length(base_url) between 1 and 500),
    add column credential     text check (length(credential) between 1 and 128),
    add column host_id        uuid,
    add column retired_at     timestamptz,
    add column retired_by     text,
    add column retired_reason text,
    -- destroyed while it held licences: they stay counted against the purchase until the vendor gives them back (L17)
    add column lost           boolean not null default false,
    add constraint flexnet_is_reached check (kind <> 'flexnet' or (base_url is not null and credential is not null)),
    add constraint lost_is_retired check (not lost or retired_at is not null);

-- As what a native server asks an authority: its machine id (the VM UUID to which an answer is bound, L25) and its key.
-- last_sequence numbers its requests, so that an authority never lets an older one undo a newer one.
create table server_identity (
    server_id     uuid   primary key references license_server,
    machine_id    text   not null unique check (length(machine_id) between 1 and 64),
    public_key    bytea  not null,
    private_key   bytea  not null,
    last_sequence bigint not null default 0
);

-- The authority whose signed answers allot a purchase. Null: this service itself does.
alter table pool add column authority text;

-- going_back: asked back from this server, no longer usable, not yet confirmed. They cannot carry a session any more from the
-- moment the request leaves the house, because the authority may give them to another server as soon as it reads it (L12, L15).
-- authorises: false where another counts, or where the server is lost.
alter table activation
    add column going_back integer not null default 0 check (going_back between 0 and total),
    add column authorises boolean not null default true,
    drop constraint one_session_one_license,
    add constraint one_session_one_license check (in_use between 0 and total - going_back);

create or replace function keep_active() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and (new.activation_code, new.server_id) is distinct from (old.activation_code, old.server_id) then
        raise exception 'an activation does not move: return it and activate it again';
    end if;
    update pool set active = active
        + case when tg_op = 'DELETE' then 0 else new.total - new.going_back end
        - case when tg_op = 'INSERT' then 0 else old.total - old.going_back end
    where activation_code = case when tg_op = 'DELETE' then old.activation_code else new.activation_code end;
    return null;
end $$;

drop trigger activation_keeps_active on activation;
create trigger activation_keeps_active
    after insert or delete or update of total, going_back, activation_code, server_id on activation
    for each row execute function keep_active();

-- Requests to an authority or to the vendor's portal, each with its file and, once there is one, the answer's (L21–L28).
create table activation_request (
    id                  uuid        primary key,
    server_id           uuid        not null references license_server,
    activation_code     text        collate "C" not null references pool,
    total               integer     not null check (total >= 0),
    sequence            bigint      not null,
    machine_id          text        not null,
    file                bytea       not null,
    sha256              text        not null check (sha256 ~ '^[0-9a-f]{64}$'),
    contents            text        not null,
    made_at             timestamptz not null,
    made_by             text        not null,
    state               text        not null check (state in ('open', 'answered', 'applying', 'applied', 'superseded')),
    response            bytea,
    response_sha256     text        check (response_sha256 ~ '^[0-9a-f]{64}$'),
    response_contents   text,
    response_expires_at timestamptz,
    closed_at           timestamptz,
    closed_by           text,
    unique (server_id, sequence),
    constraint answered_has_a_response check (state in ('open', 'superseded') or response is not null)
);
create index activation_request_newest on activation_request (made_at desc, id desc);
-- One at a time for a code on a server: a second one would undo or double what the first one does.
create unique index one_live_request on activation_request (server_id, activation_code)
    where state in ('open', 'answered', 'applying');
-- An answer has its effect once, on whichever request.
create unique index one_effect_of_a_response on activation_request (response_sha256) where state in ('applying', 'applied');

-- Through whose hands the files went. Only ever added to.
create table custody (
    request_id uuid        not null references activation_request,
    at         timestamptz not null,
    n          bigint      generated always as identity,
    actor      text        not null,
    act        text        not null check (act in
        ('made', 'downloaded', 'uploaded', 'refused', 'inspected', 'sent', 'applied', 'verified', 'superseded')),
    sha256     text,
    bytes      bigint,
    detail     text,
    primary key (request_id, n)
);
create function custody_only_grows() returns trigger language plpgsql as $$
begin
    raise exception 'the custody trail is only ever added to';
end $$;
create trigger custody_only_grows before update or delete on custody for each row execute function custody_only_grows();
