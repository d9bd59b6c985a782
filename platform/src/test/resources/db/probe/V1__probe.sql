CREATE TABLE effect (
    seq   bigserial PRIMARY KEY,
    host  uuid      NOT NULL,
    what  text      NOT NULL
);

CREATE TABLE host (
    id      uuid PRIMARY KEY,
    changes integer NOT NULL DEFAULT 0
);
