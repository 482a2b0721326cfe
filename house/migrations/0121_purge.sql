-- Whole reports that a purge lets go, once nothing of their evidence is left: their private rows and their keys. What stays
-- is that they were: the row, its deliveries, hashes, leaves and the certificate (R-53, R-55).
CREATE TABLE destruction_report (
    destruction_id TEXT NOT NULL REFERENCES destruction (id),
    report_id BIGINT NOT NULL REFERENCES report (id),
    erased_at BIGINT,
    keys BIGINT,
    PRIMARY KEY (destruction_id, report_id),
    CHECK ((erased_at IS NULL) = (keys IS NULL))
);
CREATE INDEX destruction_report_of ON destruction_report (report_id);

-- Registers whose rows the ledger tells: how often each was told, counted by the act that changed it. The count puts acts
-- that change one register in their order, whatever the order of their leaves.
CREATE TABLE told_register (
    name TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO told_register (name, version) VALUES
    ('agency', 0), ('agency_client', 0), ('agency_key', 0), ('credential', 0), ('dataset', 0), ('hold', 0), ('person', 0),
    ('provider', 0), ('provider_contact', 0), ('sender_profile', 0);
