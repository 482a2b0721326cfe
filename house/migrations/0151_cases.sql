-- An agency's cases. A case has a number from the same sequence as reports and a key of its own under that number, so
-- that its words can be destroyed apart from any report's. Whatever somebody wrote stays as a version.
CREATE TABLE casefile (
    number BIGINT NOT NULL PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    opened_by TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    shared_at BIGINT,
    closed_at BIGINT,
    closed_by TEXT,
    reason TEXT,
    reopened_at BIGINT,
    CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
    CHECK ((closed_at IS NULL) = (reason IS NULL))
);
CREATE INDEX casefile_open ON casefile (agency_id, changed_at, number) WHERE closed_at IS NULL;
CREATE INDEX casefile_closed ON casefile (agency_id, changed_at, number) WHERE closed_at IS NOT NULL;

-- Who of the agency reaches it (R-36). The newest row of a person counts.
CREATE TABLE case_member (
    number BIGINT NOT NULL REFERENCES casefile (number),
    person_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('reads', 'works', 'leads')),
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    removed_by TEXT,
    removed_at BIGINT,
    sealed_need {blob} NOT NULL,
    PRIMARY KEY (number, person_id, position),
    CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);
CREATE UNIQUE INDEX case_member_present ON case_member (number, person_id) WHERE removed_at IS NULL;
CREATE INDEX case_member_of_person ON case_member (person_id, number) WHERE removed_at IS NULL;

CREATE TABLE case_report (
    number BIGINT NOT NULL REFERENCES casefile (number),
    report_id BIGINT NOT NULL REFERENCES report (id),
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (number, report_id)
);
CREATE INDEX case_report_of_report ON case_report (report_id, number);

-- Notes, tasks, subjects, exhibits.
CREATE TABLE case_entry (
    number BIGINT NOT NULL REFERENCES casefile (number),
    id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('note', 'task', 'subject', 'exhibit')),
    version BIGINT NOT NULL,
    written_by TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    person_id TEXT,
    due_at BIGINT,
    done_at BIGINT,
    report_id BIGINT,
    file_id TEXT,
    PRIMARY KEY (number, id),
    CHECK ((report_id IS NULL) = (file_id IS NULL)),
    FOREIGN KEY (report_id, file_id) REFERENCES evidence (report_id, file_id)
);

-- Every version of the words of a case (entry '') and of its entries.
CREATE TABLE case_text (
    number BIGINT NOT NULL REFERENCES casefile (number),
    entry_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    written_by TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    sealed_words {blob} NOT NULL,
    PRIMARY KEY (number, entry_id, version)
);

-- What happened to an exhibit, one after the other; never changed.
CREATE TABLE case_custody (
    number BIGINT NOT NULL,
    entry_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    sealed_words {blob} NOT NULL,
    PRIMARY KEY (number, entry_id, position),
    FOREIGN KEY (number, entry_id) REFERENCES case_entry (number, id)
);

-- Legal process of a case, and the grounds that were recorded with it.
CREATE TABLE case_process (
    number BIGINT NOT NULL REFERENCES casefile (number),
    id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('warrant', 'consent', 'exigent', 'subpoena')),
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT,
    revoked_by TEXT,
    revoked_at BIGINT,
    sealed_words {blob} NOT NULL,
    PRIMARY KEY (number, id),
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE TABLE case_process_ground (
    number BIGINT NOT NULL,
    process_id TEXT NOT NULL,
    ground_id TEXT NOT NULL REFERENCES ground (id),
    PRIMARY KEY (number, process_id, ground_id),
    FOREIGN KEY (number, process_id) REFERENCES case_process (number, id)
);

-- The standing query of a case: what identifies somebody in its reports. It outlives the closing of the case.
CREATE TABLE case_selector (
    digest {blob} NOT NULL,
    agency_id TEXT NOT NULL,
    number BIGINT NOT NULL REFERENCES casefile (number),
    report_id BIGINT NOT NULL,
    PRIMARY KEY (digest, agency_id, number, report_id)
);
CREATE INDEX case_selector_of_case ON case_selector (number, report_id);

-- Reports that the standing query met, until somebody takes each in or leaves it.
CREATE TABLE case_hit (
    number BIGINT NOT NULL REFERENCES casefile (number),
    report_id BIGINT NOT NULL REFERENCES report (id),
    shared BIGINT NOT NULL,
    found_at BIGINT NOT NULL,
    reopened BIGINT NOT NULL CHECK (reopened IN (0, 1)),
    settled_by TEXT,
    settled_at BIGINT,
    taken BIGINT CHECK (taken IN (0, 1)),
    PRIMARY KEY (number, report_id),
    CHECK ((settled_at IS NULL) = (settled_by IS NULL)),
    CHECK ((settled_at IS NULL) = (taken IS NULL))
);

-- What came of a report, by a code: all that the clearinghouse sees of an agency's work. The one that nothing
-- superseded counts.
CREATE TABLE outcome (
    agency_id TEXT NOT NULL,
    report_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    code TEXT NOT NULL,
    provider_id TEXT NOT NULL REFERENCES provider (id),
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    superseded_at BIGINT,
    PRIMARY KEY (report_id, agency_id, position),
    FOREIGN KEY (agency_id, report_id) REFERENCES standing (agency_id, report_id)
);
CREATE UNIQUE INDEX outcome_present ON outcome (report_id, agency_id) WHERE superseded_at IS NULL;
CREATE INDEX outcome_of_provider ON outcome (provider_id, code) WHERE superseded_at IS NULL;
