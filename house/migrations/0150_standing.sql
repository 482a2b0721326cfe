-- What an agency does with a report that it has: one row for each delivery, made in the act of the delivery. The row
-- holds copies of what is sorted and filtered by, so that each list is one range of one index.
CREATE TABLE standing (
    agency_id TEXT NOT NULL REFERENCES agency (id),
    report_id BIGINT NOT NULL REFERENCES report (id),
    status TEXT NOT NULL CHECK (status IN ('new', 'acknowledged', 'assigned', 'in-work', 'waiting', 'closed')),
    reason TEXT,
    own_rank BIGINT CHECK (own_rank BETWEEN 1 AND 5),
    -- The agency's own priority, or ours where it has none: what its lists are sorted by.
    rank BIGINT NOT NULL CHECK (rank BETWEEN 1 AND 5),
    person_id TEXT,
    unit TEXT,
    since_at BIGINT NOT NULL,
    due_at BIGINT,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    urgency BIGINT NOT NULL CHECK (urgency BETWEEN 1 AND 5),
    received_at BIGINT NOT NULL,
    available_at BIGINT NOT NULL,
    provider_id TEXT NOT NULL REFERENCES provider (id),
    incident_type TEXT NOT NULL,
    files BIGINT NOT NULL,
    PRIMARY KEY (agency_id, report_id),
    CHECK ((status = 'closed') = (due_at IS NULL)),
    CHECK ((status IN ('waiting', 'closed')) = (reason IS NOT NULL)),
    CHECK (rank = COALESCE(own_rank, urgency))
);
CREATE INDEX standing_open ON standing (agency_id, rank, received_at, report_id) WHERE status <> 'closed';
CREATE INDEX standing_of_status ON standing (agency_id, status, rank, received_at, report_id);
CREATE INDEX standing_of_person ON standing (agency_id, person_id, rank, received_at, report_id)
    WHERE person_id IS NOT NULL;
CREATE INDEX standing_of_unit ON standing (agency_id, unit, rank, received_at, report_id) WHERE unit IS NOT NULL;
CREATE INDEX standing_due ON standing (agency_id, due_at, report_id) WHERE due_at IS NOT NULL;
CREATE INDEX standing_changed ON standing (agency_id, changed_at, report_id);

-- What was there before: nobody had said anything yet.
INSERT INTO standing (agency_id, report_id, status, rank, since_at, due_at, changed_at, version, urgency, received_at,
    available_at, provider_id, incident_type, files)
SELECT agency_id, report_id, 'new', urgency, available_at,
    available_at + CASE urgency WHEN 5 THEN 1 WHEN 4 THEN 8 WHEN 3 THEN 48 WHEN 2 THEN 168 ELSE 720 END * 3600000000,
    available_at, 1, urgency, received_at, available_at, provider_id, incident_type, files
FROM delivery;

-- Every change, whole: the state that it left behind.
CREATE TABLE standing_change (
    agency_id TEXT NOT NULL,
    report_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    batch_id TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    own_rank BIGINT,
    person_id TEXT,
    unit TEXT,
    since_at BIGINT NOT NULL,
    due_at BIGINT,
    PRIMARY KEY (agency_id, report_id, version),
    FOREIGN KEY (agency_id, report_id) REFERENCES standing (agency_id, report_id)
);
CREATE INDEX standing_change_of_batch ON standing_change (agency_id, batch_id, report_id);
