-- Who did what, as a chain: each row's hash covers its content and the hash before it, so that no row can be changed or taken out
-- unnoticed. Rows are appended one after another under an advisory lock; see JdbcAuditLog.
CREATE TABLE audit_log (
    seq           bigint      PRIMARY KEY CHECK (seq > 0),
    at            timestamptz NOT NULL,
    actor         text        NOT NULL CHECK (actor <> ''),
    roles         text[]      NOT NULL,
    action        text        NOT NULL CHECK (action ~ '^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$'),
    subject       text        NOT NULL,
    outcome       text        NOT NULL CHECK (outcome IN ('done', 'denied', 'refused', 'failed')),
    detail        json        NOT NULL, -- json, not jsonb: the hash covers the text as it was written
    trace         text,
    previous_hash bytea       NOT NULL CHECK (length(previous_hash) = 32),
    hash          bytea       NOT NULL CHECK (length(hash) = 32)
);

CREATE INDEX audit_log_actor ON audit_log (actor, seq);
CREATE INDEX audit_log_action ON audit_log (action, seq);

CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_log is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER audit_log_rows BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION audit_log_is_append_only();

CREATE TRIGGER audit_log_truncate BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only();
