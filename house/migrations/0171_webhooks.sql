-- Where an agency's own system wants to be told that there is something new in its feed. What is told holds no content:
-- whoever was away reads the feed. `told` is the place of the feed up to which the receiver was told.
CREATE TABLE webhook (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    told BIGINT NOT NULL,
    asked BIGINT NOT NULL CHECK (asked IN (0, 1)),
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    failing_since BIGINT,
    last_at BIGINT,
    last_answer TEXT,
    former_until BIGINT,
    removed_at BIGINT,
    removed_by TEXT,
    sealed_target {blob} NOT NULL,
    CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);
CREATE INDEX webhook_of_agency ON webhook (agency_id, added_at);
CREATE INDEX webhook_due ON webhook (due_at) WHERE removed_at IS NULL;

-- Where somebody of an agency is written to, and about what; a message holds no content either.
CREATE TABLE message_wish (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
    agency_id TEXT NOT NULL REFERENCES agency (id),
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    wants_new BIGINT NOT NULL CHECK (wants_new IN (0, 1)),
    new_since BIGINT,
    told_at BIGINT,
    sealed_address {blob} NOT NULL
);
CREATE INDEX message_wish_of_agency ON message_wish (agency_id) WHERE wants_new = 1;
CREATE INDEX message_wish_waiting ON message_wish (new_since) WHERE new_since IS NOT NULL;

-- Who of an agency is called first when a child may be in danger now, who after that, and on which days.
CREATE TABLE oncall_step (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    place BIGINT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    minutes BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    removed_at BIGINT,
    removed_by TEXT,
    CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);
CREATE INDEX oncall_step_of_agency ON oncall_step (agency_id, place, from_at);

-- One report of the highest priority for which somebody is called until somebody says that they have it.
CREATE TABLE oncall_call (
    agency_id TEXT NOT NULL REFERENCES agency (id),
    report_id BIGINT NOT NULL REFERENCES report (id),
    raised_at BIGINT NOT NULL,
    place BIGINT NOT NULL,
    rounds BIGINT NOT NULL,
    called TEXT,
    next_at BIGINT,
    answered_at BIGINT,
    answered_by TEXT,
    PRIMARY KEY (agency_id, report_id),
    CHECK ((answered_at IS NULL) = (answered_by IS NULL))
);
CREATE INDEX oncall_call_due ON oncall_call (next_at) WHERE next_at IS NOT NULL;

-- Messages that wait for a mail server.
CREATE TABLE message (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('immediate', 'new', 'test')),
    made_at BIGINT NOT NULL,
    due_at BIGINT,
    attempts BIGINT NOT NULL,
    sent_at BIGINT,
    given_up_at BIGINT,
    last_error TEXT
);
CREATE INDEX message_due ON message (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX message_of_agency ON message (agency_id, made_at);

-- A token of an agency's system that opens nothing without the certificate for which it was issued.
CREATE TABLE agency_client_certificate (
    client_id TEXT NOT NULL PRIMARY KEY REFERENCES agency_client (id),
    sha256 {blob} NOT NULL,
    bound_at BIGINT NOT NULL,
    bound_by TEXT NOT NULL
);
