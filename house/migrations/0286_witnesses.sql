-- What a purge let go of whole reports and of months of words: the key as a backup holds it, until it was tried in vain.
ALTER TABLE destruction_report ADD COLUMN witness_epoch BIGINT;
ALTER TABLE destruction_report ADD COLUMN wrapped {blob};
ALTER TABLE destruction_words ADD COLUMN witness_epoch BIGINT;
ALTER TABLE destruction_words ADD COLUMN wrapped {blob};

-- The digest of a text's sealed words, so that a case of thousands of texts is told without reading them all. Rows of before
-- have none, and are told by their words.
ALTER TABLE case_text ADD COLUMN sha256 {blob};
