-- The nouns: who submits, who receives, what was submitted, what became of it.
-- Moments are microseconds UTC; a state that began is a nullable moment. Columns are described in columns.toml.

-- The next number that no process has reserved.
CREATE TABLE report_number (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    next BIGINT NOT NULL
);
INSERT INTO report_number (one, next) VALUES (1, 1000001);

CREATE TABLE provider (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    disabled_at BIGINT
);

CREATE TABLE credential (
    id TEXT NOT NULL PRIMARY KEY,
    provider_id TEXT NOT NULL REFERENCES provider (id),
    username TEXT NOT NULL UNIQUE,
    secret_digest {blob} NOT NULL,
    may_submit BIGINT NOT NULL CHECK (may_submit IN (0, 1)),
    may_update BIGINT NOT NULL CHECK (may_update IN (0, 1)),
    added_at BIGINT NOT NULL,
    disabled_at BIGINT
);

-- What qualifies an agency is known whole or not at all (R-21).
CREATE TABLE agency (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    class TEXT NOT NULL CHECK (class IN ('FEDERAL', 'STATE', 'LOCAL', 'TRIBAL', 'FOREIGN')),
    relationship TEXT CHECK (relationship IN ('designated', 'fbi', 'ice', 'interpol')),
    state TEXT,
    qualifying_fact TEXT,
    verified_by TEXT,
    evidence TEXT,
    qualified_until BIGINT,
    changed_at BIGINT NOT NULL,
    disabled_at BIGINT,
    CHECK ((qualifying_fact IS NULL) = (verified_by IS NULL) AND (qualifying_fact IS NULL) = (evidence IS NULL))
);

CREATE TABLE agency_client (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    token_digest {blob} NOT NULL UNIQUE,
    added_at BIGINT NOT NULL,
    disabled_at BIGINT
);

CREATE TABLE person (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT REFERENCES agency (id),
    role TEXT NOT NULL CHECK (role IN ('commander', 'investigator', 'prosecutor', 'analyst')),
    sealed_name {blob} NOT NULL,
    added_at BIGINT NOT NULL,
    disabled_at BIGINT
);

CREATE TABLE sign_in_link (
    digest {blob} NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE session (
    digest {blob} NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    banner_acknowledged_at BIGINT,
    ended_at BIGINT
);
CREATE INDEX session_of_person ON session (person_id) WHERE ended_at IS NULL;

-- Open reports have an hour at which they expire; finished ones wait until they are delivered (R-13, R-20).
CREATE TABLE report (
    id BIGINT NOT NULL PRIMARY KEY,
    provider_id TEXT NOT NULL REFERENCES provider (id),
    credential_id TEXT NOT NULL REFERENCES credential (id),
    stage TEXT NOT NULL CHECK (stage IN ('open', 'finished', 'sealed', 'enriched', 'correlated', 'triaged', 'routed',
        'available', 'retained', 'destroyed', 'retracted', 'expired')),
    incident_type TEXT NOT NULL,
    urgent BIGINT NOT NULL CHECK (urgent IN (0, 1)),
    priority TEXT CHECK (priority IN ('immediate', 'urgent', 'elevated', 'routine', 'informational')),
    documents BIGINT NOT NULL,
    files BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    expires_at BIGINT,
    closed_at BIGINT,
    finished_at BIGINT,
    preserve_until BIGINT,
    submission_sha256 {blob},
    undelivered_since BIGINT,
    CHECK ((stage = 'open') = (expires_at IS NOT NULL)),
    CHECK ((stage IN ('retracted', 'expired')) = (closed_at IS NOT NULL)),
    CHECK ((stage IN ('open', 'retracted', 'expired')) = (finished_at IS NULL)),
    CHECK ((finished_at IS NULL) = (preserve_until IS NULL)),
    CHECK ((finished_at IS NULL) = (submission_sha256 IS NULL)),
    CHECK ((stage IN ('finished', 'sealed', 'enriched', 'correlated', 'triaged', 'routed'))
        = (undelivered_since IS NOT NULL))
);
CREATE INDEX report_expires ON report (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX report_undelivered ON report (undelivered_since) WHERE undelivered_since IS NOT NULL;

-- Exactly what came, and how we read it. Nothing is overwritten: a later statement supersedes an earlier one.
CREATE TABLE document (
    report_id BIGINT NOT NULL REFERENCES report (id),
    position BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('report', 'file-details')),
    file_id TEXT,
    received_at BIGINT NOT NULL,
    superseded_at BIGINT,
    size_bytes BIGINT NOT NULL,
    sha256 {blob} NOT NULL,
    sealed_content_type {blob} NOT NULL,
    sealed_body {blob} NOT NULL,
    sealed_reading {blob} NOT NULL,
    PRIMARY KEY (report_id, position),
    CHECK ((kind = 'file-details') = (file_id IS NOT NULL))
);

-- The three answers stand here too, because the gate must read them without opening anything (R-14).
CREATE TABLE evidence (
    report_id BIGINT NOT NULL REFERENCES report (id),
    file_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,
    md5 {blob} NOT NULL,
    sha1 {blob} NOT NULL,
    sha256 {blob} NOT NULL,
    location TEXT,
    viewed TEXT NOT NULL CHECK (viewed IN ('Yes', 'No', 'Unknown')),
    exif_viewed TEXT NOT NULL CHECK (exif_viewed IN ('Yes', 'No', 'Unknown')),
    publicly_available TEXT NOT NULL CHECK (publicly_available IN ('Yes', 'No', 'Unknown')),
    statement BIGINT,
    sealed_upload {blob} NOT NULL,
    PRIMARY KEY (report_id, file_id)
);
CREATE INDEX evidence_by_digest ON evidence (sha256, report_id);

CREATE TABLE finding (
    report_id BIGINT NOT NULL REFERENCES report (id),
    position BIGINT NOT NULL,
    enricher TEXT NOT NULL,
    dataset TEXT NOT NULL,
    as_of TEXT NOT NULL,
    found_at BIGINT NOT NULL,
    sealed_answers {blob} NOT NULL,
    PRIMARY KEY (report_id, position)
);

-- What identifies people, accounts and files: the values sealed in one piece, and a keyed digest of each to find
-- other reports by.
CREATE TABLE selector_list (
    report_id BIGINT NOT NULL PRIMARY KEY REFERENCES report (id),
    recorded_at BIGINT NOT NULL,
    sealed_selectors {blob} NOT NULL
);
CREATE TABLE selector (
    report_id BIGINT NOT NULL REFERENCES report (id),
    digest {blob} NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (report_id, digest)
);
CREATE INDEX selector_by_digest ON selector (digest, report_id, kind);

CREATE TABLE link (
    report_id BIGINT NOT NULL REFERENCES report (id),
    other_id BIGINT NOT NULL REFERENCES report (id),
    kind TEXT NOT NULL,
    shared BIGINT NOT NULL,
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (report_id, other_id, kind),
    CHECK (report_id <> other_id)
);
CREATE INDEX link_by_other ON link (other_id, report_id);

CREATE TABLE triage (
    report_id BIGINT NOT NULL REFERENCES report (id),
    position BIGINT NOT NULL,
    priority TEXT NOT NULL CHECK (priority IN ('immediate', 'urgent', 'elevated', 'routine', 'informational')),
    rule_set TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    reasons TEXT NOT NULL,
    sealed_facts {blob} NOT NULL,
    PRIMARY KEY (report_id, position)
);

CREATE TABLE route (
    report_id BIGINT NOT NULL REFERENCES report (id),
    position BIGINT NOT NULL,
    rule_set TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    sealed_facts {blob} NOT NULL,
    sealed_decision {blob} NOT NULL,
    PRIMARY KEY (report_id, position)
);

-- One making-available, named by its leaf in the ledger. Exactly one basis code of the closed list, or no row (R-24).
-- What an inbox sorts and filters by is copied here, so that one index serves one question.
CREATE TABLE delivery (
    leaf_id {blob} NOT NULL PRIMARY KEY,
    report_id BIGINT NOT NULL REFERENCES report (id),
    agency_id TEXT NOT NULL REFERENCES agency (id),
    basis TEXT NOT NULL CHECK (basis IN ('C1-FED', 'C2-STATE', 'C2-LOCAL', 'C3-FOR-DESIG', 'C3-FOR-FBI', 'C3-FOR-ICE',
        'C3-FOR-INTERPOL', 'G3A-DESIG', 'G3A-INVOLVED', 'G3B-STATE', 'G3B-LOCAL', 'G3B-TRIBAL', 'G3E-PROCESS')),
    channel TEXT NOT NULL CHECK (channel IN ('portal', 'offline-media', 'mail')),
    rule TEXT NOT NULL,
    says TEXT NOT NULL,
    rule_set TEXT NOT NULL,
    available_at BIGINT NOT NULL,
    urgency BIGINT NOT NULL CHECK (urgency BETWEEN 1 AND 5),
    received_at BIGINT NOT NULL,
    provider_id TEXT NOT NULL REFERENCES provider (id),
    incident_type TEXT NOT NULL,
    files BIGINT NOT NULL,
    UNIQUE (report_id, agency_id)
);
CREATE INDEX delivery_inbox ON delivery (agency_id, urgency, received_at, report_id);
-- The last column lets a question with both filters pass over rows without fetching them.
CREATE INDEX delivery_inbox_provider
    ON delivery (agency_id, provider_id, urgency, received_at, report_id, incident_type);
CREATE INDEX delivery_inbox_incident
    ON delivery (agency_id, incident_type, urgency, received_at, report_id, provider_id);

-- The feed of each agency, in the order of the ledger, so that no reader ever skips a delivery.
CREATE TABLE feed_entry (
    agency_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    leaf_id {blob} NOT NULL,
    PRIMARY KEY (agency_id, position)
);

CREATE TABLE retention (
    report_id BIGINT NOT NULL PRIMARY KEY REFERENCES report (id),
    rule_set TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    clocks TEXT NOT NULL
);
CREATE INDEX retention_next ON retention (next_at);
