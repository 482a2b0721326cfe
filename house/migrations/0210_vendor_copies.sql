-- What vendors hold, and the sub-jobs of a destruction by which it is on record that it is gone there, too (R-52, R-64).
-- Moments are microseconds UTC. A holding without a report is everything that the house keeps.

CREATE TABLE vendor_holding (
    vendor_id TEXT NOT NULL REFERENCES vendor (id),
    number BIGINT NOT NULL,
    report_id BIGINT REFERENCES report (id),
    file_id TEXT,
    from_at BIGINT NOT NULL,
    until_at BIGINT,
    recorded_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    emptied_by TEXT,
    emptied_at BIGINT,
    document TEXT,
    sha256 {blob},
    PRIMARY KEY (vendor_id, number),
    FOREIGN KEY (report_id, file_id) REFERENCES evidence (report_id, file_id),
    CHECK (file_id IS NULL OR report_id IS NOT NULL),
    CHECK ((emptied_by IS NULL) = (emptied_at IS NULL)),
    CHECK ((document IS NULL) = (emptied_at IS NULL)),
    CHECK ((sha256 IS NULL) = (emptied_at IS NULL))
);

CREATE TABLE vendor_destruction (
    destruction_id TEXT NOT NULL REFERENCES destruction (id),
    vendor_id TEXT NOT NULL REFERENCES vendor (id),
    files BIGINT NOT NULL,
    reports BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    confirmed_by TEXT,
    confirmed_at BIGINT,
    document TEXT,
    sha256 {blob},
    PRIMARY KEY (destruction_id, vendor_id),
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    CHECK ((document IS NULL) = (confirmed_at IS NULL)),
    CHECK ((sha256 IS NULL) = (confirmed_at IS NULL))
);
CREATE INDEX vendor_destruction_open ON vendor_destruction (asked_at) WHERE confirmed_at IS NULL;
CREATE INDEX vendor_destruction_of ON vendor_destruction (vendor_id, asked_at);
