create table host (
    id                 uuid primary key,
    name               text        not null check (name <> ''),
    name_key           text collate "C" generated always as (lower(name)) stored,
    address            text        not null check (address <> ''),
    port               int         not null check (port between 1 and 65535),
    login              text        not null check (login <> ''),
    credential         text        not null check (credential <> ''),
    labels             jsonb       not null default '{}' check (jsonb_typeof(labels) = 'object'),
    found_by           text        not null check (found_by in ('api', 'csv', 'ansible', 'discovery')),
    pinned_key         text,
    presented_key      text,
    status             text        not null check (status in ('new', 'reachable', 'unreachable', 'host-key-changed', 'retired')),
    seen               jsonb,
    seen_at            timestamptz,
    trouble            jsonb,
    skewed             boolean     not null default false,
    updates            jsonb,
    updates_at         timestamptz,
    published          jsonb,
    version            bigint      not null check (version > 0),
    created_at         timestamptz not null,
    -- probing
    probe_at           timestamptz,
    probe_requested_at timestamptz,
    updates_wanted     boolean     not null default false,
    probe_started_at   timestamptz,
    probe_lease_until  timestamptz,
    probed_at          timestamptz,

    constraint reachable_means_seen check (status <> 'reachable' or (seen is not null and pinned_key is not null)),
    constraint seen_has_a_time check ((seen is null) = (seen_at is null)),
    constraint updates_have_a_time check ((updates is null) = (updates_at is null)),
    constraint changed_key_is_known check (status <> 'host-key-changed' or pinned_key is not null),
    constraint retired_is_left_alone check (status <> 'retired' or probe_at is null)
);

-- retired hosts keep their row, and give their name and address free
create unique index host_name on host (name_key) where status <> 'retired';
create unique index host_address on host (address, port) where status <> 'retired';
-- list pages; those of all that are not retired follow host_name
create index host_page_of_status on host (status, name_key, id);
-- what is due
create index host_due on host (probe_at) where probe_at is not null;

-- products found, for lists by product; a mirror of host.seen
create table host_component (
    host_id  uuid not null references host (id),
    product  text not null,
    version  text not null,
    variant  text not null,
    name_key text collate "C" not null,
    primary key (host_id, product)
);

create index host_component_page on host_component (product, name_key, host_id);

create table host_facts (
    host_id     uuid        not null references host (id),
    seq         bigint      generated always as identity,
    observed_at timestamptz not null,
    facts       jsonb       not null,
    changes     jsonb       not null,
    primary key (host_id, seq)
);

create index host_facts_age on host_facts (observed_at);

create table deployment (
    id       uuid primary key,
    name     text   not null check (name <> ''),
    name_key text collate "C" generated always as (lower(name)) stored,
    product  text   not null check (product in (
        'keeper-connection-manager', 'pcoip-connection-manager', 'pcoip-license-server', 'igel-ums', 'parallels-secure-workspace')),
    settings jsonb  not null default '{}' check (jsonb_typeof(settings) = 'object'),
    retired  boolean not null default false,
    version  bigint not null check (version > 0),
    created_at timestamptz not null,
    unique (id, product, retired),
    -- C3
    constraint cloud_has_the_gateway check (
        product <> 'pcoip-connection-manager' or settings ->> 'location' is distinct from 'cloud'
        or settings ->> 'securityGateway' is not distinct from 'on')
);

create unique index deployment_name on deployment (name_key) where not retired;
create index deployment_page_of_product on deployment (product, name_key, id) where not retired;

create table deployment_member (
    deployment_id uuid not null,
    product       text not null,
    retired       boolean not null,
    position      int  not null check (position >= 0),
    host_id       uuid not null references host (id),
    role          text not null check (role <> ''),
    primary key (deployment_id, host_id),
    unique (deployment_id, position) deferrable initially deferred,
    foreign key (deployment_id, product, retired) references deployment (id, product, retired) on update cascade
);

-- two deployments of one product on one host would be upgraded by two runs
create unique index member_once_a_product on deployment_member (host_id, product) where not retired;
