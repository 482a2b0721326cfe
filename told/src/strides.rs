//! What a report's strides tell of its rows: what they say never changes until another event of the same kinds says it anew.
//! All of it is read together, in the trip in which the stride's own act ends.

use crate::{By, Of, Table};

/// Where a report stands is told by each stride that tells anything, so that it costs no trip of its own.
const STRIDES: &[&str] = &[
    "report-enriched",
    "report-correlated",
    "report-triaged",
    "report-routed",
    "report-delivered",
    "report-retained",
];

pub(crate) const ALL: &[Table] = &[
    told(
        "report",
        &["report-finished"],
        "-- strides::report
            SELECT id, provider_id, credential_id, incident_type, urgent, documents, files, opened_at, finished_at,
                preserve_until, submission_sha256, sender_profile, contact_version
            FROM report WHERE id = :key",
    ),
    told(
        "document",
        &["report-finished"],
        "-- strides::document
            SELECT position, kind, file_id, received_at, superseded_at, size_bytes, sha256, sealed_content_type, sealed_body,
                sealed_reading
            FROM document WHERE report_id = :key ORDER BY position",
    ),
    told(
        "evidence",
        &["report-finished", "file-destroyed"],
        "-- strides::evidence
            SELECT file_id, position, received_at, size_bytes, md5, sha1, sha256, location, viewed, exif_viewed,
                publicly_available, statement, sealed_upload
            FROM evidence WHERE report_id = :key ORDER BY file_id",
    ),
    told(
        "finding",
        &["report-enriched"],
        "-- strides::finding
            SELECT position, enricher, dataset, as_of, found_at, sealed_answers
            FROM finding WHERE report_id = :key ORDER BY position",
    ),
    told(
        "selector_list",
        &["report-correlated"],
        "-- strides::selector_list
            SELECT recorded_at, sealed_selectors FROM selector_list WHERE report_id = :key",
    ),
    told(
        "selector",
        &["report-correlated"],
        "-- strides::selector
            SELECT digest, kind FROM selector WHERE report_id = :key ORDER BY digest",
    ),
    told(
        "link",
        &["report-triaged"],
        "-- strides::link
            SELECT other_id, kind, shared, linked_at FROM link WHERE report_id = :key ORDER BY other_id, kind",
    ),
    told(
        "triage",
        &["report-triaged"],
        "-- strides::triage
            SELECT position, priority, rule_set, decided_at, reasons, sealed_facts
            FROM triage WHERE report_id = :key ORDER BY position",
    ),
    told(
        "quality",
        &["report-triaged"],
        "-- strides::quality
            SELECT provider_id, week, score, lacks, rule_set, judged_at FROM quality WHERE report_id = :key",
    ),
    told(
        "route",
        &["report-routed"],
        "-- strides::route
            SELECT position, rule_set, decided_at, sealed_facts, sealed_decision
            FROM route WHERE report_id = :key ORDER BY position",
    ),
    told(
        "delivery",
        &["report-delivered"],
        "-- strides::delivery
            SELECT leaf_id, agency_id, basis, channel, rule, says, rule_set, available_at, urgency, received_at, provider_id,
                incident_type, files
            FROM delivery WHERE report_id = :key ORDER BY leaf_id",
    ),
    told(
        "retention",
        &["report-retained"],
        "-- strides::retention
            SELECT rule_set, recorded_at, next_at, clocks FROM retention WHERE report_id = :key",
    ),
    told(
        "report_stage",
        STRIDES,
        "-- strides::report_stage
            SELECT stage, priority, undelivered_since FROM report WHERE id = :key",
    ),
];

const fn told(name: &'static str, by: &'static [&'static str], select: &'static str) -> Table {
    Table { name, of: Of::Each("report"), select, by: By::Events(by) }
}
