//! One change at a time, behind the house's back: every column of every table, every stretch of every stored file. Each is
//! found and named by `ledger verify`, or stands on a list that may only shrink.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use domain::Stage;
use pipeline::{package, worker};
use store::testing::TestHouse;
use store::{dataset, intact};
use testkit::both_engines;
use testkit::tamper::{self, UNPROTECTED};

use crate::coverage::{a_table, text_of};
use crate::{administer, filed, furnished, officer, run, submission, tools};

/// Tables of the schema. Whoever adds one says here where it is tried.
const TABLES: usize = 132;

/// Tests elsewhere whose houses leave rows in tables that this one leaves empty, each tried there in the same way.
const TRIED_ELSEWHERE: &[(&str, &[&str])] = &[
    (
        "casework/tests/nouns/assignment.rs::the_first_rule_that_fits_gives_a_report_to_its_unit_and_to_whoever_is_next",
        &["assign_rule", "unit_member"],
    ),
    (
        "casework/tests/nouns/cases.rs::a_case_is_there_for_its_members_its_commander_and_whoever_it_is_shared_with",
        &["casefile", "case_member"],
    ),
    (
        "casework/tests/nouns/cases.rs::a_task_is_done_and_an_exhibit_has_its_chain_of_custody",
        &["case_entry", "case_text", "case_custody"],
    ),
    (
        "dissemination/tests/nouns/passing.rs::what_is_labelled_is_passed_on_to_a_validated_requester_alone_and_each_time_is_on_record",
        &["case_cji", "case_passing"],
    ),
    (
        "casework/tests/nouns/mailbox.rs::nothing_but_a_code_goes_to_a_mailbox_before_its_person_typed_it",
        &["message_wish"],
    ),
    (
        "casework/tests/nouns/oncall.rs::one_person_after_the_other_is_called_until_somebody_has_it",
        &["oncall_step"],
    ),
    (
        "casework/tests/nouns/outcomes.rs::an_outcome_closes_its_report_and_a_later_one_takes_its_place",
        &["outcome"],
    ),
    (
        "casework/tests/nouns/portal.rs::a_contact_is_confirmed_once_a_year_by_its_own_home_and_marked_until_it_is",
        &["directory_contact"],
    ),
    (
        "casework/tests/nouns/portal.rs::a_document_is_read_in_every_version_until_it_is_withdrawn",
        &["library_document", "library_version"],
    ),
    (
        "casework/tests/nouns/portal.rs::a_thread_says_whose_turn_it_is_and_of_two_who_write_at_once_the_second_is_told",
        &["portal_request", "portal_message"],
    ),
    (
        "casework/tests/nouns/process.rs::a_warrant_opens_the_files_that_it_names_in_every_report_and_no_other",
        &["case_process", "case_process_ground", "case_report"],
    ),
    ("casework/tests/nouns/related.rs::a_side_says_who_handles_it_and_whom_to_call", &["desk_contact"]),
    (
        "casework/tests/nouns/related.rs::one_event_stands_for_all_that_two_agencies_share_of_one_person_and_ends",
        &["deconfliction", "deconfliction_pointer", "deconfliction_side"],
    ),
    (
        "casework/tests/nouns/standing.rs::statuses_follow_each_other_and_each_has_its_reason",
        &["standing", "standing_change"],
    ),
    (
        "casework/tests/nouns/standing_query.rs::a_later_report_of_the_same_person_opens_a_closed_case_again",
        &["case_hit"],
    ),
    (
        "casework/tests/nouns/typed.rs::what_an_officer_writes_is_matched_with_the_reports_of_others_and_both_are_told",
        &["deconfliction_case"],
    ),
    (
        "casework/tests/nouns/webhook.rs::a_receiver_is_told_once_of_what_came_however_often_it_fails",
        &["webhook"],
    ),
    (
        "casework/tests/nouns/wellness.rs::what_somebody_was_shown_is_counted_by_class_for_a_day_and_a_week_and_for_them_alone",
        &["exposure"],
    ),
    (
        "dissemination/tests/nouns/foreign.rs::what_nobody_forwards_is_overdue_to_the_second_until_its_sender_is_told_that_it_was_not",
        &["foreign_request"],
    ),
    (
        "dissemination/tests/nouns/given_back.rs::what_is_not_ours_goes_to_the_next_agency_and_what_nobody_takes_to_the_desk",
        &["report_return"],
    ),
    (
        "dissemination/tests/nouns/transfers.rs::a_report_is_where_it_was_until_the_other_agency_takes_it_and_then_there",
        &["agency_transfer", "handed_on"],
    ),
    (
        "office/tests/keys.rs::a_second_key_takes_a_fresh_person_and_removing_one_ends_the_other_sessions",
        &["passkey"],
    ),
    ("office/tests/keys.rs::an_agency_that_lists_models_takes_no_other", &["accepted_model"]),
    ("office/tests/outside.rs::the_issuer_of_a_session_can_end_it_and_no_other", &["binding"]),
    (
        "pipeline/tests/journey/destroyed.rs::a_preservation_letter_binds_for_ninety_days_and_is_renewed_once",
        &["preservation_letter"],
    ),
    (
        "pipeline/tests/journey/destroyed.rs::an_agencys_request_to_its_sender_is_carried_and_acknowledged_and_destroys_nothing_here",
        &["provider_destruction"],
    ),
    (
        "pipeline/tests/journey/destroyed.rs::another_agencys_hold_makes_a_conflict_in_which_only_its_holder_reads",
        &["hold"],
    ),
    (
        "pipeline/tests/journey/destroyed.rs::what_an_agency_asked_to_destroy_is_gone_in_backups_too_and_the_rest_stays",
        &["approval", "destruction", "destruction_item", "epoch_history", "tombstone"],
    ),
    (
        "pipeline/tests/journey/purged.rs::a_report_whose_day_is_there_goes_as_a_whole_and_leaves_its_leaves_hashes_and_certificate",
        &["destruction_report"],
    ),
    (
        "pipeline/tests/journey/purged.rs::words_about_acts_go_by_the_month_in_backups_too_and_their_leaves_stay",
        &["destruction_words"],
    ),
    (
        "pipeline/tests/journey/vendors.rs::nothing_is_certified_before_every_vendor_with_a_copy_has_shown_that_it_is_gone",
        &["vendor_destruction", "vendor_holding"],
    ),
    ("pipeline/tests/provider/sealed.rs::a_key_that_is_revoked_or_old_is_sealed_to_no_more", &["agency_key"]),
    (
        "rulebook/tests/changes.rs::other_rules_decide_only_once_two_people_agreed_and_their_moment_has_come",
        &["rule_change", "rule_set"],
    ),
    ("seized/tests/sets.rs::a_seized_set_is_taken_found_again_and_given_back_as_it_came", &["seized_set"]),
    (
        "store/tests/core/witnessing.rs::a_proof_takes_up_the_first_quorum_and_never_changes_again",
        &["ledger_cosignature"],
    ),
    ("store/tests/nouns/accounts.rs::an_attribute_is_kept_under_its_cjis_name", &["person_attribute"]),
    (
        "store/tests/nouns/accounts.rs::nobody_comes_in_without_both_codes_proof_and_a_second_person",
        &["invitation", "person"],
    ),
    (
        "store/tests/nouns/affiliations.rs::an_affiliate_is_recorded_by_two_people_from_a_day_to_a_day_and_ended_by_one",
        &["affiliation"],
    ),
    (
        "store/tests/nouns/grounds.rs::a_capability_serves_once_within_its_minute_and_never_after_its_ground",
        &["media_view"],
    ),
    (
        "store/tests/nouns/grounds.rs::a_victims_appointment_holds_only_files_with_that_victims_mark",
        &["victim_mark", "viewing_item", "viewing_session"],
    ),
    (
        "store/tests/nouns/grounds.rs::counsels_word_opens_a_file_once_a_supervisor_and_counsel_agreed_on_exactly_that",
        &["ground", "ground_file"],
    ),
    (
        "store/tests/nouns/grounds.rs::media_permission_is_per_person_ends_by_itself_and_is_never_ones_own_gift",
        &["media_permission"],
    ),
    (
        "store/tests/nouns/houses_gate.rs::managers_are_told_of_an_emergency_look_until_another_of_them_has_read_it",
        &["notice"],
    ),
    ("store/tests/nouns/people.rs::a_ticket_enrols_its_person_once_within_its_time", &["enrolment"]),
    (
        "store/tests/nouns/providers.rs::a_report_keeps_the_contact_version_that_was_in_force_when_it_was_opened",
        &["provider_contact"],
    ),
    (
        "store/tests/nouns/providers.rs::a_provider_that_is_switched_off_is_out_everywhere_with_the_next_request",
        &["provider_switch"],
    ),
    (
        "store/tests/nouns/sender_profile.rs::a_profile_goes_from_draft_to_submitted_to_approved_to_superseded",
        &["sender_profile"],
    ),
    (
        "store/tests/nouns/standing.rs::a_token_that_is_bound_opens_nothing_without_its_certificate",
        &["agency_client", "agency_client_certificate"],
    ),
    (
        "store/tests/nouns/vendors.rs::a_vendor_receives_once_it_has_shown_everything_and_not_a_second_longer",
        &["vendor", "vendor_evidence", "vendor_person"],
    ),
];

/// Rows of things, or of kinds for a thing, of which no act of a house that only took reports in ever spoke.
const SLIPPED_IN: &[(&str, &str, &str)] = &[
    (
        "preservation_letter",
        "id, report_id, agency_id, sent_by, sent_at, until_at, sealed_reference",
        "'x-1', report.id, delivery.agency_id, 'house', 1, 2, report.submission_sha256",
    ),
    (
        "ground",
        "id, report_id, agency_id, kind, recorded_by, recorded_at, from_at, sealed_words",
        "'x-1', report.id, delivery.agency_id, 'CONSENT', 'house', 1, 1, report.submission_sha256",
    ),
    (
        "outcome",
        "agency_id, report_id, position, code, provider_id, recorded_by, recorded_at",
        "delivery.agency_id, report.id, 1, 'x', report.provider_id, 'house', 1",
    ),
    (
        "standing_change",
        "agency_id, report_id, version, changed_at, changed_by, batch_id, status, since_at",
        "delivery.agency_id, report.id, 7, 1, 'house', 'b-1', 'new', 1",
    ),
    (
        "destruction",
        "id, basis, asked_by, asked_at, sealed_reason",
        "'x-1', 'RETENTION', 'house', 1, report.submission_sha256",
    ),
    (
        "casefile",
        "number, agency_id, opened_by, opened_at, version, changed_at",
        "report.id, delivery.agency_id, 'house', 1, 1, 1",
    ),
    (
        "portal_request",
        "number, agency_id, kind, state, opened_by, opened_at, changed_at, version, sealed_subject",
        "report.id, delivery.agency_id, 'x', 'open', 'house', 1, 1, 1, report.submission_sha256",
    ),
];

/// What the check says, whole: rows first, then files.
async fn found(house: &TestHouse) -> Option<String> {
    match house.book().verify().await {
        Ok(verdict) if verdict.wrong.is_some() => verdict.wrong,
        Ok(_) => intact::files(house).await.unwrap().wrong,
        // A row that the house itself can no longer read is found too, though not so well named.
        Err(error) => Some(format!("{error}: {:?}", std::error::Error::source(&error))),
    }
}

/// A house through which a few reports went, with everything that they leave behind.
async fn lived_in(scratch: &testkit::Scratch) -> TestHouse {
    let house = furnished(&scratch.settings).await;
    let table = a_table("a dull table");
    administer(&house, move |act| dataset::add(act, &table)).await;
    for address in ["2001:db8:1::7", "2001:db8:1::7", "2001:db8:2::7"] {
        filed(&house, submission(address)).await;
    }
    worker::drain(&house, &tools()).await.unwrap();
    let officer = officer("icac-us-il-cook-county");
    let first = crate::records::all(&house).await;
    // Leaves of one instant stand in no order that a test could know: one of the reports is the officer's.
    let numbers: BTreeSet<u64> =
        first.iter().filter_map(|one| one.event.as_ref()?["report"].as_u64()).collect();
    let mut taken = false;
    for number in numbers {
        if package::take(&house, &officer, number.try_into().unwrap()).await.is_ok() {
            taken = true;
            break;
        }
    }
    assert!(taken, "the officer has none of the reports");
    crate::records::all(&house).await;
    assert_eq!(found(&house).await, None);
    house
}

// PROVES: R-75
#[test]
fn what_the_list_of_other_tests_names_is_there_and_changes_those_tables() {
    for (place, tables) in TRIED_ELSEWHERE {
        let text =
            text_of(place).unwrap_or_else(|| panic!("{place} is gone, and with it the trial of {tables:?}"));
        assert!(text.contains("tamper::is_found("), "{place} changes nothing");
        for table in *tables {
            assert!(text.contains(&format!("\"{table}\"")), "{place} does not say that it changes {table}");
        }
    }
}

both_engines! {
    // PROVES: R-75 R-76 R-76c
    fn every_changed_column_is_found_and_named_or_stands_on_the_list_that_shrinks(scratch) {
        run(async {
            let house = lived_in(scratch).await;
            let whole = |table: &&str| UNPROTECTED.iter().any(|(known, columns, _)| known == table && columns.contains(&"*"));
            let outcome = tamper::every_column(scratch, |table| !whole(&table), async || found(&house).await).await;
            outcome.holds();
            assert!(outcome.changed > 120, "only {} columns could be changed", outcome.changed);
            // Every table is tried, here or elsewhere, or stands on the list as a whole.
            let all = tamper::schema(&scratch.open());
            assert_eq!(all.len(), TABLES, "tables of the schema");
            let elsewhere: BTreeSet<&str> = TRIED_ELSEWHERE.iter().flat_map(|(_, tables)| *tables).copied().collect();
            let untried: Vec<&String> = outcome.empty.iter().filter(|table| !elsewhere.contains(table.as_str())).collect();
            assert_eq!(untried, Vec::<&String>::new(), "no test changes a row of these");
            let gone: Vec<&&str> = elsewhere.iter().filter(|table| !all.contains_key(**table)).collect();
            assert_eq!(gone, Vec::<&&str>::new(), "no such table");
            let unknown = UNPROTECTED.iter().filter(|(table, columns, _)| {
                !all.get(*table).is_some_and(|known| columns.iter().all(|column| *column == "*" || known.contains(*column)))
            });
            assert_eq!(unknown.map(|(table, ..)| *table).collect::<Vec<_>>(), Vec::<&str>::new(), "not in the schema");
        });
    }

    // PROVES: R-75 R-76
    fn what_is_slipped_in_of_a_kind_that_no_act_ever_told_is_found(scratch) {
        run(async {
            let (house, database) = (lived_in(scratch).await, scratch.open());
            let (number, columns) = ("report.id + 1000", &tamper::schema(&database)["report"]);
            let names: Vec<&str> = columns.iter().map(String::as_str).collect();
            let copied: Vec<&str> = names.iter().map(|name| if *name == "id" { number } else { *name }).collect();
            let report = ("report", names.join(", "), copied.join(", "));
            let slipped = SLIPPED_IN.iter().map(|(table, names, values)| (*table, (*names).to_owned(), (*values).to_owned()));
            for (table, names, values) in slipped.chain([report]) {
                // One report and its delivery: whatever is needed of them.
                let of = if table == "report" { "report" } else { "report JOIN delivery ON delivery.report_id = report.id" };
                let put = format!("INSERT INTO {table} ({names}) SELECT {values} FROM {of} ORDER BY report.id LIMIT 1");
                assert_eq!(tamper::behind(&database, &[&put]), [1], "{table}");
                let wrong = found(&house).await.unwrap_or_default();
                assert!(wrong.starts_with(table), "{table}: {wrong:?}");
                let which = if table == "report" { "WHERE id > 1000 + (SELECT MIN(id) FROM report) - 1" } else { "" };
                assert_eq!(tamper::behind(&database, &[&format!("DELETE FROM {table} {which}")]), [1], "{table}");
                assert_eq!(found(&house).await, None, "after {table}");
            }
        });
    }

    // PROVES: R-75 R-76
    fn a_report_that_is_put_back_to_an_earlier_stride_of_the_same_instant_is_found(scratch) {
        run(async {
            let (house, database) = (lived_in(scratch).await, scratch.open());
            let stages = [Stage::Enriched, Stage::Correlated, Stage::Triaged, Stage::Routed, Stage::Available];
            for stage in stages {
                let put = |stage: Stage, since: &str| {
                    let text = format!("UPDATE report SET stage = '{stage}', undelivered_since = {since}");
                    tamper::behind(&database, &[&text])[0]
                };
                let since = if stage.is_delivered() { "NULL" } else { "finished_at" };
                assert!(put(stage, since) > 0);
                let wrong = found(&house).await.unwrap_or_default();
                assert!(wrong.starts_with("report_stage of report"), "{stage}: {wrong:?}");
                put(Stage::Retained, "NULL");
            }
            assert_eq!(found(&house).await, None);
        });
    }

    // PROVES: R-75 R-76
    fn every_changed_stretch_of_every_stored_file_is_found_and_named(scratch) {
        run(async {
            let house = lived_in(scratch).await;
            let mut changed = 0;
            for file in files(&house.folder().join("vault")) {
                let bytes = fs::read(&file).unwrap();
                for at in (0..bytes.len()).step_by(32) {
                    let mut other = bytes.clone();
                    other[at] ^= 1;
                    fs::write(&file, &other).unwrap();
                    let wrong = found(&house).await.unwrap_or_default();
                    assert!(wrong.starts_with("file "), "byte {at} of {} in {}: {wrong:?}", bytes.len(), file.display());
                    changed += 1;
                }
                fs::write(&file, &bytes).unwrap();
                fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
                assert!(found(&house).await.is_some(), "a shorter {}", file.display());
                fs::write(&file, &bytes).unwrap();
            }
            assert!(changed > 5, "{changed}");
            assert_eq!(found(&house).await, None);
        });
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if fs::metadata(&path).unwrap().len() > 0 {
            all.push(path);
        }
    }
    all
}
