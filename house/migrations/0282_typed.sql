-- By what somebody can be recognised whom people of an agency wrote down in a case: a keyed digest of each mail address,
-- telephone number and name at a service, as of reports. In which text it stands, too: what a text no longer says is asked
-- about no more.
CREATE TABLE case_typed (
    digest {blob} NOT NULL,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    number BIGINT NOT NULL REFERENCES casefile (number),
    entry_id TEXT NOT NULL,
    typed_at BIGINT NOT NULL,
    PRIMARY KEY (digest, agency_id, number, entry_id)
);
CREATE INDEX case_typed_of_entry ON case_typed (number, entry_id);

-- How many new ones somebody wrote on one day, counted from 1970: there is a bound.
CREATE TABLE case_typed_day (
    written_by TEXT NOT NULL,
    day BIGINT NOT NULL,
    asked BIGINT NOT NULL,
    PRIMARY KEY (written_by, day)
);

-- The cases of a side that an event is about, beside its reports. The other side hears of neither.
CREATE TABLE deconfliction_case (
    event_id TEXT NOT NULL REFERENCES deconfliction (id),
    agency_id TEXT NOT NULL,
    number BIGINT NOT NULL REFERENCES casefile (number),
    found_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, agency_id, number)
);
