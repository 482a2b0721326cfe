-- When each person of an agency opened a report, so that its page says what is new to them. A visit ends when nothing was
-- opened for a while: what was new at its beginning stays new until then, however often the page is loaded.
CREATE TABLE reading (
    agency_id TEXT NOT NULL,
    report_id BIGINT NOT NULL,
    person_id TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    known_at BIGINT,
    PRIMARY KEY (agency_id, report_id, person_id),
    FOREIGN KEY (agency_id, report_id) REFERENCES standing (agency_id, report_id)
);

-- What an agency's charts count, each a range of an index: what came (the inbox's own, standing_arrived), what was closed,
-- what came of it.
CREATE INDEX standing_closed ON standing (agency_id, since_at) WHERE status = 'closed';
CREATE INDEX outcome_of_agency ON outcome (agency_id, code) WHERE superseded_at IS NULL;
