-- What senders say about how they report, and how much of what is needed their reports hold.
-- Moments are microseconds UTC; a state that began is a nullable moment. Columns are described in columns.toml.

-- A version is a draft, then submitted, then approved, then superseded. What was submitted never changes: whoever
-- approves it approves what they read. The contact in it may name a person, so it is sealed.
CREATE TABLE sender_profile (
    provider_id TEXT NOT NULL REFERENCES provider (id),
    version BIGINT NOT NULL,
    sealed_content {blob} NOT NULL,
    saved_at BIGINT NOT NULL,
    saved_by TEXT NOT NULL,
    submitted_at BIGINT,
    submitted_by TEXT,
    approved_at BIGINT,
    approved_by TEXT,
    superseded_at BIGINT,
    PRIMARY KEY (provider_id, version),
    CHECK ((submitted_at IS NULL) = (submitted_by IS NULL)),
    CHECK ((approved_at IS NULL) = (approved_by IS NULL)),
    CHECK (approved_at IS NULL OR submitted_at IS NOT NULL),
    CHECK (superseded_at IS NULL OR submitted_at IS NOT NULL)
);
-- At most one is in force, so that a finish can stamp it with one expression.
CREATE UNIQUE INDEX sender_profile_in_force ON sender_profile (provider_id)
    WHERE approved_at IS NOT NULL AND superseded_at IS NULL;
CREATE INDEX sender_profile_waiting ON sender_profile (submitted_at)
    WHERE submitted_at IS NOT NULL AND approved_at IS NULL AND superseded_at IS NULL;

-- The version in force when the report was finished; empty when there was none.
ALTER TABLE report ADD COLUMN sender_profile BIGINT;

-- One row a report, with copies of what its sender's weeks are counted by.
CREATE TABLE quality (
    report_id BIGINT NOT NULL PRIMARY KEY REFERENCES report (id),
    provider_id TEXT NOT NULL,
    week BIGINT NOT NULL,
    score BIGINT NOT NULL CHECK (score >= 0 AND score <= 100),
    lacks TEXT NOT NULL,
    rule_set TEXT NOT NULL,
    judged_at BIGINT NOT NULL
);
CREATE INDEX quality_of_week ON quality (provider_id, week, report_id, score);

-- The words of the rules that judged, once for each rule set: a reason reads as it did when it was found.
CREATE TABLE quality_rule (
    rule_set TEXT NOT NULL,
    rule TEXT NOT NULL,
    effective_from TEXT NOT NULL,
    field TEXT NOT NULL,
    weight BIGINT NOT NULL,
    says TEXT NOT NULL,
    why TEXT NOT NULL,
    fix TEXT NOT NULL,
    PRIMARY KEY (rule_set, rule, effective_from)
);
