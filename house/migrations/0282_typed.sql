-- By what somebody can be recognised whom people of an agency wrote down in a case: a keyed digest of each mail address,
-- telephone number and name at a service, as of reports.
CREATE TABLE case_typed (
    digest {blob} NOT NULL,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    number BIGINT NOT NULL REFERENCES casefile (number),
    typed_at BIGINT NOT NULL,
    PRIMARY KEY (digest, agency_id, number)
);

-- The cases of a side that an event is about, beside its reports. The other side hears of neither.
CREATE TABLE deconfliction_case (
    event_id TEXT NOT NULL REFERENCES deconfliction (id),
    agency_id TEXT NOT NULL,
    number BIGINT NOT NULL REFERENCES casefile (number),
    found_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, agency_id, number)
);
