-- What is new and what is said again take turns: whether the next call says something again.
ALTER TABLE webhook ADD COLUMN again_next BIGINT NOT NULL DEFAULT 0;
