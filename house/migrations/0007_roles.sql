-- Which roles there are is said once, in the program; rows only say that a provider's people have a provider's role.
-- A CHECK cannot be altered on every engine, so the table and those that lean on it are made anew, as in 0006.
CREATE TABLE person_next (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT REFERENCES agency (id),
    provider_id TEXT REFERENCES provider (id),
    role TEXT NOT NULL,
    sealed_name {blob} NOT NULL,
    added_at BIGINT NOT NULL,
    disabled_at BIGINT,
    CHECK (agency_id IS NULL OR provider_id IS NULL),
    CHECK ((role IN ('provider-reporter', 'provider-admin')) = (provider_id IS NOT NULL))
);
INSERT INTO person_next (id, agency_id, provider_id, role, sealed_name, added_at, disabled_at)
    SELECT id, agency_id, provider_id, role, sealed_name, added_at, disabled_at FROM person;

CREATE TABLE sign_in_link_next (
    digest {blob} NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person_next (id),
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
INSERT INTO sign_in_link_next (digest, person_id, issued_at, expires_at)
    SELECT digest, person_id, issued_at, expires_at FROM sign_in_link;

CREATE TABLE session_next (
    digest {blob} NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person_next (id),
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    banner_acknowledged_at BIGINT,
    ended_at BIGINT
);
INSERT INTO session_next (digest, person_id, started_at, seen_at, banner_acknowledged_at, ended_at)
    SELECT digest, person_id, started_at, seen_at, banner_acknowledged_at, ended_at FROM session;

DROP TABLE session;
DROP TABLE sign_in_link;
DROP TABLE person;
-- Renaming carries the references along on both engines.
ALTER TABLE person_next RENAME TO person;
ALTER TABLE sign_in_link_next RENAME TO sign_in_link;
ALTER TABLE session_next RENAME TO session;
CREATE INDEX session_of_person ON session (person_id) WHERE ended_at IS NULL;
