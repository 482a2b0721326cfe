-- The inbox of an agency is read from its standings. What is open is what people look through, so most of its indices
-- hold only that; what is closed is reached by its status. The place is that of the route, as the agency reads it.
ALTER TABLE standing ADD COLUMN place TEXT;
DROP INDEX standing_of_person;
DROP INDEX standing_of_unit;
CREATE INDEX standing_of_person ON standing (agency_id, person_id, rank, received_at, report_id)
    WHERE person_id IS NOT NULL AND status <> 'closed';
CREATE INDEX standing_of_unit ON standing (agency_id, unit, rank, received_at, report_id)
    WHERE unit IS NOT NULL AND status <> 'closed';
CREATE INDEX standing_of_place ON standing (agency_id, place, rank, received_at, report_id)
    WHERE place IS NOT NULL AND status <> 'closed';
CREATE INDEX standing_of_provider ON standing (agency_id, provider_id, rank, received_at, report_id)
    WHERE status <> 'closed';
CREATE INDEX standing_of_incident ON standing (agency_id, incident_type, rank, received_at, report_id)
    WHERE status <> 'closed';
CREATE INDEX standing_due_of_person ON standing (agency_id, person_id, due_at, report_id)
    WHERE person_id IS NOT NULL AND due_at IS NOT NULL;
CREATE INDEX standing_due_of_unit ON standing (agency_id, unit, due_at, report_id)
    WHERE unit IS NOT NULL AND due_at IS NOT NULL;
CREATE INDEX standing_arrived ON standing (agency_id, available_at, report_id);

-- Nobody asks the deliveries for lists any more.
DROP INDEX delivery_inbox;
DROP INDEX delivery_inbox_provider;
DROP INDEX delivery_inbox_incident;

-- Until when somebody has seen what came in.
CREATE TABLE inbox_look (
    agency_id TEXT NOT NULL REFERENCES agency (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    looked_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, person_id)
);

-- A question to the inbox under a name. It holds words of closed lists, never what somebody searched for.
CREATE TABLE saved_view (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    name TEXT NOT NULL,
    question TEXT NOT NULL,
    shared BIGINT NOT NULL CHECK (shared IN (0, 1)),
    saved_at BIGINT NOT NULL,
    UNIQUE (agency_id, person_id, name)
);

-- By which words a case of the agency is found: a keyed digest of each, over the agency too, which tells nothing to whoever
-- has only the rows.
CREATE TABLE case_word (
    agency_id TEXT NOT NULL REFERENCES agency (id),
    digest {blob} NOT NULL,
    number BIGINT NOT NULL REFERENCES casefile (number),
    PRIMARY KEY (agency_id, digest, number)
);
