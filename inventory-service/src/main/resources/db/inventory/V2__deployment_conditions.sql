-- What was found out about a deployment: the last list of what its product has registered (G2), and its members' clocks (G5).
create table deployment_condition (
    deployment_id uuid primary key references deployment (id),
    comparison    jsonb,
    unreadable    text,
    skew          jsonb
);

-- Registrations that are no members (G2).
create table orphan (
    deployment_id      uuid        not null references deployment_condition (deployment_id),
    kind               text        not null check (kind in ('server', 'load-balancer', 'console', 'node')),
    orphan_id          text        not null check (orphan_id <> ''),
    registered_name    text        not null check (registered_name <> ''),
    registered_address text,
    registered_version text,
    since              timestamptz not null,
    primary key (deployment_id, kind, orphan_id)
);
