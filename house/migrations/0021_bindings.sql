-- What somebody is known by when another one vouches for them: a card of an authority, or a name at an issuer of OIDC
-- (R-69). A binding that was removed stays, so that nobody else gets its name for a year (IA-4).
CREATE TABLE binding (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    means TEXT NOT NULL CHECK (means IN ('card', 'federation')),
    issuer TEXT NOT NULL,
    subject_digest {blob} NOT NULL,
    sealed_subject {blob} NOT NULL,
    approval_id TEXT,
    added_at BIGINT NOT NULL,
    used_at BIGINT,
    removed_at BIGINT
);
CREATE UNIQUE INDEX binding_of_subject ON binding (means, issuer, subject_digest) WHERE removed_at IS NULL;
CREATE INDEX binding_of_person ON binding (person_id);
CREATE INDEX binding_of_past ON binding (subject_digest, removed_at);

-- Which binding opened a session, and what its issuer calls that session: so that both can be ended from outside.
ALTER TABLE session ADD COLUMN binding_id TEXT;
ALTER TABLE session ADD COLUMN outside_digest {blob};
CREATE INDEX session_of_binding ON session (binding_id) WHERE ended_at IS NULL;
