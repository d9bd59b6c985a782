-- Which password was refused where, so that it is not tried again, not even after a restart (L43). Holds nothing of the password:
-- the version is its file's time, size and inode.
CREATE TABLE credential_refusal (
    credential text        NOT NULL CHECK (credential <> ''),
    place      text        NOT NULL CHECK (place <> ''),
    version    text        NOT NULL,
    refused_at timestamptz NOT NULL,
    PRIMARY KEY (credential, place)
);
