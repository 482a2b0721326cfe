-- Grounds on record (R-17): each for one agency and for exactly the files that it names. Words are sealed under the
-- report's key; what has become of a ground is judged from its moments, never stored.
CREATE TABLE ground (
    id TEXT NOT NULL PRIMARY KEY,
    report_id BIGINT NOT NULL REFERENCES report (id),
    agency_id TEXT NOT NULL REFERENCES agency (id),
    kind TEXT NOT NULL CHECK (kind IN ('WARRANT', 'CONSENT', 'EXIGENT', 'COUNSEL')),
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT,
    seconded_by TEXT,
    seconded_at BIGINT,
    revoked_by TEXT,
    revoked_at BIGINT,
    document_sha256 {blob},
    sealed_words {blob} NOT NULL,
    CHECK ((seconded_by IS NULL) = (seconded_at IS NULL)),
    CHECK ((revoked_by IS NULL) = (revoked_at IS NULL)),
    CHECK (seconded_by IS NULL OR seconded_by <> recorded_by),
    CHECK (kind NOT IN ('WARRANT', 'EXIGENT') OR until_at IS NOT NULL)
);
CREATE INDEX ground_of_report ON ground (report_id, agency_id);

CREATE TABLE ground_file (
    ground_id TEXT NOT NULL REFERENCES ground (id),
    report_id BIGINT NOT NULL,
    file_id TEXT NOT NULL,
    PRIMARY KEY (ground_id, file_id),
    FOREIGN KEY (report_id, file_id) REFERENCES evidence (report_id, file_id)
);

-- Who may see media at all (R-18): per person, for a time, with a reason. No reference to the person's row, which
-- may be made anew (0007).
CREATE TABLE media_permission (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    granted_by TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    revoked_by TEXT,
    revoked_at BIGINT,
    sealed_reason {blob} NOT NULL,
    CHECK (granted_by <> person_id),
    CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
);
CREATE INDEX media_permission_of_agency ON media_permission (agency_id, until_at);
CREATE INDEX media_permission_of_person ON media_permission (person_id, until_at);

-- Askings to see one file: each a capability of a minute that serves once, in one session of one person.
CREATE TABLE media_view (
    id TEXT NOT NULL PRIMARY KEY,
    digest {blob} NOT NULL UNIQUE,
    session_digest {blob} NOT NULL,
    person_id TEXT NOT NULL,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    report_id BIGINT NOT NULL REFERENCES report (id),
    file_id TEXT NOT NULL,
    sha256 {blob} NOT NULL,
    manner TEXT NOT NULL CHECK (manner IN ('grey', 'clear')),
    ground TEXT NOT NULL,
    ground_id TEXT,
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    served_at BIGINT,
    ended_at BIGINT,
    FOREIGN KEY (report_id, file_id) REFERENCES evidence (report_id, file_id)
);
-- One person has one viewer open.
CREATE UNIQUE INDEX media_view_open ON media_view (person_id) WHERE ended_at IS NULL;
CREATE INDEX media_view_of_digest ON media_view (agency_id, sha256) WHERE served_at IS NOT NULL;

-- Viewing appointments (R-73, R-74): who looks at which files, where, when, under whose eyes.
CREATE TABLE viewing_session (
    id TEXT NOT NULL PRIMARY KEY,
    report_id BIGINT NOT NULL REFERENCES report (id),
    agency_id TEXT NOT NULL REFERENCES agency (id),
    kind TEXT NOT NULL CHECK (kind IN ('DEFENCE', 'VICTIM')),
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    supervised_by TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    sealed_words {blob} NOT NULL,
    CHECK (ends_at > starts_at)
);
CREATE INDEX viewing_session_of_report ON viewing_session (report_id, agency_id);

CREATE TABLE viewing_item (
    session_id TEXT NOT NULL REFERENCES viewing_session (id),
    report_id BIGINT NOT NULL,
    file_id TEXT NOT NULL,
    PRIMARY KEY (session_id, file_id),
    FOREIGN KEY (report_id, file_id) REFERENCES evidence (report_id, file_id)
);

-- Which files depict one victim, under a mark that is no name.
CREATE TABLE victim_mark (
    report_id BIGINT NOT NULL,
    file_id TEXT NOT NULL,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    mark TEXT NOT NULL,
    marked_by TEXT NOT NULL,
    marked_at BIGINT NOT NULL,
    PRIMARY KEY (report_id, file_id, agency_id, mark),
    FOREIGN KEY (report_id, file_id) REFERENCES evidence (report_id, file_id)
);
