-- What an agency's own system reads in its feed besides deliveries: each step of a transfer, in the feeds of both agencies,
-- and a report that came back to one. Written in the act of the leaf; its place in the feed comes from the tree, as that of a
-- delivery does.
CREATE TABLE feed_notice (
    leaf_id {blob} NOT NULL,
    agency_id TEXT NOT NULL REFERENCES agency (id),
    transfer_id TEXT REFERENCES agency_transfer (id),
    came_back TEXT,
    -- The delivery by which the agency has what came back.
    delivery_leaf {blob},
    PRIMARY KEY (leaf_id, agency_id),
    CHECK ((came_back IS NULL) = (delivery_leaf IS NULL)),
    CHECK (transfer_id IS NOT NULL OR came_back IS NOT NULL)
);
ALTER TABLE feed_entry ADD COLUMN transfer_id TEXT;
CREATE INDEX feed_entry_transfer ON feed_entry (agency_id, position) WHERE transfer_id IS NOT NULL;
