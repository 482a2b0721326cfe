-- Witnesses of the ledger: what each saw last, what each said, and the checkpoints that a quorum vouches for.
-- Moments are microseconds UTC. Columns are described in columns.toml.

-- One row a witness. While a process asks it, due_at is the end of that process's turn.
CREATE TABLE ledger_witness (
    witness TEXT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    cosigned_at BIGINT,
    failures BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    trouble TEXT
);

-- What a witness said of one checkpoint, as it said it first.
CREATE TABLE ledger_cosignature (
    size BIGINT NOT NULL,
    witness TEXT NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (size, witness)
);

-- The note with the cosignatures that made the first quorum over it. Written once, and never below one that is larger.
ALTER TABLE ledger_checkpoint ADD COLUMN witnessed TEXT;
CREATE INDEX ledger_checkpoint_witnessed ON ledger_checkpoint (size) WHERE witnessed IS NOT NULL;
