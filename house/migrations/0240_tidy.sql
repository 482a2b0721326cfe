-- The list of all that is due asks for what is open, and the lists of one person or unit do not: so each has one index
-- that it can use, and SQLite, which has no statistics, cannot take the wrong one.
DROP INDEX standing_due;
CREATE INDEX standing_due ON standing (agency_id, due_at, report_id) WHERE status <> 'closed';

-- A rule that was taken away keeps its number, so that no other rule is ever called by it.
ALTER TABLE assign_rule ADD COLUMN removed_at BIGINT;

-- Nobody is written to before they showed that the mailbox is theirs: by a code that was sent there and serves once.
ALTER TABLE message_wish ADD COLUMN confirmed_at BIGINT;
ALTER TABLE message_wish ADD COLUMN code_digest {blob};
ALTER TABLE message_wish ADD COLUMN code_until BIGINT;
ALTER TABLE message_wish ADD COLUMN code_tries BIGINT NOT NULL DEFAULT 0;

-- One more kind of message; a list of words cannot be changed on every engine, so the table is made anew, as in 0007.
CREATE TABLE message_next (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('immediate', 'new', 'test', 'confirm')),
    made_at BIGINT NOT NULL,
    due_at BIGINT,
    attempts BIGINT NOT NULL,
    sent_at BIGINT,
    given_up_at BIGINT,
    last_error TEXT
);
INSERT INTO message_next (id, agency_id, person_id, kind, made_at, due_at, attempts, sent_at, given_up_at, last_error)
    SELECT id, agency_id, person_id, kind, made_at, due_at, attempts, sent_at, given_up_at, last_error FROM message;
DROP TABLE message;
ALTER TABLE message_next RENAME TO message;
CREATE INDEX message_due ON message (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX message_of_agency ON message (agency_id, made_at);
-- What came to its end, to be forgotten in time.
CREATE INDEX message_over ON message (made_at) WHERE due_at IS NULL;
