-- Which rules are in force: the texts of every set that this house has seen, and from when on which of them counts. A set
-- that nobody agreed to lies there and decides nothing. Rows are only ever added.
CREATE TABLE rule_set (
    id TEXT NOT NULL PRIMARY KEY,
    sha256 {blob} NOT NULL,
    texts TEXT NOT NULL,
    kept_at BIGINT NOT NULL
);

CREATE TABLE rule_change (
    number BIGINT NOT NULL PRIMARY KEY,
    rule_set_id TEXT NOT NULL REFERENCES rule_set (id),
    starts_at BIGINT NOT NULL,
    agreed_at BIGINT NOT NULL,
    approval_id TEXT UNIQUE REFERENCES approval (id),
    CHECK (number > 1 OR approval_id IS NULL),
    CHECK (starts_at >= agreed_at)
);
CREATE INDEX rule_change_of_moment ON rule_change (starts_at, number);
