//! The event types that must be recorded (R-76a), each caused by what people and machines really do, success and refusal,
//! and each found exactly once. The list is complete by construction: a kind of the closed list that nothing here causes,
//! and that does not stand on the list of exceptions, fails the test.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use domain::{CredentialId, Id as _, PersonId};
use jiff::SignedDuration;
use office::sign_in;
use pipeline::intake::{begin_upload, finish, retract};
use pipeline::{InboxQuery, dossier, inbox, package, worker};
use policy::ViewerRole;
use store::person::{self, Home, Person};
use store::testing::TestHouse;
use store::{Attempt, EventKind as Kind, agency, credential, dataset, provider, setting};
use testkit::both_engines;

use crate::records::all;
use crate::{administer, furnished, login, officer, opened, registered, run, submission, tools};

/// Kinds that other tests cause, with the file of the test. It may only shrink.
const ELSEWHERE: &[(Kind, &str)] = &[
    (Kind::OfflineExported, "clearinghouse/tests/demo.rs"),
    (Kind::RulesFounded, "rulebook/tests/changes.rs"),
    (Kind::RulesOffered, "rulebook/tests/changes.rs"),
    (Kind::RulesAgreed, "rulebook/tests/changes.rs"),
    (Kind::VendorAdded, "store/tests/nouns/vendors.rs"),
    (Kind::VendorEvidenceRecorded, "store/tests/nouns/vendors.rs"),
    (Kind::VendorPersonListed, "store/tests/nouns/vendors.rs"),
    (Kind::VendorEnded, "store/tests/nouns/vendors.rs"),
    (Kind::VendorAsked, "store/tests/nouns/vendors.rs"),
    (Kind::NoticeAcknowledged, "store/tests/nouns/houses_gate.rs"),
    (Kind::SeizedSetGrew, "seized/tests/sets.rs"),
    (Kind::SeizedSetTaken, "seized/tests/sets.rs"),
    (Kind::SeizedSetRemoved, "seized/tests/sets.rs"),
    (Kind::SeizedSetGiven, "seized/tests/sets.rs"),
    (
        Kind::FileDescribed,
        "store/tests/nouns/documents.rs::a_second_statement_takes_the_place_of_the_first_which_stays",
    ),
    (
        Kind::ReportDestroyed,
        "pipeline/tests/journey/purged.rs::a_report_whose_day_is_there_goes_as_a_whole_and_leaves_its_leaves_hashes_and_certificate",
    ),
    (
        Kind::FileOpened,
        "store/tests/nouns/grounds.rs::a_capability_serves_once_within_its_minute_and_never_after_its_ground",
    ),
    (
        Kind::WorkRevived,
        "store/tests/core/work.rs::failed_work_waits_twice_as_long_each_time_and_is_dead_after_the_twelfth",
    ),
    (
        Kind::TransferBegun,
        "store/tests/nouns/transfers.rs::a_transfer_is_its_providers_own_and_bounded_in_number",
    ),
    (Kind::TransferGrew, "store/tests/nouns/transfers.rs::segments_become_one_file_and_leave_no_key_behind"),
    (
        Kind::TransferDropped,
        "store/tests/nouns/transfers.rs::a_transfer_is_its_providers_own_and_bounded_in_number",
    ),
    (Kind::TransfersForgotten, "store/tests/nouns/transfers.rs"),
    (Kind::RequestsForgotten, "store/tests/nouns/repeated.rs"),
    (
        Kind::SenderProfileSaved,
        "store/tests/nouns/sender_profile.rs::a_profile_goes_from_draft_to_submitted_to_approved_to_superseded",
    ),
    (
        Kind::SenderProfileSubmitted,
        "store/tests/nouns/sender_profile.rs::a_profile_goes_from_draft_to_submitted_to_approved_to_superseded",
    ),
    (
        Kind::SenderProfileApproved,
        "store/tests/nouns/sender_profile.rs::a_profile_goes_from_draft_to_submitted_to_approved_to_superseded",
    ),
    (
        Kind::ContactRecorded,
        "store/tests/nouns/providers.rs::a_report_keeps_the_contact_version_that_was_in_force_when_it_was_opened",
    ),
    (
        Kind::FormStarted,
        "store/tests/nouns/providers.rs::a_form_is_its_own_providers_and_is_kept_as_long_as_an_open_report",
    ),
    (
        Kind::FormSaved,
        "store/tests/nouns/providers.rs::a_form_is_its_own_providers_and_is_kept_as_long_as_an_open_report",
    ),
    (Kind::FormSubmitted, "store/tests/nouns/providers.rs::a_form_knows_the_report_that_was_opened_with_it"),
    (Kind::FormDestroyed, "store/tests/nouns/desk.rs"),
    (Kind::LedgerRead, "audit/tests/record.rs::looking_at_the_ledger_is_a_leaf_and_only_an_auditor_looks"),
    (Kind::LedgerBroken, "store/tests/core/witnessing.rs"),
    (
        Kind::WitnessDisagreed,
        "store/tests/core/witnessing.rs::a_witness_that_lies_lags_or_is_away_is_put_off_and_loses_nothing",
    ),
    (Kind::EnrolmentIssued, "store/tests/nouns/people.rs::a_ticket_enrols_its_person_once_within_its_time"),
    (
        Kind::PersonVerified,
        "store/tests/nouns/people.rs::a_session_that_was_locked_by_hand_stays_locked_until_its_own_person_verifies",
    ),
    (
        Kind::SessionLocked,
        "store/tests/nouns/people.rs::a_session_that_was_locked_by_hand_stays_locked_until_its_own_person_verifies",
    ),
    (Kind::PasskeyAdded, "office/tests/keys.rs::a_key_that_was_enrolled_with_a_ticket_opens_a_session"),
    (
        Kind::PasskeyRemoved,
        "office/tests/keys.rs::a_second_key_takes_a_fresh_person_and_removing_one_ends_the_other_sessions",
    ),
    (Kind::PasskeyRefused, "office/tests/keys.rs"),
    (Kind::PasskeyAlarm, "office/tests/keys.rs::a_counter_that_goes_backwards_is_an_alarm_and_opens_nothing"),
    (
        Kind::SignInLocked,
        "office/tests/keys.rs::wrong_answers_slow_down_and_at_the_twentieth_an_administrator_has_to_say_so",
    ),
    (
        Kind::SignInReleased,
        "office/tests/keys.rs::wrong_answers_slow_down_and_at_the_twentieth_an_administrator_has_to_say_so",
    ),
    (Kind::KeyModelAccepted, "office/tests/keys.rs::an_agency_that_lists_models_takes_no_other"),
    (Kind::KeyModelDropped, "office/tests/keys.rs"),
    (
        Kind::AgencyLapsed,
        "store/tests/nouns/standing.rs::an_agency_whose_fact_is_over_is_put_out_with_its_people_and_systems_at_that_second",
    ),
    (
        Kind::RoleChanged,
        "store/tests/nouns/standing.rs::another_role_takes_two_people_and_ends_every_session",
    ),
    (
        Kind::SessionsLocked,
        "store/tests/nouns/standing.rs::another_permission_locks_sessions_until_their_person_shows_that_it_is_them_under_a_new_secret",
    ),
    (
        Kind::SessionRotated,
        "store/tests/nouns/standing.rs::a_secret_is_replaced_within_an_open_session_of_its_own_person_only",
    ),
    (
        Kind::PersonRecovered,
        "store/tests/nouns/standing.rs::whoever_lost_every_key_comes_back_by_two_people_and_the_old_keys_open_nothing",
    ),
    (
        Kind::AccountReviewed,
        "store/tests/nouns/standing.rs::an_account_is_reviewed_every_year_and_what_ends_is_said_before",
    ),
    (
        Kind::EpochRetired,
        "pipeline/tests/journey/destroyed.rs::what_an_agency_asked_to_destroy_is_gone_in_backups_too_and_the_rest_stays",
    ),
    (
        Kind::EpochDestroyed,
        "pipeline/tests/journey/destroyed.rs::what_an_agency_asked_to_destroy_is_gone_in_backups_too_and_the_rest_stays",
    ),
    (
        Kind::FileDestroyed,
        "pipeline/tests/journey/destroyed.rs::what_an_agency_asked_to_destroy_is_gone_in_backups_too_and_the_rest_stays",
    ),
    (
        Kind::DestructionAsked,
        "pipeline/tests/journey/destroyed.rs::what_an_agency_asked_to_destroy_is_gone_in_backups_too_and_the_rest_stays",
    ),
    (
        Kind::DestructionDisputed,
        "pipeline/tests/journey/destroyed.rs::another_agencys_hold_makes_a_conflict_in_which_only_its_holder_reads",
    ),
    (
        Kind::DestructionSettled,
        "pipeline/tests/journey/destroyed.rs::another_agencys_hold_makes_a_conflict_in_which_only_its_holder_reads",
    ),
    (
        Kind::DestructionAccepted,
        "pipeline/tests/journey/destroyed.rs::what_an_agency_asked_to_destroy_is_gone_in_backups_too_and_the_rest_stays",
    ),
    (
        Kind::DestructionRefused,
        "pipeline/tests/journey/destroyed.rs::a_refused_destruction_gives_the_files_back_and_is_never_accepted",
    ),
    (
        Kind::DestructionDropped,
        "pipeline/tests/journey/destroyed.rs::what_an_agency_asked_to_destroy_is_gone_in_backups_too_and_the_rest_stays",
    ),
    (
        Kind::DestructionDead,
        "pipeline/tests/journey/destroyed.rs::what_an_agency_asked_to_destroy_is_gone_in_backups_too_and_the_rest_stays",
    ),
    (
        Kind::DestructionProved,
        "pipeline/tests/journey/destroyed.rs::what_an_agency_asked_to_destroy_is_gone_in_backups_too_and_the_rest_stays",
    ),
    (
        Kind::DestructionCertified,
        "pipeline/tests/journey/destroyed.rs::what_an_agency_asked_to_destroy_is_gone_in_backups_too_and_the_rest_stays",
    ),
    (
        Kind::HoldPlaced,
        "pipeline/tests/journey/destroyed.rs::another_agencys_hold_makes_a_conflict_in_which_only_its_holder_reads",
    ),
    (
        Kind::HoldReleased,
        "pipeline/tests/journey/destroyed.rs::another_agencys_hold_makes_a_conflict_in_which_only_its_holder_reads",
    ),
    (
        Kind::LetterRecorded,
        "pipeline/tests/journey/destroyed.rs::a_preservation_letter_binds_for_ninety_days_and_is_renewed_once",
    ),
    (
        Kind::LetterRenewed,
        "pipeline/tests/journey/destroyed.rs::a_preservation_letter_binds_for_ninety_days_and_is_renewed_once",
    ),
    (
        Kind::ProviderDestructionAsked,
        "pipeline/tests/journey/destroyed.rs::an_agencys_request_to_its_sender_is_carried_and_acknowledged_and_destroys_nothing_here",
    ),
    (
        Kind::ProviderDestructionAcknowledged,
        "pipeline/tests/journey/destroyed.rs::an_agencys_request_to_its_sender_is_carried_and_acknowledged_and_destroys_nothing_here",
    ),
    (
        Kind::ApprovalAsked,
        "pipeline/tests/journey/destroyed.rs::what_an_agency_asked_to_destroy_is_gone_in_backups_too_and_the_rest_stays",
    ),
    (
        Kind::ApprovalGiven,
        "pipeline/tests/journey/destroyed.rs::what_an_agency_asked_to_destroy_is_gone_in_backups_too_and_the_rest_stays",
    ),
    (Kind::ApprovalRefused, "store/tests: approvals"),
    (Kind::ApprovalWithdrawn, "store/tests: approvals"),
    (
        Kind::ApprovalSpent,
        "pipeline/tests/journey/destroyed.rs::what_an_agency_asked_to_destroy_is_gone_in_backups_too_and_the_rest_stays",
    ),
    (
        Kind::AgencyQualified,
        "store/tests/nouns/accounts.rs::two_people_found_a_house_and_then_the_operator_alone_qualifies_and_adds_nobody",
    ),
    (
        Kind::PersonInvited,
        "store/tests/nouns/accounts.rs::nobody_comes_in_without_both_codes_proof_and_a_second_person",
    ),
    (
        Kind::CodesIssued,
        "store/tests/nouns/accounts.rs::nobody_comes_in_without_both_codes_proof_and_a_second_person",
    ),
    (
        Kind::InvitationConfirmed,
        "store/tests/nouns/accounts.rs::nobody_comes_in_without_both_codes_proof_and_a_second_person",
    ),
    (
        Kind::CodeRefused,
        "store/tests/nouns/accounts.rs::after_five_wrong_answers_the_right_codes_open_nothing",
    ),
    (
        Kind::IdentityProofed,
        "store/tests/nouns/accounts.rs::nobody_comes_in_without_both_codes_proof_and_a_second_person",
    ),
    (
        Kind::PersonAdmitted,
        "store/tests/nouns/accounts.rs::nobody_comes_in_without_both_codes_proof_and_a_second_person",
    ),
    (
        Kind::InvitationWithdrawn,
        "store/tests/nouns/accounts.rs::after_five_wrong_answers_the_right_codes_open_nothing",
    ),
    (
        Kind::PersonAttested,
        "store/tests/nouns/accounts.rs::whom_the_agency_does_not_attest_in_90_days_is_switched_off",
    ),
    (Kind::TrainingRecorded, "store/tests/nouns/accounts.rs::training_that_is_over_keeps_a_person_out"),
    (Kind::AttributeRecorded, "store/tests/nouns/accounts.rs::an_attribute_is_kept_under_its_cjis_name"),
    (
        Kind::AgencyKeyRegistered,
        "pipeline/tests/provider/sealed.rs::a_key_that_is_revoked_or_old_is_sealed_to_no_more",
    ),
    (
        Kind::AgencyKeyConfirmed,
        "pipeline/tests/provider/sealed.rs::a_key_that_is_revoked_or_old_is_sealed_to_no_more",
    ),
    (
        Kind::AgencyKeyRevoked,
        "pipeline/tests/provider/sealed.rs::a_key_that_is_revoked_or_old_is_sealed_to_no_more",
    ),
    (
        Kind::ReportCertified,
        "pipeline/tests/provider/certified.rs::a_certificate_holds_and_shows_every_event_of_the_report",
    ),
    (
        Kind::GroundRecorded,
        "store/tests/nouns/grounds.rs::one_ground_in_a_report_of_many_files_opens_exactly_one",
    ),
    (
        Kind::GroundSeconded,
        "store/tests/nouns/grounds.rs::counsels_word_opens_a_file_once_a_supervisor_and_counsel_agreed_on_exactly_that",
    ),
    (
        Kind::GroundRevoked,
        "store/tests/nouns/grounds.rs::a_capability_serves_once_within_its_minute_and_never_after_its_ground",
    ),
    (
        Kind::MediaGranted,
        "store/tests/nouns/grounds.rs::a_capability_serves_once_within_its_minute_and_never_after_its_ground",
    ),
    (
        Kind::MediaRevoked,
        "store/tests/nouns/grounds.rs::media_permission_is_per_person_ends_by_itself_and_is_never_ones_own_gift",
    ),
    (
        Kind::ViewAsked,
        "store/tests/nouns/grounds.rs::a_capability_serves_once_within_its_minute_and_never_after_its_ground",
    ),
    (
        Kind::ViewRefused,
        "store/tests/nouns/grounds.rs::a_look_needs_a_ground_and_a_permission_and_a_refusal_is_in_the_ledger",
    ),
    (
        Kind::ViewClosed,
        "store/tests/nouns/grounds.rs::a_capability_serves_once_within_its_minute_and_never_after_its_ground",
    ),
    (
        Kind::BindingAdded,
        "office/tests/outside.rs::a_card_that_was_bound_with_a_ticket_opens_a_session_of_its_assurance",
    ),
    (
        Kind::BindingRemoved,
        "office/tests/outside.rs::two_people_record_a_card_and_one_takes_it_away_with_its_sessions",
    ),
    (
        Kind::PersonVouchedFor,
        "office/tests/outside.rs::a_card_that_was_bound_with_a_ticket_opens_a_session_of_its_assurance",
    ),
    (Kind::SignedOutOutside, "office/tests/outside.rs::the_issuer_of_a_session_can_end_it_and_no_other"),
    (
        Kind::ViewingRecorded,
        "store/tests/nouns/grounds.rs::a_victims_appointment_holds_only_files_with_that_victims_mark",
    ),
    (
        Kind::VictimMarked,
        "store/tests/nouns/grounds.rs::a_victims_appointment_holds_only_files_with_that_victims_mark",
    ),
    (
        Kind::SenderProfileReturned,
        "store/tests/nouns/sender_profile.rs::what_is_sent_back_waits_no_more_tells_why_and_leaves_in_force_what_was",
    ),
    (Kind::StandingChanged, "casework/tests/nouns/standing.rs"),
    (Kind::StandingUndone, "casework/tests/nouns/standing.rs"),
    (Kind::CaseOpened, "casework/tests/nouns/cases.rs"),
    (Kind::CaseChanged, "casework/tests/nouns/cases.rs"),
    (Kind::CaseClosed, "casework/tests/nouns/cases.rs"),
    (Kind::CaseReopened, "casework/tests/nouns/cases.rs"),
    (Kind::CaseRead, "casework/tests/nouns/cases.rs"),
    (Kind::CaseFiled, "casework/tests/nouns/cases.rs"),
    (Kind::CaseEntryWritten, "casework/tests/nouns/cases.rs"),
    (Kind::CustodyRecorded, "casework/tests/nouns/cases.rs"),
    (Kind::ProcessRecorded, "casework/tests/nouns/process.rs"),
    (Kind::ProcessRevoked, "casework/tests/nouns/process.rs"),
    (Kind::CaseMet, "casework/tests/nouns/standing_query.rs"),
    (Kind::OutcomeRecorded, "casework/tests/nouns/outcomes.rs"),
    (Kind::RelatedTold, "casework/tests/nouns/related.rs"),
    (Kind::RelatedWorked, "casework/tests/nouns/related.rs"),
    (Kind::RelatedSettled, "casework/tests/nouns/related.rs"),
    (Kind::DeskContactPut, "casework/tests/nouns/related.rs"),
];

/// Entries of the list that name a file and no test in it yet. The number may only be lowered.
const MOST_UNNAMED: usize = 44;

/// The text of a test, by `FILE::TEST`; nothing when it is not there.
fn text_of(place: &str) -> Option<String> {
    let (file, test) = place.split_once("::")?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?.join(file);
    let text = fs::read_to_string(path).ok()?;
    let (before, rest) = text.split_once(&format!("fn {test}("))?;
    // The test ends where a brace stands as far in as it began.
    let indent = before.rsplit('\n').next()?.chars().take_while(|one| *one == ' ').count();
    let end = format!("\n{}}}\n", " ".repeat(indent));
    rest.split(&end).next().map(str::to_owned)
}

// PROVES: R-76a
#[test]
fn what_the_list_of_other_tests_names_is_there_and_says_that_it_causes_it() {
    let named = ELSEWHERE.iter().filter(|(_, place)| place.contains("::"));
    for (kind, place) in named {
        let text =
            text_of(place).unwrap_or_else(|| panic!("{place} is gone, and with it the cause of {kind}"));
        assert!(text.contains(&format!("Kind::{kind:?}")), "{place} does not say that it causes {kind}");
    }
    let unnamed: Vec<&str> =
        ELSEWHERE.iter().map(|(_, place)| *place).filter(|place| !place.contains("::")).collect();
    assert!(unnamed.len() <= MOST_UNNAMED, "name the test that causes it: {unnamed:?}");
}

/// What was seen of the ledger so far.
struct Seen<'a> {
    house: &'a TestHouse,
    records: usize,
    caused: BTreeSet<&'static str>,
}

impl<'a> Seen<'a> {
    async fn so_far(house: &'a TestHouse) -> Self {
        Self { house, records: all(house).await.len(), caused: BTreeSet::new() }
    }

    /// Exactly these were recorded since, each once and with this outcome.
    async fn exactly(&mut self, kinds: &[Kind]) {
        let records = all(self.house).await;
        let mut found: Vec<&str> =
            records[self.records..].iter().map(|record| record.kind.as_str()).collect();
        let mut expected: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected);
        let refusals = [Kind::AccessRefused, Kind::SignInRefused, Kind::RefusalsCounted];
        for record in &records[self.records..] {
            let outcome = if refusals.contains(&record.kind) { "refused" } else { "success" };
            assert_eq!(
                record.event.as_ref().map(|event| &event["outcome"]),
                Some(&outcome.into()),
                "{}",
                record.kind
            );
        }
        self.records = records.len();
        self.caused.extend(kinds.iter().map(|kind| kind.as_str()));
    }
}

fn attempt(kind: Kind) -> Attempt {
    Attempt { kind, code: "not-found".to_owned(), object: "GET /agency/reports/7".to_owned(), rule: None }
}

/// What a provider does, and what the house makes of it.
async fn intake(seen: &mut Seen<'_>) {
    let house = seen.house;
    let login = login(house).await;
    let number = opened(house, &login, submission("2001:db8:1::7")).await;
    seen.exactly(&[Kind::ReportOpened]).await;
    let mut upload = begin_upload(house, &login, Some(number)).await.unwrap();
    upload.push(b"a dull test card").await.unwrap();
    upload.finish(&login, number, pipeline::intake::PartHeaders::default()).await.unwrap();
    seen.exactly(&[Kind::FileReceived]).await;
    finish(house, &login, number).await.unwrap();
    seen.exactly(&[Kind::ReportFinished]).await;
    // What is refused changes nothing and says nothing of success.
    assert!(retract(house, &login, number).await.is_err());
    seen.exactly(&[]).await;
    worker::drain(house, &tools()).await.unwrap();
    let walked = [
        Kind::ReportSealed,
        Kind::ReportEnriched,
        Kind::ReportCorrelated,
        Kind::ReportTriaged,
        Kind::ReportRouted,
        Kind::ReportDelivered,
        Kind::ReportRetained,
    ];
    seen.exactly(&walked).await;
    let withdrawn = opened(house, &login, submission("2001:db8:1::7")).await;
    seen.exactly(&[Kind::ReportOpened]).await;
    retract(house, &login, withdrawn).await.unwrap();
    seen.exactly(&[Kind::ReportRetracted]).await;
    opened(house, &login, submission("2001:db8:1::7")).await;
    // Looked at before its key goes, and with it what the event said.
    seen.exactly(&[Kind::ReportOpened]).await;
    house.advance(SignedDuration::from_hours(25));
    worker::sweep(house).await.unwrap();
    seen.exactly(&[Kind::ReportExpired]).await;

    let officer = officer("icac-us-il-cook-county");
    inbox(house, &officer, InboxQuery::default()).await.unwrap();
    seen.exactly(&[Kind::ListRead]).await;
    let read = dossier(house, &officer, number).await.unwrap();
    seen.exactly(&[Kind::ReportRead]).await;
    package::take(house, &officer, read).await.unwrap();
    seen.exactly(&[Kind::PackageExported]).await;
    assert!(dossier(house, &crate::officer("icac-us-mn"), number).await.is_err());
    house.refused(attempt(Kind::AccessRefused)).await.unwrap();
    seen.exactly(&[Kind::AccessRefused]).await;
}

/// Log-ons, and what happens to accounts.
async fn accounts(seen: &mut Seen<'_>) {
    let house = seen.house;
    let id = PersonId::parse("p-covered").unwrap();
    let agency_id = officer("icac-us-il-cook-county").agency.unwrap();
    let new = Person {
        id: id.clone(),
        home: Home::Agency(agency_id.clone()),
        role: ViewerRole::Investigator,
        name: "Test Person".to_owned().into(),
    };
    administer(house, move |act| person::add(act, &new)).await;
    seen.exactly(&[Kind::PersonAdded]).await;
    let (digest, until) =
        (house.secret_digest(b"a link"), house.now().checked_add(SignedDuration::from_hours(1)).unwrap());
    let linked = id.clone();
    administer(house, move |act| person::add_link(act, &linked, digest, until)).await;
    seen.exactly(&[Kind::LinkIssued]).await;
    let secret = sign_in::with_link(house, "a link", |home| home.agency().is_some()).await.unwrap();
    seen.exactly(&[Kind::SignedIn, Kind::BannerAcknowledged]).await;
    assert!(sign_in::with_link(house, "no link", |_| true).await.is_err());
    house.refused(attempt(Kind::SignInRefused)).await.unwrap();
    seen.exactly(&[Kind::SignInRefused]).await;
    sign_in::sign_out(house, &secret).await.unwrap();
    seen.exactly(&[Kind::SignedOut]).await;
    administer(house, move |act| person::disable(act, &id)).await;
    seen.exactly(&[Kind::PersonDisabled]).await;

    let mut listed = policy::RuleSet::embedded().routing().directory().recipients();
    let mut again = registered(listed.next().unwrap(), true);
    again.name.push_str(", renamed");
    let mut fresh = again.clone();
    fresh.id = domain::AgencyId::parse("us-covered").unwrap();
    administer(house, move |act| agency::put(act, &again)).await;
    seen.exactly(&[Kind::AgencyChanged]).await;
    administer(house, move |act| agency::put(act, &fresh)).await;
    seen.exactly(&[Kind::AgencyAdded]).await;
    let token = house.secret_digest(b"a token");
    administer(house, move |act| {
        agency::add_client(act, &agency_id, &CredentialId::parse("c-covered").unwrap(), token)
    })
    .await;
    seen.exactly(&[Kind::ClientAdded]).await;

    let other = domain::ProviderId::parse("covered-chat").unwrap();
    let added = other.clone();
    administer(house, move |act| provider::add(act, &added, "Covered Chat")).await;
    seen.exactly(&[Kind::ProviderAdded]).await;
    let new = provider::NewCredential {
        credential: CredentialId::parse("covered").unwrap(),
        provider: other.clone(),
        username: "covered".to_owned(),
        secret_digest: token,
        may_submit: true,
        may_update: true,
    };
    administer(house, move |act| provider::add_credential(act, &new)).await;
    seen.exactly(&[Kind::CredentialAdded]).await;
    let id = CredentialId::parse("covered").unwrap();
    let (of, one) = (other.clone(), id.clone());
    administer(house, move |act| credential::end_at(act, &of, &one, Some(until))).await;
    seen.exactly(&[Kind::CredentialEndSet]).await;
    administer(house, move |act| credential::revoke(act, &other, &id)).await;
    seen.exactly(&[Kind::CredentialDisabled]).await;
}

/// Privileged actions on the house itself, and refusals beyond counting.
async fn privileges(seen: &mut Seen<'_>) {
    let house = seen.house;
    administer(house, |act| setting::put(act, "covered", "yes")).await;
    seen.exactly(&[Kind::SettingPut]).await;
    let table = dataset::NewDataset {
        kind: "ip-place".to_owned(),
        name: "covered".to_owned(),
        as_of: "2026-01-31".to_owned(),
        sha256: [7; 32],
        source: "Example".to_owned(),
        licence: "CC0-1.0".to_owned(),
        attribution: String::new(),
        format: "csv".to_owned(),
        size_bytes: 7,
    };
    administer(house, move |act| dataset::add(act, &table)).await;
    seen.exactly(&[Kind::DatasetAdded]).await;
    house.advance(SignedDuration::from_mins(2));
    // Whoever asks here is known by now: a provider logged in at the beginning.
    let most = store::MOST_OF_ONE as usize;
    for _ in 0..most + 3 {
        house.refused(attempt(Kind::AccessRefused)).await.unwrap();
    }
    house.tell_refusals().await.unwrap();
    let mut told = vec![Kind::AccessRefused; most];
    told.push(Kind::RefusalsCounted);
    seen.exactly(&told).await;
}

both_engines! {
    // PROVES: R-76a
    fn every_kind_of_event_is_caused_and_leaves_exactly_one_record(scratch) {
        run(async {
            let house = furnished(&scratch.settings).await;
            let mut seen = Seen::so_far(&house).await;
            intake(&mut seen).await;
            accounts(&mut seen).await;
            privileges(&mut seen).await;

            let missing: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str())
                .filter(|kind| !seen.caused.contains(kind) && ELSEWHERE.iter().all(|(known, _)| known.as_str() != *kind))
                .collect();
            assert_eq!(missing, Vec::<&str>::new(), "no test causes these: add the cause, or the test that has it");
            let needless: Vec<&str> = ELSEWHERE.iter().map(|(kind, _)| kind.as_str()).filter(|kind| seen.caused.contains(kind)).collect();
            assert_eq!(needless, Vec::<&str>::new(), "caused here after all: the list may only shrink");
        });
    }
}
