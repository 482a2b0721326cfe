-- The basis on which a report is there, beside what else its agency looks through; and an index for each word that is rare
-- among what is open, or of what was closed.
ALTER TABLE standing ADD COLUMN basis TEXT;
UPDATE standing SET basis = (SELECT basis FROM delivery
    WHERE delivery.report_id = standing.report_id AND delivery.agency_id = standing.agency_id);
CREATE INDEX standing_of_basis ON standing (agency_id, basis, rank, received_at, report_id) WHERE status <> 'closed';
CREATE INDEX standing_of_reason ON standing (agency_id, reason, rank, received_at, report_id) WHERE reason IS NOT NULL;

-- What an agency gave a priority of its own is little. Together with the list of one priority it holds whatever we advised
-- otherwise, so that nobody pays for an index of our advice with every report.
CREATE INDEX standing_of_own ON standing (agency_id, own_rank, rank, received_at, report_id)
    WHERE own_rank IS NOT NULL AND status <> 'closed';
