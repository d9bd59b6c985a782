-- A run that has ended is sealed: what is stored of it can no longer be changed unseen.
CREATE TABLE trace_key (
    key_id        text        PRIMARY KEY,
    public_key    text        NOT NULL,
    first_used_at timestamptz NOT NULL
);
COMMENT ON COLUMN trace_key.public_key IS 'Ed25519, X.509 form, Base64; kept for ever, so that old traces can be checked';

CREATE TABLE run_trace (
    run_id    uuid        PRIMARY KEY REFERENCES run (id),
    head      text        NOT NULL,
    seal      text        NOT NULL,
    key_id    text        NOT NULL REFERENCES trace_key (key_id),
    events    bigint      NOT NULL CHECK (events >= 0),
    breaches  jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(breaches) = 'array'),
    sealed_at timestamptz NOT NULL
);
COMMENT ON COLUMN run_trace.breaches IS 'of the procedure''s invariants, found when the run ended: a defect of Interlock';

-- What other services tell, as far as interlocks need it: copies that can be built again from their topics.
CREATE TABLE agent_view (
    agent_id          uuid PRIMARY KEY,
    name              text NOT NULL,
    license_server_id uuid NOT NULL,
    ever_licensed     boolean NOT NULL,
    last_success_at   timestamptz,
    grace_ends_at     timestamptz,
    expired           boolean NOT NULL
);
CREATE INDEX agent_view_by_server ON agent_view (license_server_id);
-- Of a million agents few are in trouble, and only these are looked at.
CREATE INDEX agent_view_at_risk ON agent_view (license_server_id, name)
    WHERE NOT ever_licensed OR expired OR grace_ends_at IS NOT NULL;

CREATE TABLE license_server_view (
    license_server_id uuid PRIMARY KEY,
    name              text NOT NULL,
    kind              text NOT NULL,
    address           text
);

CREATE TABLE license_total_view (
    license_server_id uuid        NOT NULL,
    activation_code   text        NOT NULL,
    feature           text        NOT NULL,
    total             integer     NOT NULL CHECK (total >= 0),
    expires_at        timestamptz,
    changed_at        timestamptz NOT NULL,
    PRIMARY KEY (license_server_id, activation_code)
);
COMMENT ON COLUMN license_total_view.changed_at IS 'older news that comes later changes nothing';

-- An approver's word to go on although these would be refused: it holds for this very plan and for these very agents.
CREATE TABLE acknowledgement (
    id          uuid        PRIMARY KEY,
    plan_id     uuid        NOT NULL REFERENCES plan (id),
    plan_hash   text        NOT NULL,
    rule        text        NOT NULL,
    subjects    jsonb       NOT NULL CHECK (jsonb_typeof(subjects) = 'array'),
    reason      text        NOT NULL CHECK (reason <> ''),
    given_by    text        NOT NULL,
    given_at    timestamptz NOT NULL
);
CREATE INDEX acknowledgement_by_plan ON acknowledgement (plan_id, given_at);

CREATE FUNCTION acknowledgement_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM plan p WHERE p.id = NEW.plan_id AND (p.planned_by = NEW.given_by OR p.hash <> NEW.plan_hash)) THEN
        RAISE EXCEPTION 'a plan''s own maker cannot acknowledge it, nor can anybody another plan''s hash';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER acknowledgement_by_another BEFORE INSERT ON acknowledgement
    FOR EACH ROW EXECUTE FUNCTION acknowledgement_by_another();
CREATE FUNCTION acknowledgement_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an acknowledgement cannot be rewritten';
END
$$;
CREATE TRIGGER acknowledgement_stands BEFORE UPDATE OR DELETE ON acknowledgement
    FOR EACH ROW EXECUTE FUNCTION acknowledgement_stands();
