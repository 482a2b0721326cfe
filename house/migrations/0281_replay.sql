-- What a webhook was called with, one row however often it was tried: its name stays the same when it is said again.
CREATE TABLE webhook_call (
    webhook_id TEXT NOT NULL REFERENCES webhook (id),
    through BIGINT NOT NULL,
    name TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    PRIMARY KEY (webhook_id, through)
);
CREATE INDEX webhook_call_at ON webhook_call (webhook_id, first_at);

-- What is to be said again: asked for behind one place of the feed, said so far, and up to which place. What is new takes turns
-- with it: whether the next call says something again.
ALTER TABLE webhook ADD COLUMN again_from BIGINT;
ALTER TABLE webhook ADD COLUMN again_after BIGINT;
ALTER TABLE webhook ADD COLUMN again_until BIGINT;
ALTER TABLE webhook ADD COLUMN again_next BIGINT NOT NULL DEFAULT 0;
