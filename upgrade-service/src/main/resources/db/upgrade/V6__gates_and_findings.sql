-- A gate waits for a person; what a step found out is kept for the events and for the steps after it.
ALTER TABLE run_step ADD COLUMN findings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(findings) = 'object');
ALTER TABLE run_step DROP CONSTRAINT run_step_status_check;
ALTER TABLE run_step ADD CONSTRAINT run_step_status_check
    CHECK (status IN ('pending', 'waiting', 'running', 'succeeded', 'failed', 'skipped'));
ALTER TABLE run_step ADD CONSTRAINT waiting_has_a_time CHECK (status <> 'waiting' OR (since IS NOT NULL AND attempt > 0));
