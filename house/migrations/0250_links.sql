-- A link leads from a report that its act has just moved to one that a row of `selector` refers to, and no row of a
-- report is ever deleted. Checking that again locked every linked report once for each link.
ALTER TABLE link DROP CONSTRAINT link_report_id_fkey;
ALTER TABLE link DROP CONSTRAINT link_other_id_fkey;
-- A report moves a few times within moments: with room on its page that costs no index an entry.
ALTER TABLE report SET (fillfactor = 70);
