-- What every house has, whatever its nouns: settings, keys, the ledger, the work queue, dated tables.
-- Moments are microseconds UTC. Columns are described in columns.toml.

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE epoch_key (
    number BIGINT NOT NULL PRIMARY KEY,
    wrapped {blob} NOT NULL,
    created_at BIGINT NOT NULL
);

-- Report first, so that the keys of a report lie together and are destroyed together.
CREATE TABLE keystore (
    report_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    epoch BIGINT NOT NULL REFERENCES epoch_key (number),
    wrapped {blob} NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (report_id, name)
);

-- A leaf without an index is promised and waits for the sequencer.
CREATE TABLE ledger_leaf (
    id {blob} NOT NULL PRIMARY KEY,
    leaf_index BIGINT,
    kind TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    report_id BIGINT,
    entry {blob} NOT NULL,
    sealed_event {blob} NOT NULL
);
CREATE UNIQUE INDEX ledger_leaf_index ON ledger_leaf (leaf_index) WHERE leaf_index IS NOT NULL;
CREATE INDEX ledger_leaf_waiting ON ledger_leaf (occurred_at, id) WHERE leaf_index IS NULL;
CREATE INDEX ledger_leaf_report ON ledger_leaf (report_id, kind) WHERE report_id IS NOT NULL;

CREATE TABLE ledger_tree (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    size BIGINT NOT NULL,
    note TEXT
);
INSERT INTO ledger_tree (one, size) VALUES (1, 0);

CREATE TABLE ledger_tile (
    level BIGINT NOT NULL,
    tile_index BIGINT NOT NULL,
    hashes {blob} NOT NULL,
    PRIMARY KEY (level, tile_index)
);

-- The history of what was signed; the newest is in ledger_tree.
CREATE TABLE ledger_checkpoint (
    size BIGINT NOT NULL PRIMARY KEY,
    note TEXT NOT NULL
);

-- One row per report that is owed a step. While a worker holds it, due_at is the end of the hold.
CREATE TABLE work (
    report_id BIGINT NOT NULL PRIMARY KEY,
    rank BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    asked BIGINT NOT NULL,
    owner TEXT,
    dead_at BIGINT,
    last_error TEXT
);
CREATE INDEX work_due ON work (rank, due_at) WHERE dead_at IS NULL;
CREATE INDEX work_dead ON work (dead_at) WHERE dead_at IS NOT NULL;

CREATE TABLE dataset (
    sha256 {blob} NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    as_of TEXT NOT NULL,
    source TEXT NOT NULL,
    licence TEXT NOT NULL,
    attribution TEXT NOT NULL,
    format TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (kind, sha256)
);
