-- Which events a report is part of, asked on its page.
CREATE INDEX deconfliction_pointer_of_report ON deconfliction_pointer (agency_id, report_id);
