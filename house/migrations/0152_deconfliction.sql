-- Two agencies that hold related material, one of each pair for what they share. Which reports those are is told to each
-- side for its own only; nothing of content stands here.
CREATE TABLE deconfliction (
    id TEXT NOT NULL PRIMARY KEY,
    first_agency TEXT NOT NULL REFERENCES agency (id),
    second_agency TEXT NOT NULL REFERENCES agency (id),
    owner_agency TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    proposed TEXT,
    proposed_by TEXT,
    settled_at BIGINT,
    CHECK (first_agency < second_agency),
    CHECK (owner_agency IN (first_agency, second_agency)),
    CHECK ((proposed IS NULL) = (proposed_by IS NULL)),
    CHECK (settled_at IS NULL OR proposed IS NOT NULL)
);
CREATE INDEX deconfliction_of_first ON deconfliction (first_agency, opened_at, id);
CREATE INDEX deconfliction_of_second ON deconfliction (second_agency, opened_at, id);

CREATE TABLE deconfliction_match (
    first_agency TEXT NOT NULL,
    second_agency TEXT NOT NULL,
    digest {blob} NOT NULL,
    event_id TEXT NOT NULL REFERENCES deconfliction (id),
    PRIMARY KEY (first_agency, second_agency, digest)
);

-- A side: which of its people handles it, and how many own reports it is about.
CREATE TABLE deconfliction_side (
    event_id TEXT NOT NULL REFERENCES deconfliction (id),
    agency_id TEXT NOT NULL REFERENCES agency (id),
    person_id TEXT,
    seen_at BIGINT,
    PRIMARY KEY (event_id, agency_id)
);
CREATE TABLE deconfliction_pointer (
    event_id TEXT NOT NULL REFERENCES deconfliction (id),
    agency_id TEXT NOT NULL,
    report_id BIGINT NOT NULL,
    found_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, agency_id, report_id),
    FOREIGN KEY (agency_id, report_id) REFERENCES standing (agency_id, report_id)
);

-- Whom another agency calls.
CREATE TABLE desk_contact (
    agency_id TEXT NOT NULL PRIMARY KEY REFERENCES agency (id),
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    sealed_contact {blob} NOT NULL
);
