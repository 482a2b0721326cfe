//! Registers: who is who, what they may, what two people agreed on, which rules and tables are in force. Small tables that
//! people change, each told as a whole by every act that writes one.

use crate::{By, Of, Table};

pub(crate) const ALL: &[Table] = &[
    Table::register(
        "accepted_model",
        "-- registers::accepted_model
            SELECT home, aaguid, name, fips, root_pem, added_at
            FROM accepted_model ORDER BY home, aaguid",
    ),
    Table::register(
        "affiliation",
        "-- registers::affiliation
            SELECT task_force_id, affiliate_id, number, agreement, agreement_sha256, from_at, until_at, agreed_by, recorded_at,
                ended_by, ended_at
            FROM affiliation ORDER BY task_force_id, affiliate_id, number",
    ),
    Table::register(
        "agency",
        "-- registers::agency
            SELECT id, name, class, relationship, state, qualifying_fact, verified_by, evidence, qualified_until,
                changed_at, disabled_at, qualified_at, lapsed_at
            FROM agency ORDER BY id",
    ),
    Table::register(
        "agency_client",
        "-- registers::agency_client
            SELECT id, agency_id, token_digest, added_at, disabled_at FROM agency_client ORDER BY id",
    ),
    Table::register(
        "agency_client_certificate",
        "-- registers::agency_client_certificate
            SELECT client_id, sha256, bound_at, bound_by
            FROM agency_client_certificate ORDER BY client_id",
    ),
    Table::register(
        "agency_key",
        "-- registers::agency_key
            SELECT agency_id, fingerprint, public_key, registered_at, registered_by, confirmed_at, confirmed_by, sealed_how,
                ends_at, revoked_at, revoked_by
            FROM agency_key ORDER BY agency_id, fingerprint",
    ),
    Table::register(
        "approval",
        "-- registers::approval
            SELECT id, kind, subject, sealed_details, asked_by, asked_at, ends_at, outcome, decided_by, decided_at,
                sealed_reason, spent_at
            FROM approval ORDER BY id",
    ),
    Table::register(
        "assign_rule",
        "-- registers::assign_rule
            SELECT agency_id, position, incident_type, place, rank, unit, in_turn, changed_by, changed_at, removed_at
            FROM assign_rule ORDER BY agency_id, position",
    ),
    passing(
        "binding",
        &["binding::mark_used"],
        "-- registers::binding
            SELECT id, person_id, means, issuer, subject_digest, sealed_subject, approval_id, added_at, removed_at
            FROM binding ORDER BY id",
    ),
    passing(
        "credential",
        &["credential::mark_used"],
        "-- registers::credential
            SELECT id, provider_id, username, secret_digest, may_submit, may_update, added_at, disabled_at, kind, ends_at
            FROM credential ORDER BY id",
    ),
    Table::register(
        "dataset",
        "-- registers::dataset
            SELECT sha256, kind, name, as_of, source, licence, attribution, format, size_bytes, added_at
            FROM dataset ORDER BY sha256",
    ),
    Table::register(
        "desk_contact",
        "-- registers::desk_contact
            SELECT agency_id, changed_by, changed_at, version, sealed_contact
            FROM desk_contact ORDER BY agency_id",
    ),
    Table::register(
        "directory_contact",
        "-- registers::directory_contact
            SELECT id, agency_id, duty, version, changed_by, changed_at, confirmed_by, confirmed_at, removed_at,
                sealed_words
            FROM directory_contact ORDER BY id",
    ),
    Table::register(
        "enrolment",
        "-- registers::enrolment
            SELECT digest, person_id, cause, issued_at, expires_at, spent_at, voided_at
            FROM enrolment ORDER BY digest",
    ),
    Table::register(
        "epoch_history",
        "-- registers::epoch_history
            SELECT number, held_as, wrapped, created_at, retired_at, destroyed_at
            FROM epoch_history ORDER BY number",
    ),
    Table::register(
        "hold",
        "-- registers::hold
            SELECT id, report_id, file_id, agency_id, placed_by, placed_at, review_at, sealed_reason, released_by, released_at
            FROM hold ORDER BY id",
    ),
    Table::register(
        "invitation",
        "-- registers::invitation
            SELECT id, agency_id, provider_id, role, sealed_words, mail_digest, invited_by, invited_at, ends_at,
                temporary_until, token_digest, mail_code_digest, second_code_digest, codes_end_at, wrong_codes,
                confirmed_at, sealed_proof, proofed_by, proofed_at, person_id, withdrawn_at
            FROM invitation ORDER BY id",
    ),
    Table::register(
        "library_document",
        "-- registers::library_document
            SELECT id, shelf, version, changed_at, withdrawn_by, withdrawn_at
            FROM library_document ORDER BY id",
    ),
    Table::register(
        "library_version",
        "-- registers::library_version
            SELECT document_id, version, title, summary, file_name, media_type, size_bytes, sha256, added_by, added_at
            FROM library_version ORDER BY document_id, version",
    ),
    Table::register(
        "media_permission",
        "-- registers::media_permission
            SELECT id, person_id, agency_id, granted_by, granted_at, until_at, revoked_by, revoked_at, sealed_reason
            FROM media_permission ORDER BY id",
    ),
    passing(
        "message_wish",
        &["mailbox::code", "mailbox::try", "message::arrived", "message::new_for", "message::told"],
        "-- registers::message_wish
            SELECT person_id, agency_id, changed_at, version, wants_new, confirmed_at, sealed_address
            FROM message_wish ORDER BY person_id",
    ),
    Table::register(
        "oncall_step",
        "-- registers::oncall_step
            SELECT id, agency_id, place, person_id, minutes, from_at, until_at, added_by, added_at, removed_at,
                removed_by
            FROM oncall_step ORDER BY id",
    ),
    passing(
        "passkey",
        &["passkey::mark_used"],
        "-- registers::passkey
            SELECT id, person_id, site, credential, sealed_name, algorithm, aaguid, attested, syncable, added_at,
                removed_at
            FROM passkey ORDER BY id",
    ),
    passing(
        "person",
        &["account::entered"],
        "-- registers::person
            SELECT id, agency_id, provider_id, role, sealed_name, added_at, disabled_at, attested_until, trained_until,
                temporary_until, disabled_because, mail_digest, reviewed_at
            FROM person ORDER BY id",
    ),
    Table::register(
        "person_attribute",
        "-- registers::person_attribute
            SELECT person_id, name, value, set_at
            FROM person_attribute ORDER BY person_id, name",
    ),
    Table::register(
        "provider",
        "-- registers::provider
            SELECT id, name, added_at, disabled_at FROM provider ORDER BY id",
    ),
    Table::register(
        "provider_contact",
        "-- registers::provider_contact
            SELECT provider_id, version, recorded_at, sealed_contact FROM provider_contact ORDER BY provider_id, version",
    ),
    Table::register(
        "provider_switch",
        "-- registers::provider_switch
            SELECT provider_id, number, is_off, because, turned_by, turned_at
            FROM provider_switch ORDER BY provider_id, number",
    ),
    Table::register(
        "rule_change",
        "-- registers::rule_change
            SELECT number, rule_set_id, starts_at, agreed_at, approval_id
            FROM rule_change ORDER BY number",
    ),
    Table::register(
        "rule_set",
        "-- registers::rule_set
            SELECT id, sha256, texts, kept_at
            FROM rule_set ORDER BY id",
    ),
    passing(
        "seized_set",
        &["set::grow"],
        "-- registers::seized_set
            SELECT id, agency_id, sealed_name, form, region, begun_at, begun_by, taken_at, sha256, removed_at,
                removed_by, CASE WHEN taken_at IS NULL THEN 0 ELSE records END AS records,
                CASE WHEN taken_at IS NULL THEN 0 ELSE undigested END AS undigested
            FROM seized_set ORDER BY id",
    ),
    Table::register(
        "sender_profile",
        "-- registers::sender_profile
            SELECT provider_id, version, sealed_content, returned_at, returned_by, sealed_comment, saved_at, saved_by,
                submitted_at, submitted_by, approved_at, approved_by, superseded_at
            FROM sender_profile ORDER BY provider_id, version",
    ),
    passing(
        "unit_member",
        &["assignment::took"],
        "-- registers::unit_member
            SELECT agency_id, unit, person_id
            FROM unit_member ORDER BY agency_id, unit, person_id",
    ),
    Table::register(
        "vendor",
        "-- registers::vendor
            SELECT id, name, services, grace_days, added_by, added_at, ended_by, ended_at
            FROM vendor ORDER BY id",
    ),
    Table::register(
        "vendor_evidence",
        "-- registers::vendor_evidence
            SELECT vendor_id, number, kind, document, sha256, from_at, until_at, recorded_by, recorded_at
            FROM vendor_evidence ORDER BY vendor_id, number",
    ),
    Table::register(
        "vendor_holding",
        "-- registers::vendor_holding
            SELECT vendor_id, number, report_id, file_id, from_at, until_at, recorded_by, recorded_at, emptied_by,
                emptied_at, document, sha256
            FROM vendor_holding ORDER BY vendor_id, number",
    ),
    Table::register(
        "vendor_person",
        "-- registers::vendor_person
            SELECT vendor_id, number, sealed_name, reaches, employer, cleared_until, recorded_by, recorded_at,
                removed_by, removed_at
            FROM vendor_person ORDER BY vendor_id, number",
    ),
    passing(
        "webhook",
        &["replay::ask", "replay::done", "replay::said", "webhook::ask", "webhook::failed", "webhook::pinged", "webhook::take", "webhook::took"],
        "-- registers::webhook
            SELECT id, agency_id, added_by, added_at, former_until, removed_at, removed_by, sealed_target
            FROM webhook ORDER BY id",
    ),
];

/// A register with statements that write nothing but what passes.
const fn passing(table: &'static str, passing: &'static [&'static str], select: &'static str) -> Table {
    Table { name: table, of: Of::House, select, by: By::Writing { table, passing, ending: &[] } }
}
