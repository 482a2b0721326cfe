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

-- A key that a person signs in with. `stored` is its public half, as the checking library writes it.
CREATE TABLE passkey (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    site TEXT NOT NULL,
    credential {blob} NOT NULL,
    sealed_name {blob} NOT NULL,
    stored TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    aaguid TEXT,
    attested TEXT NOT NULL CHECK (attested IN ('no', 'stated', 'proved')),
    syncable BIGINT NOT NULL CHECK (syncable IN (0, 1)),
    backed_up BIGINT NOT NULL CHECK (backed_up IN (0, 1)),
    counter BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    used_at BIGINT,
    removed_at BIGINT
);
CREATE UNIQUE INDEX passkey_of_credential ON passkey (site, credential);
CREATE INDEX passkey_of_person ON passkey (person_id) WHERE removed_at IS NULL;

-- A challenge is answered once. Whoever asks for one leaves no row: it travels sealed, and its name stands here from
-- the answer until its minutes are over.
CREATE TABLE spent_challenge (
    digest {blob} NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX spent_challenge_by_end ON spent_challenge (expires_at);

-- Wrong answers in a row of a person's keys, and the lock that only an administrator takes away (AC-7).
CREATE TABLE sign_in_guard (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
    wrong BIGINT NOT NULL,
    wrong_at BIGINT NOT NULL,
    locked_at BIGINT
);

-- Which models of keys a home takes; a home without a row takes every model.
CREATE TABLE accepted_model (
    home TEXT NOT NULL,
    aaguid TEXT NOT NULL,
    name TEXT NOT NULL,
    fips BIGINT NOT NULL CHECK (fips IN (0, 1)),
    root_pem TEXT,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (home, aaguid)
);
