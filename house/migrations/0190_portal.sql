-- What agencies and the clearinghouse have in common beside reports. Where a row names whose it is, an empty name is the
-- clearinghouse.
CREATE TABLE directory_contact (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT NOT NULL,
    duty TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    confirmed_by TEXT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    removed_at BIGINT,
    sealed_words {blob} NOT NULL
);
CREATE INDEX directory_contact_of_agency ON directory_contact (agency_id, duty, id) WHERE removed_at IS NULL;

-- Documents, each in versions; every version stays. Their bytes lie in pieces, sealed under the house's key.
CREATE TABLE library_document (
    id TEXT NOT NULL PRIMARY KEY,
    shelf TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    withdrawn_by TEXT,
    withdrawn_at BIGINT,
    CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL))
);
CREATE INDEX library_document_changed ON library_document (changed_at, id) WHERE withdrawn_at IS NULL;

CREATE TABLE library_version (
    document_id TEXT NOT NULL REFERENCES library_document (id),
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 {blob} NOT NULL,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (document_id, version)
);

CREATE TABLE library_piece (
    document_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    position BIGINT NOT NULL,
    sealed_bytes {blob} NOT NULL,
    PRIMARY KEY (document_id, version, position),
    FOREIGN KEY (document_id, version) REFERENCES library_version (document_id, version)
);

-- What an agency asks the clearinghouse's analysts, with whose turn it is. Each request has a key of its own.
CREATE TABLE portal_request (
    number BIGINT NOT NULL PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    kind TEXT NOT NULL,
    report_id BIGINT REFERENCES report (id),
    state TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    analyst_id TEXT,
    sealed_subject {blob} NOT NULL
);
CREATE INDEX portal_request_of_agency ON portal_request (agency_id, changed_at, number);
CREATE INDEX portal_request_open_of_agency ON portal_request (agency_id, changed_at, number) WHERE state <> 'closed';
CREATE INDEX portal_request_waiting ON portal_request (state, changed_at, number);

CREATE TABLE portal_message (
    number BIGINT NOT NULL REFERENCES portal_request (number),
    position BIGINT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('agency', 'clearinghouse')),
    written_by TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    sealed_words {blob} NOT NULL,
    PRIMARY KEY (number, position)
);
