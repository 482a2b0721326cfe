-- Before 0240 a mailbox was written to on its person's word alone; since then none of those was written to at all. Where a
-- mail server took a test that its person asked for after they named it, it counts as theirs.
UPDATE message_wish SET confirmed_at = changed_at, code_digest = NULL, code_until = NULL
WHERE confirmed_at IS NULL AND EXISTS (SELECT 1 FROM message WHERE message.person_id = message_wish.person_id
    AND message.kind = 'test' AND message.sent_at IS NOT NULL AND message.made_at > message_wish.changed_at);

-- Everybody else is sent a code at once, but for those for whom one was made already. What follows gives these messages
-- their names and their time, which each engine has in its own words.
INSERT INTO message (id, agency_id, person_id, kind, made_at, due_at, attempts)
SELECT 'made-' || person_id, agency_id, person_id, 'confirm', 0, 0, 0 FROM message_wish
WHERE confirmed_at IS NULL
    AND EXISTS (SELECT 1 FROM person WHERE person.id = message_wish.person_id AND person.disabled_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM message WHERE message.person_id = message_wish.person_id
        AND message.kind = 'confirm' AND message.made_at >= message_wish.changed_at);

-- Every inbox asks which calls are open; those that were answered only grow.
CREATE INDEX oncall_call_open ON oncall_call (agency_id, raised_at) WHERE answered_at IS NULL;
