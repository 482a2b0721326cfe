-- In which text of a case it stands: what a text no longer says is asked about no more. `?` stands for rows that were
-- written before texts were told apart; they stay.
CREATE TABLE case_typed_next (
    digest {blob} NOT NULL,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    number BIGINT NOT NULL REFERENCES casefile (number),
    entry_id TEXT NOT NULL,
    typed_at BIGINT NOT NULL,
    PRIMARY KEY (digest, agency_id, number, entry_id)
);
INSERT INTO case_typed_next (digest, agency_id, number, entry_id, typed_at)
    SELECT digest, agency_id, number, '?', typed_at FROM case_typed;
DROP TABLE case_typed;
ALTER TABLE case_typed_next RENAME TO case_typed;
CREATE INDEX case_typed_of_entry ON case_typed (number, entry_id);

-- One row for each digest that was ever written into a case: whoever writes it waits here for whoever just does.
CREATE TABLE case_typed_turn (
    digest {blob} NOT NULL PRIMARY KEY
);

-- How many new ones somebody wrote on one day, counted from 1970: there is a bound.
CREATE TABLE case_typed_day (
    written_by TEXT NOT NULL,
    day BIGINT NOT NULL,
    asked BIGINT NOT NULL,
    PRIMARY KEY (written_by, day)
);
