-- What vendors have published.
CREATE TABLE release (
    product      text        NOT NULL CHECK (product <> ''),
    version      text        NOT NULL CHECK (version ~ '^[0-9]+(\.[0-9]+)*$'),
    repository   text        NOT NULL CHECK (repository <> ''),
    packages     jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(packages) = 'object'),
    assumed      boolean     NOT NULL,
    note         text        NOT NULL DEFAULT '',
    registered_by text       NOT NULL,
    registered_at timestamptz NOT NULL,
    PRIMARY KEY (product, version)
);
COMMENT ON COLUMN release.repository IS 'the vendor''s base URL by a name; another one is another major line (K2)';
COMMENT ON COLUMN release.assumed IS 'not read in a vendor''s document';

-- What inventory tells us of hosts and deployments: a copy that can be built again from its topics.
CREATE TABLE host_view (
    host_id uuid  PRIMARY KEY,
    name    text  NOT NULL,
    state   jsonb NOT NULL
);
CREATE TABLE deployment_view (
    deployment_id uuid  PRIMARY KEY,
    name          text  NOT NULL,
    product       text  NOT NULL,
    state         jsonb NOT NULL
);

CREATE TABLE plan (
    id            uuid        PRIMARY KEY,
    deployment_id uuid        NOT NULL,
    deployment    text        NOT NULL,
    product       text        NOT NULL,
    target        text        NOT NULL,
    nodes         integer     NOT NULL CHECK (nodes > 0),
    steps         integer     NOT NULL CHECK (steps > 0),
    content       text        NOT NULL,
    hash          text        NOT NULL CHECK (hash = encode(sha256(convert_to(content, 'UTF8')), 'hex')),
    status        text        NOT NULL CHECK (status IN ('planned', 'approved', 'rejected', 'drifted')),
    planned_by    text        NOT NULL,
    planned_at    timestamptz NOT NULL,
    decided_by    text,
    decided_at    timestamptz,
    comment       text,
    differences   jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(differences) = 'array'),
    version       bigint      NOT NULL DEFAULT 1,
    CONSTRAINT decided_when_not_planned CHECK ((status = 'planned') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
    -- the two-person rule
    CONSTRAINT approved_by_another CHECK (status NOT IN ('approved', 'drifted') OR decided_by <> planned_by),
    CONSTRAINT drift_is_said CHECK (status <> 'drifted' OR differences <> '[]')
);
CREATE INDEX plan_by_time ON plan (planned_at DESC, id DESC);
CREATE INDEX plan_by_deployment ON plan (deployment_id, planned_at DESC, id DESC);

-- A plan is what was approved: nobody rewrites it.
CREATE FUNCTION plan_content_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.content <> OLD.content OR NEW.hash <> OLD.hash OR NEW.planned_by <> OLD.planned_by OR NEW.deployment_id <> OLD.deployment_id THEN
        RAISE EXCEPTION 'a plan cannot be rewritten';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER plan_content_stands BEFORE UPDATE ON plan FOR EACH ROW EXECUTE FUNCTION plan_content_stands();

CREATE TABLE run (
    id            uuid        PRIMARY KEY,
    plan_id       uuid        NOT NULL UNIQUE REFERENCES plan (id),
    deployment_id uuid        NOT NULL,
    status        text        NOT NULL CHECK (status IN ('queued', 'running', 'pausing', 'paused', 'aborting', 'aborted', 'completed', 'failed')),
    cause         text,
    asked_by      text,
    reason        text,
    started_by    text        NOT NULL,
    queued_at     timestamptz NOT NULL,
    started_at    timestamptz,
    ended_at      timestamptz,
    traceparent   text,
    version       bigint      NOT NULL DEFAULT 1,
    last_event    bigint      NOT NULL DEFAULT 0,
    -- who carries it out, and until when that counts; the epoch fences off those before
    owner         text,
    epoch         bigint      NOT NULL DEFAULT 0,
    lease_until   timestamptz,
    CONSTRAINT ended_when_over CHECK ((status IN ('aborted', 'completed', 'failed')) = (ended_at IS NOT NULL)),
    CONSTRAINT pause_has_a_reason CHECK (status NOT IN ('pausing', 'paused', 'aborting', 'aborted', 'failed') OR (cause IS NOT NULL AND asked_by IS NOT NULL AND reason IS NOT NULL))
);
-- One run a deployment.
CREATE UNIQUE INDEX one_run_a_deployment ON run (deployment_id) WHERE status IN ('queued', 'running', 'pausing', 'paused', 'aborting');
CREATE INDEX run_to_be_carried ON run (lease_until) WHERE status IN ('queued', 'running', 'pausing', 'aborting');
CREATE INDEX run_by_time ON run (queued_at DESC, id DESC);

CREATE TABLE run_step (
    run_id   uuid        NOT NULL REFERENCES run (id),
    step_id  text        NOT NULL,
    position integer     NOT NULL,
    host_id  uuid        NOT NULL,
    status   text        NOT NULL CHECK (status IN ('pending', 'running', 'succeeded', 'failed', 'skipped')),
    attempt  integer     NOT NULL CHECK (attempt >= 0),
    since    timestamptz,
    deadline timestamptz,
    ended_at timestamptz,
    failure  text,
    sentence text,
    next     text,
    skipped_by text,
    skip_reason text,
    checks   jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(checks) = 'array'),
    PRIMARY KEY (run_id, step_id),
    -- nothing is in progress for ever
    CONSTRAINT running_has_a_deadline CHECK (status <> 'running' OR (since IS NOT NULL AND deadline IS NOT NULL AND attempt > 0)),
    CONSTRAINT ended_has_a_time CHECK (status NOT IN ('succeeded', 'failed', 'skipped') OR ended_at IS NOT NULL),
    CONSTRAINT failed_says_why CHECK (status <> 'failed' OR (failure IS NOT NULL AND sentence IS NOT NULL AND next IS NOT NULL)),
    CONSTRAINT skipped_says_why CHECK (status <> 'skipped' OR (skipped_by IS NOT NULL AND skip_reason IS NOT NULL))
);

CREATE TABLE run_attempt (
    run_id     uuid        NOT NULL,
    step_id    text        NOT NULL,
    attempt    integer     NOT NULL CHECK (attempt > 0),
    begun_at   timestamptz NOT NULL,
    ended_at   timestamptz,
    outcome    text        CHECK (outcome IN ('succeeded', 'failed')),
    reason     text,
    output     text        NOT NULL DEFAULT '' CHECK (length(output) <= 40000),
    phases     jsonb       NOT NULL DEFAULT '{}',
    carried_by text        NOT NULL,
    -- how often somebody took it up, after the one before had died
    taken_up   integer     NOT NULL DEFAULT 1,
    PRIMARY KEY (run_id, step_id, attempt),
    FOREIGN KEY (run_id, step_id) REFERENCES run_step (run_id, step_id)
);

CREATE TABLE run_event (
    run_id uuid        NOT NULL REFERENCES run (id),
    seq    bigint      NOT NULL CHECK (seq > 0),
    type   text        NOT NULL,
    data   jsonb       NOT NULL,
    at     timestamptz NOT NULL,
    PRIMARY KEY (run_id, seq)
);
