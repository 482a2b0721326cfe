-- Requests that may be repeated, and files that arrive in several requests.
-- Moments are microseconds UTC; a state that began is a nullable moment. Columns are described in columns.toml.

-- A key that a provider sent with the request that opened a report or added a file. Both digests are keyed: neither the
-- key nor what was sent can be guessed from a row. No reference to the report: the row is written before it.
CREATE TABLE idempotency (
    provider_id TEXT NOT NULL REFERENCES provider (id),
    key_digest {blob} NOT NULL,
    sent_digest {blob} NOT NULL,
    report_id BIGINT NOT NULL,
    file_id TEXT,
    look_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, key_digest)
);
CREATE INDEX idempotency_look ON idempotency (look_at);

-- A file on its way. What was acknowledged of it lies in the vault, segment by segment, each under a key of its own.
CREATE TABLE transfer (
    file_id TEXT NOT NULL PRIMARY KEY,
    report_id BIGINT NOT NULL REFERENCES report (id),
    size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
    received_bytes BIGINT NOT NULL CHECK (received_bytes BETWEEN 0 AND size_bytes),
    segments BIGINT NOT NULL,
    sealed_claims {blob} NOT NULL,
    completed_at BIGINT,
    look_at BIGINT NOT NULL
);
CREATE INDEX transfer_of_report ON transfer (report_id) WHERE completed_at IS NULL;
CREATE INDEX transfer_look ON transfer (look_at);

CREATE TABLE transfer_segment (
    file_id TEXT NOT NULL REFERENCES transfer (file_id),
    position BIGINT NOT NULL,
    segment_id TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    location TEXT NOT NULL,
    PRIMARY KEY (file_id, position)
);
