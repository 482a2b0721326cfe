//! Rows of one thing, told by whatever act writes them: what an agency does with a report, whom it gives it to, on which
//! ground a file is seen and by whom, a case with everything in it, what two agencies agree on, a destruction from its asking
//! to its certificate.

use crate::{By, Of, Table};

const REPORT: Of = Of::Each("report");
const CASE: Of = Of::Each("case");
const DECONFLICTION: Of = Of::Each("deconfliction");
const DESTRUCTION: Of = Of::Each("destruction");
const REQUEST: Of = Of::Each("request");

/// The statements with which things begin, and everything of theirs that is not there yet.
const WITH_CASE: &[&str] = &["casefile::insert"];
const WITH_DECONFLICTION: &[&str] = &["related::insert"];
const WITH_REQUEST: &[&str] = &["request::insert"];
const WITH_DESTRUCTION: &[&str] = &["destruction::insert"];
const WITH_GROUND: &[&str] = &["ground::insert"];
const WITH_SESSION: &[&str] = &["viewing_session::insert"];
const WITH_STANDING: &[&str] = &["delivery::begin"];
/// A destruction tells what it drops when it begins, and once it is through.
const DROPPED: &[&str] = &["destruction::insert", "job::dropped"];

/// The texts of a case with their digests. What is as short as a digest is no sealed text, whatever stands beside it.
const CASE_TEXT_BODIES: &str = "-- things::case_text_bodies
    SELECT sha256, sealed_words FROM case_text WHERE number = :key
        AND (sha256 IS NOT NULL OR LENGTH(sealed_words) <= 32)";

/// The bytes of a thing's rows in a table that are told by their digest, which stands beside them: whoever checks compares
/// the two.
#[must_use]
pub fn bodies(name: &str) -> Option<&'static str> {
    (name == "case_text").then_some(CASE_TEXT_BODIES)
}

pub(crate) const ALL: &[Table] = &[
    // An agency's work with a report, and where the report goes.
    Table::writing(
        "standing",
        REPORT,
        "-- things::standing
            SELECT agency_id, status, reason, own_rank, rank, person_id, unit, since_at, due_at, changed_at, version, urgency,
                received_at, available_at, provider_id, incident_type, files, place, basis
            FROM standing WHERE report_id = :key ORDER BY agency_id",
    ),
    Table::writing(
        "standing_change",
        REPORT,
        "-- things::standing_change
            SELECT agency_id, version, changed_at, changed_by, batch_id, status, reason, own_rank, person_id, unit, since_at,
                due_at
            FROM standing_change WHERE report_id = :key ORDER BY agency_id, version",
    )
    .from(WITH_STANDING),
    Table::writing(
        "outcome",
        REPORT,
        "-- things::outcome
            SELECT agency_id, position, code, provider_id, recorded_by, recorded_at, superseded_at
            FROM outcome WHERE report_id = :key ORDER BY agency_id, position",
    ),
    Table::writing(
        "agency_transfer",
        REPORT,
        "-- things::agency_transfer
            SELECT id, from_agency, to_agency, kind, code, reason, sealed_words, state, urgency, offered_by, offered_at, due_at,
                decided_by, decided_at, decline, sealed_answer, delivery_id, version
            FROM agency_transfer WHERE report_id = :key ORDER BY id",
    ),
    Table::writing(
        "handed_on",
        REPORT,
        "-- things::handed_on
            SELECT agency_id, to_agency, handed_at FROM handed_on WHERE report_id = :key ORDER BY agency_id",
    )
    .from(WITH_STANDING),
    Table::writing(
        "foreign_request",
        REPORT,
        "-- things::foreign_request
            SELECT country, point, opened_at, due_at, unable, unable_at, unable_by, forwarded_to, forwarded_at, told_at, version
            FROM foreign_request WHERE report_id = :key",
    ),
    Table::writing(
        "report_return",
        REPORT,
        "-- things::report_return
            SELECT agency_id, number, reason, sealed_words, urgency, said_by, said_at, state, went_to, decided_by, decided_at,
                sealed_answer, version
            FROM report_return WHERE report_id = :key ORDER BY agency_id, number",
    ),
    Table::writing(
        "preservation_letter",
        REPORT,
        "-- things::preservation_letter
            SELECT id, agency_id, sent_by, sent_at, until_at, renewed_at, sealed_reference
            FROM preservation_letter WHERE report_id = :key ORDER BY id",
    ),
    Table::writing(
        "provider_destruction",
        REPORT,
        "-- things::provider_destruction
            SELECT id, file_id, agency_id, provider_id, asked_by, asked_at, acknowledged_by, acknowledged_at
            FROM provider_destruction WHERE report_id = :key ORDER BY id",
    ),
    // On which ground its files are seen, and who saw them.
    Table::writing(
        "ground",
        REPORT,
        "-- things::ground
            SELECT id, agency_id, kind, recorded_by, recorded_at, from_at, until_at, seconded_by, seconded_at, revoked_by,
                revoked_at, document_sha256, sealed_words
            FROM ground WHERE report_id = :key ORDER BY id",
    ),
    Table::writing(
        "ground_file",
        REPORT,
        "-- things::ground_file
            SELECT ground_id, file_id FROM ground_file WHERE report_id = :key ORDER BY ground_id, file_id",
    )
    .from(WITH_GROUND),
    // When a viewer was closed passes: asking for the next file closes it, of whichever report it was.
    Table {
        by: By::Writing { table: "media_view", passing: &["view::close"], ending: &[] },
        ..Table::writing(
            "media_view",
            REPORT,
            "-- things::media_view
                SELECT id, digest, session_digest, person_id, agency_id, file_id, sha256, manner, ground, ground_id, relaxation,
                    asked_at, expires_at, served_at
                FROM media_view WHERE report_id = :key ORDER BY id",
        )
    },
    Table::writing(
        "exposure",
        Of::Each("view"),
        "-- things::exposure
            SELECT id, person_id, shown_at, manner, class FROM exposure WHERE id = :key",
    ),
    Table::writing(
        "notice",
        REPORT,
        "-- things::notice
            SELECT id, agency_id, file_id, ground_id, person_id, told_at, acknowledged_by, acknowledged_at
            FROM notice WHERE report_id = :key ORDER BY id",
    )
    .from(WITH_GROUND),
    Table::writing(
        "viewing_session",
        REPORT,
        "-- things::viewing_session
            SELECT id, agency_id, kind, starts_at, ends_at, supervised_by, recorded_by, recorded_at, sealed_words
            FROM viewing_session WHERE report_id = :key ORDER BY id",
    ),
    Table::writing(
        "viewing_item",
        REPORT,
        "-- things::viewing_item
            SELECT session_id, file_id FROM viewing_item WHERE report_id = :key ORDER BY session_id, file_id",
    )
    .from(WITH_SESSION),
    Table::writing(
        "victim_mark",
        REPORT,
        "-- things::victim_mark
            SELECT file_id, agency_id, mark, marked_by, marked_at
            FROM victim_mark WHERE report_id = :key ORDER BY file_id, agency_id, mark",
    ),
    // A case, with its members, its papers and its legal process.
    Table::writing(
        "casefile",
        CASE,
        "-- things::casefile
            SELECT agency_id, opened_by, opened_at, version, changed_at, shared_at, closed_at, closed_by, reason, reopened_at
            FROM casefile WHERE number = :key",
    ),
    Table::writing(
        "case_member",
        CASE,
        "-- things::case_member
            SELECT person_id, position, level, added_by, added_at, removed_by, removed_at, sealed_need
            FROM case_member WHERE number = :key ORDER BY person_id, position",
    )
    .from(WITH_CASE),
    Table::writing(
        "case_report",
        CASE,
        "-- things::case_report
            SELECT report_id, added_by, added_at FROM case_report WHERE number = :key ORDER BY report_id",
    )
    .from(WITH_CASE),
    Table::writing(
        "case_entry",
        CASE,
        "-- things::case_entry
            SELECT id, kind, version, written_by, written_at, changed_by, changed_at, person_id, due_at, done_at, report_id,
                file_id
            FROM case_entry WHERE number = :key ORDER BY id",
    )
    .from(WITH_CASE),
    Table::writing(
        "case_text",
        CASE,
        "-- things::case_text
            SELECT entry_id, version, written_by, written_at, COALESCE(sha256, sealed_words) AS words
            FROM case_text WHERE number = :key ORDER BY entry_id, version",
    )
    .from(WITH_CASE),
    Table::writing(
        "case_custody",
        CASE,
        "-- things::case_custody
            SELECT entry_id, position, kind, happened_at, recorded_by, recorded_at, sealed_words
            FROM case_custody WHERE number = :key ORDER BY entry_id, position",
    )
    .from(WITH_CASE),
    Table::writing(
        "case_cji",
        CASE,
        "-- things::case_cji
            SELECT entry_id, labelled_by, labelled_at FROM case_cji WHERE number = :key ORDER BY entry_id",
    )
    .from(WITH_CASE),
    Table::writing(
        "case_passing",
        CASE,
        "-- things::case_passing
            SELECT id, entry_id, version, receiver_id, passed_by, passed_at, sealed_words
            FROM case_passing WHERE number = :key ORDER BY id",
    )
    .from(WITH_CASE),
    Table::writing(
        "case_process",
        CASE,
        "-- things::case_process
            SELECT id, kind, recorded_by, recorded_at, from_at, until_at, revoked_by, revoked_at, sealed_words
            FROM case_process WHERE number = :key ORDER BY id",
    )
    .from(WITH_CASE),
    Table::writing(
        "case_process_ground",
        CASE,
        "-- things::case_process_ground
            SELECT process_id, ground_id FROM case_process_ground WHERE number = :key ORDER BY process_id, ground_id",
    )
    .from(WITH_CASE),
    Table::writing(
        "case_hit",
        CASE,
        "-- things::case_hit
            SELECT report_id, shared, found_at, reopened, settled_by, settled_at, taken
            FROM case_hit WHERE number = :key ORDER BY report_id",
    )
    .from(WITH_CASE),
    // What two agencies agree on.
    Table::writing(
        "deconfliction",
        DECONFLICTION,
        "-- things::deconfliction
            SELECT first_agency, second_agency, owner_agency, opened_at, due_at, version, changed_at, proposed, proposed_by,
                settled_at
            FROM deconfliction WHERE id = :key",
    ),
    Table::writing(
        "deconfliction_side",
        DECONFLICTION,
        "-- things::deconfliction_side
            SELECT agency_id, person_id, seen_at FROM deconfliction_side WHERE event_id = :key ORDER BY agency_id",
    )
    .from(WITH_DECONFLICTION),
    Table::writing(
        "deconfliction_pointer",
        DECONFLICTION,
        "-- things::deconfliction_pointer
            SELECT agency_id, report_id, found_at
            FROM deconfliction_pointer WHERE event_id = :key ORDER BY agency_id, report_id",
    )
    .from(WITH_DECONFLICTION),
    Table::writing(
        "deconfliction_case",
        DECONFLICTION,
        "-- things::deconfliction_case
            SELECT agency_id, number, found_at
            FROM deconfliction_case WHERE event_id = :key ORDER BY agency_id, number",
    )
    .from(WITH_DECONFLICTION),
    // What an agency asked the analysts.
    Table::writing(
        "portal_request",
        REQUEST,
        "-- things::portal_request
            SELECT agency_id, kind, report_id, state, opened_by, opened_at, changed_at, version, analyst_id, sealed_subject
            FROM portal_request WHERE number = :key",
    ),
    Table::writing(
        "portal_message",
        REQUEST,
        "-- things::portal_message
            SELECT position, side, written_by, written_at, sealed_words
            FROM portal_message WHERE number = :key ORDER BY position",
    )
    .from(WITH_REQUEST),
    // A destruction. What it drops piece by piece is told once it is through.
    Table::writing(
        "destruction",
        DESTRUCTION,
        "-- things::destruction
            SELECT basis, agency_id, asked_by, asked_at, sealed_reason, conflict_at, refused_at, accepted_at, approval_id,
                accepted_by, seconded_by, due_at, dropped_at, epoch, dead_at, proved_at, proof, certified_at, certificate
            FROM destruction WHERE id = :key",
    ),
    Table {
        by: By::Writing {
            table: "destruction_item",
            passing: &["job::drop", "job::forget"],
            ending: DROPPED,
        },
        ..Table::writing(
            "destruction_item",
            DESTRUCTION,
            "-- things::destruction_item
                SELECT item.report_id, item.file_id, item.origin, item.sha256, item.size_bytes, item.location,
                    CASE WHEN job.dropped_at IS NULL THEN NULL ELSE item.dropped_at END AS dropped_at,
                    CASE WHEN job.dropped_at IS NULL THEN NULL ELSE item.keys END AS keys,
                    CASE WHEN job.dropped_at IS NULL THEN NULL ELSE item.witness_epoch END AS witness_epoch
                FROM destruction_item AS item JOIN destruction AS job ON job.id = item.destruction_id
                WHERE item.destruction_id = :key ORDER BY item.report_id, item.file_id",
        )
    },
    Table {
        by: By::Writing { table: "destruction_report", passing: &["whole::erased", "whole::forget"], ending: DROPPED },
        ..Table::writing(
            "destruction_report",
            DESTRUCTION,
            "-- things::destruction_report
                SELECT item.report_id, CASE WHEN job.dropped_at IS NULL THEN NULL ELSE item.erased_at END AS erased_at,
                    CASE WHEN job.dropped_at IS NULL THEN NULL ELSE item.keys END AS keys
                FROM destruction_report AS item JOIN destruction AS job ON job.id = item.destruction_id
                WHERE item.destruction_id = :key ORDER BY item.report_id",
        )
    },
    Table {
        by: By::Writing { table: "destruction_words", passing: &["words::erased", "words::forget"], ending: DROPPED },
        ..Table::writing(
            "destruction_words",
            DESTRUCTION,
            "-- things::destruction_words
                SELECT item.month, CASE WHEN job.dropped_at IS NULL THEN NULL ELSE item.erased_at END AS erased_at,
                    CASE WHEN job.dropped_at IS NULL THEN NULL ELSE item.keys END AS keys
                FROM destruction_words AS item JOIN destruction AS job ON job.id = item.destruction_id
                WHERE item.destruction_id = :key ORDER BY item.month",
        )
    },
    Table::writing(
        "vendor_destruction",
        DESTRUCTION,
        "-- things::vendor_destruction
            SELECT vendor_id, files, reports, asked_at, due_at, confirmed_by, confirmed_at, document, sha256
            FROM vendor_destruction WHERE destruction_id = :key ORDER BY vendor_id",
    )
    .from(WITH_DESTRUCTION),
    Table::writing(
        "tombstone",
        DESTRUCTION,
        "-- things::tombstone
            SELECT file_id, report_id, agency_id, holders_read, since
            FROM tombstone WHERE destruction_id = :key ORDER BY file_id",
    )
    .from(WITH_DESTRUCTION),
    // The key itself, and how often it was used: told by each sign-in, for its person alone.
    Table {
        name: "passkey_use",
        ..Table::writing(
            "passkey",
            Of::Each("person"),
            "-- things::passkey_use
                SELECT id, stored, counter, backed_up, used_at FROM passkey WHERE person_id = :key ORDER BY id",
        )
    },
];
