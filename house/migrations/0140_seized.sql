-- Sets of media that an agency seized. A set counts once it was taken whole; one that broke off is removed.
CREATE TABLE seized_set (
    id TEXT PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    sealed_name {blob} NOT NULL,
    form TEXT,
    region TEXT,
    begun_at BIGINT NOT NULL,
    begun_by TEXT NOT NULL,
    taken_at BIGINT,
    sha256 {blob},
    records BIGINT NOT NULL DEFAULT 0,
    undigested BIGINT NOT NULL DEFAULT 0,
    removed_at BIGINT,
    removed_by TEXT,
    CHECK ((taken_at IS NULL) OR (sha256 IS NOT NULL AND form IS NOT NULL)),
    CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);
CREATE INDEX seized_set_of_agency ON seized_set (agency_id, begun_at);
-- The document's pieces in its own order, so that it can be written down again as it came.
CREATE TABLE seized_piece (
    set_id TEXT NOT NULL REFERENCES seized_set (id),
    position BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('case-begins', 'case-ends', 'member', 'record', 'line')),
    category BIGINT,
    sealed_text {blob} NOT NULL,
    PRIMARY KEY (set_id, position)
);
-- What a record is found by: a keyed digest over agency, kind and digest. Nothing can be read from it without the key.
CREATE TABLE seized_mark (
    agency_id TEXT NOT NULL REFERENCES agency (id),
    digest {blob} NOT NULL,
    set_id TEXT NOT NULL REFERENCES seized_set (id),
    position BIGINT NOT NULL,
    PRIMARY KEY (agency_id, digest, set_id, position)
);
CREATE INDEX seized_mark_of_set ON seized_mark (set_id);
