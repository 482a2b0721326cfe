-- What two people must agree on before it is done.
-- Moments are microseconds UTC; a state that began is a nullable moment. Columns are described in columns.toml.

-- Nobody agrees with themself: the row says so too, whatever asks for it. Which kinds there are and who may what is said
-- once, in the program and its policies.
CREATE TABLE approval (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    sealed_details {blob} NOT NULL,
    asked_by TEXT NOT NULL REFERENCES person (id),
    asked_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    outcome TEXT CHECK (outcome IN ('approved', 'refused', 'withdrawn')),
    decided_by TEXT REFERENCES person (id),
    decided_at BIGINT,
    sealed_reason {blob},
    spent_at BIGINT,
    CHECK ((outcome IS NULL) = (decided_by IS NULL) AND (outcome IS NULL) = (decided_at IS NULL)),
    CHECK (outcome IS NULL OR (outcome = 'withdrawn') = (decided_by = asked_by)),
    CHECK (spent_at IS NULL OR outcome = 'approved')
);
-- Whatever waits for a second person, the oldest first.
CREATE INDEX approval_open ON approval (asked_at) WHERE outcome IS NULL;
CREATE INDEX approval_of_subject ON approval (subject, kind);
