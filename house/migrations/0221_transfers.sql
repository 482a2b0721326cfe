-- Reports that agencies hand on to each other. The words are sealed under the report's key.
CREATE TABLE agency_transfer (
    id TEXT NOT NULL PRIMARY KEY,
    report_id BIGINT NOT NULL REFERENCES report (id),
    from_agency TEXT NOT NULL REFERENCES agency (id),
    to_agency TEXT NOT NULL REFERENCES agency (id),
    kind TEXT NOT NULL CHECK (kind IN ('transfer', 'referral')),
    code TEXT NOT NULL CHECK (code IN ('G2-i', 'G2-ii', 'G2-iii', 'G2-iv', 'G2-v', 'G2-vi', 'G2-vii')),
    reason TEXT NOT NULL,
    sealed_words {blob} NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('offered', 'accepted', 'declined', 'withdrawn', 'lapsed')),
    urgency BIGINT NOT NULL CHECK (urgency BETWEEN 1 AND 5),
    offered_by TEXT NOT NULL,
    offered_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    decided_by TEXT,
    decided_at BIGINT,
    decline TEXT,
    sealed_answer {blob},
    -- The delivery that was made by it; none where the other agency had the report before.
    delivery_id TEXT,
    version BIGINT NOT NULL,
    FOREIGN KEY (from_agency, report_id) REFERENCES standing (agency_id, report_id),
    CHECK (from_agency <> to_agency),
    CHECK ((state = 'offered') = (decided_at IS NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK ((state = 'declined') = (decline IS NOT NULL)),
    CHECK (kind = 'transfer' OR state = 'accepted')
);
-- An agency offers a report to one other agency at a time.
CREATE UNIQUE INDEX agency_transfer_open ON agency_transfer (report_id, from_agency) WHERE state = 'offered';
CREATE INDEX agency_transfer_of_report ON agency_transfer (report_id, offered_at, id);
CREATE INDEX agency_transfer_in ON agency_transfer (to_agency, offered_at, id);
CREATE INDEX agency_transfer_out ON agency_transfer (from_agency, offered_at, id);
CREATE INDEX agency_transfer_waits ON agency_transfer (due_at, id) WHERE state = 'offered';

-- Which agency has a report instead of one that had it. No row: the agency holds what it was given. Whoever follows the rows
-- comes to exactly one agency, because only one that holds it hands it on, and whoever gets it loses its own row.
CREATE TABLE handed_on (
    report_id BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    to_agency TEXT NOT NULL,
    handed_at BIGINT NOT NULL,
    PRIMARY KEY (report_id, agency_id),
    FOREIGN KEY (agency_id, report_id) REFERENCES standing (agency_id, report_id),
    FOREIGN KEY (to_agency, report_id) REFERENCES standing (agency_id, report_id),
    CHECK (agency_id <> to_agency)
);

-- Reports of which an agency said that they are not its own.
CREATE TABLE report_return (
    report_id BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    reason TEXT NOT NULL,
    sealed_words {blob} NOT NULL,
    urgency BIGINT NOT NULL CHECK (urgency BETWEEN 1 AND 5),
    said_by TEXT NOT NULL,
    said_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('went-on', 'at-desk', 'sent-on', 'stays')),
    went_to TEXT REFERENCES agency (id),
    decided_by TEXT,
    decided_at BIGINT,
    sealed_answer {blob},
    version BIGINT NOT NULL,
    PRIMARY KEY (report_id, agency_id, number),
    FOREIGN KEY (agency_id, report_id) REFERENCES standing (agency_id, report_id),
    CHECK ((state IN ('went-on', 'sent-on')) = (went_to IS NOT NULL)),
    CHECK ((state IN ('sent-on', 'stays')) = (decided_at IS NOT NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL))
);
CREATE INDEX report_return_at_desk ON report_return (urgency, said_at, report_id) WHERE state = 'at-desk';
CREATE INDEX report_return_said ON report_return (said_at, report_id);
