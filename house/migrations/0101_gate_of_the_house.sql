-- The clearinghouse's own people look at files under the same gate: where a row names whose it is, an empty name is the
-- clearinghouse, so that one comparison finds both. A reference cannot be dropped on every engine, so these tables are
-- made anew, as in 0007. Each look keeps the relaxation that let it happen.
CREATE TABLE ground_next (
    id TEXT NOT NULL PRIMARY KEY,
    report_id BIGINT NOT NULL REFERENCES report (id),
    agency_id TEXT NOT NULL,
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
    CHECK (kind NOT IN ('WARRANT', 'EXIGENT') OR until_at IS NOT NULL),
    CHECK (agency_id <> '' OR kind = 'COUNSEL')
);
INSERT INTO ground_next (id, report_id, agency_id, kind, recorded_by, recorded_at, from_at, until_at, seconded_by,
        seconded_at, revoked_by, revoked_at, document_sha256, sealed_words)
    SELECT id, report_id, agency_id, kind, recorded_by, recorded_at, from_at, until_at, seconded_by, seconded_at,
        revoked_by, revoked_at, document_sha256, sealed_words FROM ground;

CREATE TABLE ground_file_next (
    ground_id TEXT NOT NULL REFERENCES ground_next (id),
    report_id BIGINT NOT NULL,
    file_id TEXT NOT NULL,
    PRIMARY KEY (ground_id, file_id),
    FOREIGN KEY (report_id, file_id) REFERENCES evidence (report_id, file_id)
);
INSERT INTO ground_file_next (ground_id, report_id, file_id) SELECT ground_id, report_id, file_id FROM ground_file;

CREATE TABLE media_permission_next (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    revoked_by TEXT,
    revoked_at BIGINT,
    sealed_reason {blob} NOT NULL,
    CHECK (granted_by <> person_id),
    CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
);
INSERT INTO media_permission_next (id, person_id, agency_id, granted_by, granted_at, until_at, revoked_by, revoked_at,
        sealed_reason)
    SELECT id, person_id, agency_id, granted_by, granted_at, until_at, revoked_by, revoked_at, sealed_reason
    FROM media_permission;

CREATE TABLE media_view_next (
    id TEXT NOT NULL PRIMARY KEY,
    digest {blob} NOT NULL UNIQUE,
    session_digest {blob} NOT NULL,
    person_id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    report_id BIGINT NOT NULL REFERENCES report (id),
    file_id TEXT NOT NULL,
    sha256 {blob} NOT NULL,
    manner TEXT NOT NULL CHECK (manner IN ('grey', 'clear')),
    ground TEXT NOT NULL,
    ground_id TEXT,
    relaxation TEXT,
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    served_at BIGINT,
    ended_at BIGINT,
    FOREIGN KEY (report_id, file_id) REFERENCES evidence (report_id, file_id)
);
INSERT INTO media_view_next (id, digest, session_digest, person_id, agency_id, report_id, file_id, sha256, manner,
        ground, ground_id, asked_at, expires_at, served_at, ended_at)
    SELECT id, digest, session_digest, person_id, agency_id, report_id, file_id, sha256, manner, ground, ground_id,
        asked_at, expires_at, served_at, ended_at FROM media_view;

DROP TABLE ground_file;
DROP TABLE ground;
DROP TABLE media_permission;
DROP TABLE media_view;
-- Renaming carries the reference along on both engines.
ALTER TABLE ground_next RENAME TO ground;
ALTER TABLE ground_file_next RENAME TO ground_file;
ALTER TABLE media_permission_next RENAME TO media_permission;
ALTER TABLE media_view_next RENAME TO media_view;
CREATE INDEX ground_of_report ON ground (report_id, agency_id);
CREATE INDEX media_permission_of_agency ON media_permission (agency_id, until_at);
CREATE INDEX media_permission_of_person ON media_permission (person_id, until_at);
CREATE UNIQUE INDEX media_view_open ON media_view (person_id) WHERE ended_at IS NULL;
CREATE INDEX media_view_of_digest ON media_view (agency_id, sha256) WHERE served_at IS NOT NULL;

-- What managers must be told in writing: a look on exigent circumstances. It stands on their page until one of them says
-- that they have read it.
CREATE TABLE notice (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT NOT NULL,
    report_id BIGINT NOT NULL REFERENCES report (id),
    file_id TEXT NOT NULL,
    ground_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    told_at BIGINT NOT NULL,
    acknowledged_by TEXT,
    acknowledged_at BIGINT,
    CHECK ((acknowledged_by IS NULL) = (acknowledged_at IS NULL)),
    CHECK (acknowledged_by IS NULL OR acknowledged_by <> person_id)
);
CREATE INDEX notice_open ON notice (agency_id, told_at) WHERE acknowledged_at IS NULL;

-- Vendors (R-63 to R-65): who they are, what shows that they may, which of their people reach what. Evidence is only ever
-- added; the newest of its kind counts, while it lasts.
CREATE TABLE vendor (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    services TEXT NOT NULL,
    grace_days BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    ended_by TEXT,
    ended_at BIGINT,
    CHECK (grace_days BETWEEN 0 AND 90),
    CHECK ((ended_by IS NULL) = (ended_at IS NULL))
);

CREATE TABLE vendor_evidence (
    vendor_id TEXT NOT NULL REFERENCES vendor (id),
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    document TEXT NOT NULL,
    sha256 {blob} NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (vendor_id, number),
    CHECK (until_at > from_at)
);

CREATE TABLE vendor_person (
    vendor_id TEXT NOT NULL REFERENCES vendor (id),
    number BIGINT NOT NULL,
    sealed_name {blob} NOT NULL,
    reaches TEXT NOT NULL,
    employer TEXT NOT NULL,
    cleared_until BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    removed_by TEXT,
    removed_at BIGINT,
    PRIMARY KEY (vendor_id, number),
    CHECK ((removed_by IS NULL) = (removed_at IS NULL))
);
