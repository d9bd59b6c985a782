-- Events wait here from the commit of what they tell of until Kafka has them. Columns as Debezium's outbox event router
-- wants them: aggregatetype is the whole topic name (route.topic.replacement=${routedByValue}), aggregateid the record
-- key, a null payload a tombstone (route.tombstone.on.empty.payload=true).
CREATE TABLE outbox (
    seq           bigserial   PRIMARY KEY,
    id            uuid        NOT NULL,
    aggregatetype text        NOT NULL CHECK (aggregatetype <> ''),
    aggregateid   text        NOT NULL CHECK (aggregateid <> ''),
    type          text        NOT NULL CHECK (type <> ''),
    payload       jsonb,
    occurred_at   timestamptz NOT NULL,
    source        text        NOT NULL CHECK (source <> ''),
    dataschema    text,
    traceparent   text
)
-- a queue: as many deletes as inserts, so it must be vacuumed by the number of dead rows, not by a share of the live ones
WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
      autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000,
      autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000);

COMMENT ON TABLE outbox IS 'events on their way to Kafka, in the layout of Debezium''s outbox event router';
COMMENT ON COLUMN outbox.seq IS 'for one aggregate in the order of the commits';

-- Wakes the relay, but only one that sleeps: a NOTIFY takes a lock on the whole cluster during the commit, and under load,
-- when the relay is busy anyway, that would put all commits in a row. A sleeping relay holds the advisory lock (see
-- OutboxRelay) exclusively; having got it, it looks once more, and sees what was written by those who did not notify.
CREATE FUNCTION outbox_wake_relay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock_shared(1229737794, 2) THEN
        PERFORM pg_notify('interlock_outbox', '');
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER outbox_wake_relay AFTER INSERT ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION outbox_wake_relay();

-- Which consumer has had which event; written in the transaction of the effect.
CREATE TABLE inbox (
    consumer text        NOT NULL CHECK (consumer <> ''),
    event_id uuid        NOT NULL,
    seen_at  timestamptz NOT NULL,
    PRIMARY KEY (consumer, event_id)
);

CREATE INDEX inbox_seen_at ON inbox USING brin (seen_at);

-- db-scheduler's table: timers and durable work.
CREATE TABLE scheduled_tasks (
    task_name            text        NOT NULL,
    task_instance        text        NOT NULL,
    task_data            bytea,
    execution_time       timestamptz NOT NULL,
    picked               boolean     NOT NULL,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint      NOT NULL,
    priority             smallint,
    PRIMARY KEY (task_name, task_instance)
);

CREATE INDEX scheduled_tasks_execution_time ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_last_heartbeat ON scheduled_tasks (last_heartbeat);
