-- Public keys of agencies, to which packages are sealed. Whoever registers one is not who confirms it: the fingerprint
-- is compared over a second channel first. A key is never changed and never comes back.
CREATE TABLE agency_key (
    agency_id TEXT NOT NULL REFERENCES agency (id),
    fingerprint {blob} NOT NULL,
    public_key {blob} NOT NULL,
    registered_at BIGINT NOT NULL,
    registered_by TEXT NOT NULL,
    confirmed_at BIGINT,
    confirmed_by TEXT,
    sealed_how {blob},
    ends_at BIGINT,
    revoked_at BIGINT,
    revoked_by TEXT,
    PRIMARY KEY (agency_id, fingerprint),
    CHECK ((confirmed_at IS NULL) = (confirmed_by IS NULL)),
    CHECK ((confirmed_at IS NULL) = (sealed_how IS NULL)),
    CHECK ((confirmed_at IS NULL) = (ends_at IS NULL)),
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
-- Those that wait for somebody to compare their fingerprint.
CREATE INDEX agency_key_waits ON agency_key (registered_at) WHERE confirmed_at IS NULL AND revoked_at IS NULL;
