-- What a session stands on: by what means, how sure, and when its person was last seen to be themself (R-69, R-70).
-- `id` stays the same when the secret is replaced; sessions from before have none and end with their hours.
ALTER TABLE session ADD COLUMN id TEXT;
ALTER TABLE session ADD COLUMN means TEXT NOT NULL DEFAULT 'link';
ALTER TABLE session ADD COLUMN assurance TEXT NOT NULL DEFAULT 'aal1';
ALTER TABLE session ADD COLUMN verified_at BIGINT;
ALTER TABLE session ADD COLUMN locked_at BIGINT;
ALTER TABLE session ADD COLUMN sealed_client {blob};

-- A ticket lets its person enrol a key, once and for a limited time. Issuing another one voids it.
CREATE TABLE enrolment (
    digest {blob} NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    cause TEXT NOT NULL CHECK (cause IN ('first', 'recovery')),
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    spent_at BIGINT,
    voided_at BIGINT
);
CREATE INDEX enrolment_of_person ON enrolment (person_id);
