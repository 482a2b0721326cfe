-- Destructions, holds, preservation: what must go, what must stay, who says so. Words are sealed under the house's key,
-- for they outlive the files. Moments are microseconds UTC; how far a destruction has come is told by its moments.

CREATE TABLE destruction (
    id TEXT NOT NULL PRIMARY KEY,
    basis TEXT NOT NULL CHECK (basis IN ('2258D-d2', 'RETENTION', 'SELF_REPORT_WITHDRAWN')),
    agency_id TEXT REFERENCES agency (id),
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    sealed_reason {blob} NOT NULL,
    conflict_at BIGINT,
    refused_at BIGINT,
    accepted_at BIGINT,
    approval_id TEXT,
    accepted_by TEXT,
    seconded_by TEXT,
    due_at BIGINT,
    dropped_at BIGINT,
    epoch BIGINT,
    dead_at BIGINT,
    proved_at BIGINT,
    proof TEXT,
    certified_at BIGINT,
    certificate TEXT,
    CHECK (refused_at IS NULL OR accepted_at IS NULL),
    CHECK ((accepted_at IS NULL) = (due_at IS NULL)),
    CHECK ((dropped_at IS NULL) = (epoch IS NULL)),
    CHECK (accepted_by IS NULL OR accepted_by <> seconded_by),
    CHECK ((certified_at IS NULL) = (certificate IS NULL))
);
CREATE INDEX destruction_at_work ON destruction (accepted_at) WHERE accepted_at IS NOT NULL AND certified_at IS NULL;
CREATE INDEX destruction_waiting ON destruction (asked_at) WHERE accepted_at IS NULL AND refused_at IS NULL;
CREATE INDEX destruction_of_agency ON destruction (agency_id, asked_at);

-- Whom to remind before senders stop preserving (R-46).
CREATE INDEX report_preserve ON report (preserve_until) WHERE preserve_until IS NOT NULL;

-- Each file by name: the ones that were named, and every other copy of the same bytes. The witness is one wrapped key as
-- a backup would hold it; it is tried when the epoch is dead, and then forgotten.
CREATE TABLE destruction_item (
    destruction_id TEXT NOT NULL REFERENCES destruction (id),
    report_id BIGINT NOT NULL,
    file_id TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('named', 'copy')),
    sha256 {blob} NOT NULL,
    size_bytes BIGINT NOT NULL,
    location TEXT,
    dropped_at BIGINT,
    keys BIGINT,
    witness_epoch BIGINT,
    wrapped {blob},
    PRIMARY KEY (destruction_id, report_id, file_id)
);
CREATE INDEX destruction_item_of_file ON destruction_item (report_id, file_id);

-- What must stay: a report, or one file of it. An agency's own, or counsel's.
CREATE TABLE hold (
    id TEXT NOT NULL PRIMARY KEY,
    report_id BIGINT NOT NULL REFERENCES report (id),
    file_id TEXT,
    agency_id TEXT REFERENCES agency (id),
    placed_by TEXT NOT NULL,
    placed_at BIGINT NOT NULL,
    review_at BIGINT NOT NULL,
    sealed_reason {blob} NOT NULL,
    released_by TEXT,
    released_at BIGINT,
    CHECK ((released_by IS NULL) = (released_at IS NULL))
);
CREATE INDEX hold_of_report ON hold (report_id) WHERE released_at IS NULL;
CREATE INDEX hold_review ON hold (review_at) WHERE released_at IS NULL;

-- An agency's own request to a provider under 18 USC 2703(f): ninety days, renewed once, never mixed with the year that
-- a report itself asks for (R-49).
CREATE TABLE preservation_letter (
    id TEXT NOT NULL PRIMARY KEY,
    report_id BIGINT NOT NULL REFERENCES report (id),
    agency_id TEXT NOT NULL REFERENCES agency (id),
    sent_by TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    renewed_at BIGINT,
    sealed_reference {blob} NOT NULL
);
CREATE INDEX preservation_letter_of_report ON preservation_letter (report_id, agency_id);

-- An agency's request that a provider destroys a depiction of its own (R-51).
CREATE TABLE provider_destruction (
    id TEXT NOT NULL PRIMARY KEY,
    report_id BIGINT NOT NULL REFERENCES report (id),
    file_id TEXT NOT NULL,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    provider_id TEXT NOT NULL REFERENCES provider (id),
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    acknowledged_by TEXT,
    acknowledged_at BIGINT,
    CHECK ((acknowledged_by IS NULL) = (acknowledged_at IS NULL)),
    UNIQUE (report_id, file_id, agency_id)
);
CREATE INDEX provider_destruction_open ON provider_destruction (provider_id) WHERE acknowledged_at IS NULL;
