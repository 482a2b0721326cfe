-- What a provider asks of its own reports: the newest first, between two moments. Numbers are drawn in blocks, so their
-- order is not the order of opening.
CREATE INDEX report_by_opening ON report (provider_id, opened_at, id);
