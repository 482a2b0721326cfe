-- Since when an agency may receive and when that came to its end (R-21); when an account was last reviewed (R-71).
ALTER TABLE agency ADD COLUMN qualified_at BIGINT;
ALTER TABLE agency ADD COLUMN lapsed_at BIGINT;
ALTER TABLE person ADD COLUMN reviewed_at BIGINT;
CREATE INDEX agency_to_lapse ON agency (qualified_until) WHERE lapsed_at IS NULL AND qualified_until IS NOT NULL;
