-- Which entries of a case hold criminal justice information: data that an agency has from a system of FBI CJIS (R-68). A row is
-- written once; nothing changes it and nothing takes it away.
CREATE TABLE case_cji (
    number BIGINT NOT NULL,
    entry_id TEXT NOT NULL,
    labelled_by TEXT NOT NULL,
    labelled_at BIGINT NOT NULL,
    PRIMARY KEY (number, entry_id),
    FOREIGN KEY (number, entry_id) REFERENCES case_entry (number, id)
);

-- Each time that one of them was passed on (R-43); never changed either.
CREATE TABLE case_passing (
    number BIGINT NOT NULL,
    id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    receiver_id TEXT NOT NULL REFERENCES agency (id),
    passed_by TEXT NOT NULL,
    passed_at BIGINT NOT NULL,
    sealed_words {blob} NOT NULL,
    PRIMARY KEY (number, id),
    FOREIGN KEY (number, entry_id) REFERENCES case_cji (number, entry_id)
);
CREATE INDEX case_passing_of_entry ON case_passing (number, entry_id, passed_at);
