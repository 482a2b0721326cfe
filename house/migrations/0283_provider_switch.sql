-- When and why a provider was switched off, and on again. Whether it is off now says provider.disabled_at.
CREATE TABLE provider_switch (
    provider_id TEXT NOT NULL REFERENCES provider (id),
    number BIGINT NOT NULL,
    is_off BIGINT NOT NULL CHECK (is_off IN (0, 1)),
    because TEXT NOT NULL,
    turned_by TEXT NOT NULL,
    turned_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, number)
);

INSERT INTO told_register (name, version) VALUES ('provider_switch', 0);
