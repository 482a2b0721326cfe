-- Who is in which unit of an agency, and whose turn it is: whoever got a report by rule longest ago comes next.
CREATE TABLE unit_member (
    agency_id TEXT NOT NULL REFERENCES agency (id),
    unit TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    turn BIGINT NOT NULL,
    PRIMARY KEY (agency_id, unit, person_id)
);

-- By which rule a report that just came goes to a unit, and there to a person in turn. The first that fits counts.
CREATE TABLE assign_rule (
    agency_id TEXT NOT NULL REFERENCES agency (id),
    position BIGINT NOT NULL,
    incident_type TEXT,
    place TEXT,
    rank BIGINT CHECK (rank BETWEEN 1 AND 5),
    unit TEXT NOT NULL,
    in_turn BIGINT NOT NULL CHECK (in_turn IN (0, 1)),
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, position)
);
