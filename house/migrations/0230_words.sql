-- Months of which a purge lets the words go that people wrote about the house's own acts (R-55). What stays is that it was
-- done: rows without their words, leaves, the certificate.
CREATE TABLE destruction_words (
    destruction_id TEXT NOT NULL REFERENCES destruction (id),
    month TEXT NOT NULL,
    erased_at BIGINT,
    keys BIGINT,
    PRIMARY KEY (destruction_id, month),
    CHECK ((erased_at IS NULL) = (keys IS NULL))
);
CREATE INDEX destruction_words_of ON destruction_words (month);
