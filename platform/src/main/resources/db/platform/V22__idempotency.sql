-- The first answer to each Idempotency-Key, written in the transaction of the creation it answers.
CREATE TABLE idempotency (
    actor      text        NOT NULL,
    key        text        NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request    bytea       NOT NULL CHECK (length(request) = 32), -- SHA-256 of method, path and body
    status     integer     NOT NULL CHECK (status BETWEEN 200 AND 499),
    headers    json        NOT NULL,
    body       text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (actor, key)
);

CREATE INDEX idempotency_created_at ON idempotency (created_at);
