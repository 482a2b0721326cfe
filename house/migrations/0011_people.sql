-- How long an account holds, what a person is, and how somebody becomes one (R-67, R-71).
ALTER TABLE person ADD COLUMN entered_at BIGINT;
ALTER TABLE person ADD COLUMN attested_until BIGINT;
ALTER TABLE person ADD COLUMN trained_until BIGINT;
ALTER TABLE person ADD COLUMN temporary_until BIGINT;
ALTER TABLE person ADD COLUMN disabled_because TEXT;
ALTER TABLE person ADD COLUMN mail_digest {blob};
-- One human has one account, so nobody is a security administrator here and an auditor there (AC-5).
CREATE UNIQUE INDEX person_by_mail ON person (mail_digest) WHERE mail_digest IS NOT NULL AND disabled_at IS NULL;
CREATE INDEX person_of_agency ON person (agency_id, id) WHERE agency_id IS NOT NULL;

-- Attributes under their CJIS names (AC-2 d(3)).
CREATE TABLE person_attribute (
    person_id TEXT NOT NULL REFERENCES person (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, name)
);

-- Somebody who was invited and is not a person yet. Codes are kept as digests; what shows who they are, as a digest and
-- a sealed description, never as a copy.
CREATE TABLE invitation (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT REFERENCES agency (id),
    provider_id TEXT REFERENCES provider (id),
    role TEXT NOT NULL,
    sealed_words {blob} NOT NULL,
    mail_digest {blob} NOT NULL,
    invited_by TEXT NOT NULL,
    invited_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    temporary_until BIGINT,
    token_digest {blob} NOT NULL UNIQUE,
    mail_code_digest {blob},
    second_code_digest {blob},
    codes_end_at BIGINT,
    wrong_codes BIGINT NOT NULL DEFAULT 0,
    confirmed_at BIGINT,
    sealed_proof {blob},
    proofed_by TEXT,
    proofed_at BIGINT,
    person_id TEXT REFERENCES person (id),
    withdrawn_at BIGINT,
    CHECK (agency_id IS NULL OR provider_id IS NULL),
    CHECK (person_id IS NULL OR withdrawn_at IS NULL),
    CHECK ((sealed_proof IS NULL) = (proofed_at IS NULL))
);
CREATE INDEX invitation_open ON invitation (invited_at) WHERE person_id IS NULL AND withdrawn_at IS NULL;
