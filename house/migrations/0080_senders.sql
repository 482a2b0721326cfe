-- What senders are told: that a profile comes back to be mended, and how many reports of a week lack what.
-- Moments are microseconds UTC; a state that began is a nullable moment. Columns are described in columns.toml.

-- Sent back: the version neither waits nor comes into force. The comment may name a person, so it is sealed.
ALTER TABLE sender_profile ADD COLUMN returned_at BIGINT;
ALTER TABLE sender_profile ADD COLUMN returned_by TEXT;
ALTER TABLE sender_profile ADD COLUMN sealed_comment {blob};
DROP INDEX sender_profile_waiting;
CREATE INDEX sender_profile_waiting ON sender_profile (submitted_at)
    WHERE submitted_at IS NOT NULL AND approved_at IS NULL AND superseded_at IS NULL AND returned_at IS NULL;

-- Counted as reports are judged, so that a card reads a few rows however many reports a week has. A report counts in the
-- share that its number gives, so that workers rarely wait for each other. Rule '' counts every judged report.
CREATE TABLE quality_tally (
    provider_id TEXT NOT NULL,
    week BIGINT NOT NULL,
    rule TEXT NOT NULL,
    share BIGINT NOT NULL,
    reports BIGINT NOT NULL,
    PRIMARY KEY (provider_id, week, rule, share)
);
