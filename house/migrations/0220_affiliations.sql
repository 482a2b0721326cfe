-- Which agency is an affiliate of which task force, from when until when, on the word of two people.
CREATE TABLE affiliation (
    task_force_id TEXT NOT NULL REFERENCES agency (id),
    affiliate_id TEXT NOT NULL REFERENCES agency (id),
    number BIGINT NOT NULL,
    agreement TEXT NOT NULL,
    agreement_sha256 TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    agreed_by TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    ended_by TEXT,
    ended_at BIGINT,
    PRIMARY KEY (task_force_id, affiliate_id, number),
    CHECK (task_force_id <> affiliate_id),
    CHECK (from_at < until_at),
    CHECK ((ended_by IS NULL) = (ended_at IS NULL))
);
CREATE INDEX affiliation_of_affiliate ON affiliation (affiliate_id, task_force_id, number);

INSERT INTO told_register (name, version) VALUES ('affiliation', 0);
