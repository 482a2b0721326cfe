-- Epoch keys that can die. A row of epoch_key is sealed by a key of its own in custody, which no backup holds; once that
-- key is destroyed the row, in whatever backup it lies, opens nothing. A row without held_as is from before: it is sealed
-- under the root, and goes with the next rotation.

ALTER TABLE epoch_key ADD COLUMN held_as TEXT;

-- What was. The name and the sealed words stay so that anybody can try them: they open nothing.
CREATE TABLE epoch_history (
    number BIGINT NOT NULL PRIMARY KEY,
    held_as TEXT,
    wrapped {blob},
    created_at BIGINT NOT NULL,
    retired_at BIGINT NOT NULL,
    destroyed_at BIGINT
);
CREATE INDEX epoch_history_waiting ON epoch_history (number) WHERE destroyed_at IS NULL;

-- Which keys are still to be moved to the next epoch.
CREATE INDEX keystore_epoch ON keystore (epoch, report_id, name);

-- What a key's blob was made from, so that a destruction walks to every copy and rendition.
ALTER TABLE keystore ADD COLUMN derived_from TEXT;
CREATE INDEX keystore_derived ON keystore (report_id, derived_from, name) WHERE derived_from IS NOT NULL;

-- A file whose bytes nobody may read any more. While two agencies disagree, another one that held it before still does.
CREATE TABLE tombstone (
    file_id TEXT NOT NULL,
    destruction_id TEXT NOT NULL,
    report_id BIGINT NOT NULL,
    agency_id TEXT,
    holders_read BIGINT NOT NULL CHECK (holders_read IN (0, 1)),
    since BIGINT NOT NULL,
    PRIMARY KEY (file_id, destruction_id)
);
CREATE INDEX tombstone_of_destruction ON tombstone (destruction_id);
