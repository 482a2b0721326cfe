-- Whom the clearinghouse calls for what waits at its own desk, beside whom agencies call for their reports: an empty agency
-- is the clearinghouse, as in `look_limit`. What names an agency that must exist cannot hold that, and no engine but one can
-- let go of it in place, so these four are made anew.
CREATE TABLE message_wish_next (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id),
    agency_id TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    wants_new BIGINT NOT NULL CHECK (wants_new IN (0, 1)),
    new_since BIGINT,
    told_at BIGINT,
    sealed_address {blob} NOT NULL,
    confirmed_at BIGINT,
    code_digest {blob},
    code_until BIGINT,
    code_tries BIGINT NOT NULL DEFAULT 0
);
INSERT INTO message_wish_next (person_id, agency_id, changed_at, version, wants_new, new_since, told_at, sealed_address,
        confirmed_at, code_digest, code_until, code_tries)
    SELECT person_id, agency_id, changed_at, version, wants_new, new_since, told_at, sealed_address, confirmed_at,
        code_digest, code_until, code_tries FROM message_wish;
DROP TABLE message_wish;
ALTER TABLE message_wish_next RENAME TO message_wish;
CREATE INDEX message_wish_of_agency ON message_wish (agency_id) WHERE wants_new = 1;
CREATE INDEX message_wish_waiting ON message_wish (new_since) WHERE new_since IS NOT NULL;

CREATE TABLE oncall_step_next (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT NOT NULL,
    place BIGINT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    minutes BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    removed_at BIGINT,
    removed_by TEXT,
    CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);
INSERT INTO oncall_step_next (id, agency_id, place, person_id, minutes, from_at, until_at, added_by, added_at, removed_at,
        removed_by)
    SELECT id, agency_id, place, person_id, minutes, from_at, until_at, added_by, added_at, removed_at, removed_by
    FROM oncall_step;
DROP TABLE oncall_step;
ALTER TABLE oncall_step_next RENAME TO oncall_step;
CREATE INDEX oncall_step_of_agency ON oncall_step (agency_id, place, from_at);

CREATE TABLE oncall_call_next (
    agency_id TEXT NOT NULL,
    report_id BIGINT NOT NULL REFERENCES report (id),
    raised_at BIGINT NOT NULL,
    place BIGINT NOT NULL,
    rounds BIGINT NOT NULL,
    called TEXT,
    next_at BIGINT,
    answered_at BIGINT,
    answered_by TEXT,
    PRIMARY KEY (agency_id, report_id),
    CHECK ((answered_at IS NULL) = (answered_by IS NULL))
);
INSERT INTO oncall_call_next (agency_id, report_id, raised_at, place, rounds, called, next_at, answered_at, answered_by)
    SELECT agency_id, report_id, raised_at, place, rounds, called, next_at, answered_at, answered_by FROM oncall_call;
DROP TABLE oncall_call;
ALTER TABLE oncall_call_next RENAME TO oncall_call;
CREATE INDEX oncall_call_due ON oncall_call (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX oncall_call_open ON oncall_call (agency_id, raised_at) WHERE answered_at IS NULL;
-- What waits at the desk already with the highest priority: given back and not sent on, or with no agency to go to.
INSERT INTO oncall_call (agency_id, report_id, raised_at, place, rounds, next_at)
    SELECT '', report_id, MIN(said_at), 0, 0, MIN(said_at) FROM report_return
    WHERE state = 'at-desk' AND urgency = 5 GROUP BY report_id;
INSERT INTO oncall_call (agency_id, report_id, raised_at, place, rounds, next_at)
    SELECT '', report.id, work.dead_at, 0, 0, work.dead_at FROM report JOIN work ON work.report_id = report.id
    WHERE report.stage = 'routed' AND report.priority = 'immediate' AND work.dead_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM oncall_call WHERE agency_id = '' AND oncall_call.report_id = report.id);

CREATE TABLE message_next (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT NOT NULL,
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
CREATE INDEX message_over ON message (made_at) WHERE due_at IS NULL;
