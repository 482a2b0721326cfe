-- Agencies ask about thousands of hashes at once, and most of their lists hold MD5 and SHA-1.
CREATE INDEX evidence_by_md5 ON evidence (md5, report_id);
CREATE INDEX evidence_by_sha1 ON evidence (sha1, report_id);
