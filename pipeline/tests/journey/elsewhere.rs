//! Which kinds of events other tests cause, each of which says so itself.

use store::EventKind as Kind;

/// Tests elsewhere, and the kinds that each causes: the test itself says so of every one. It may only shrink.
pub(crate) const ELSEWHERE: &[(&str, &[Kind])] = &[
    ("audit/tests/record.rs::looking_at_the_ledger_is_a_leaf_and_only_an_auditor_looks", &[Kind::LedgerRead]),
    (
        "casework/tests/nouns/assignment.rs::the_first_rule_that_fits_gives_a_report_to_its_unit_and_to_whoever_is_next",
        &[Kind::AssignRuleChanged, Kind::UnitChanged],
    ),
    (
        "casework/tests/nouns/cases.rs::a_case_is_there_for_its_members_its_commander_and_whoever_it_is_shared_with",
        &[Kind::CaseOpened, Kind::CaseChanged, Kind::CaseRead],
    ),
    (
        "casework/tests/nouns/cases.rs::a_closed_case_is_only_read_until_somebody_opens_it_again",
        &[Kind::CaseClosed, Kind::CaseReopened],
    ),
    (
        "casework/tests/nouns/cases.rs::a_report_is_in_a_case_once_and_only_when_the_agency_has_it",
        &[Kind::CaseFiled],
    ),
    (
        "casework/tests/nouns/cases.rs::a_task_is_done_and_an_exhibit_has_its_chain_of_custody",
        &[Kind::CaseEntryWritten, Kind::CustodyRecorded],
    ),
    (
        "casework/tests/nouns/inbox.rs::views_are_ones_own_and_those_that_a_commander_gives_to_everybody",
        &[Kind::InboxLooked, Kind::ViewSaved, Kind::ViewRemoved],
    ),
    (
        "dissemination/tests/nouns/foreign.rs::the_delivery_to_the_agency_that_asked_is_the_answer_and_its_sender_alone_is_told",
        &[Kind::ForeignRequestOpened, Kind::ForeignRequestForwarded],
    ),
    (
        "dissemination/tests/nouns/foreign.rs::what_nobody_forwards_is_overdue_to_the_second_until_its_sender_is_told_that_it_was_not",
        &[Kind::ForeignRequestUnable],
    ),
    (
        "dissemination/tests/nouns/given_back.rs::what_is_not_ours_goes_to_the_next_agency_and_what_nobody_takes_to_the_desk",
        &[Kind::ReportReturned, Kind::ReturnDecided],
    ),
    (
        "dissemination/tests/nouns/passing.rs::what_is_labelled_is_passed_on_to_a_validated_requester_alone_and_each_time_is_on_record",
        &[Kind::CjiLabelled, Kind::CjiPassedOn, Kind::CjiRefused],
    ),
    (
        "dissemination/tests/nouns/transfers.rs::a_referral_is_made_at_once_and_the_first_agency_holds_its_report_too",
        &[Kind::ReportReferred],
    ),
    (
        "dissemination/tests/nouns/transfers.rs::a_report_is_where_it_was_until_the_other_agency_takes_it_and_then_there",
        &[Kind::AgencyTransferOffered, Kind::AgencyTransferAccepted],
    ),
    (
        "dissemination/tests/nouns/transfers.rs::what_is_declined_taken_back_or_not_answered_in_time_stays_where_it_was",
        &[Kind::AgencyTransferDeclined, Kind::AgencyTransferWithdrawn, Kind::AgencyTransferLapsed],
    ),
    (
        "clearinghouse/tests/routes/revoked.rs::a_package_on_its_way_breaks_off_when_its_agency_is_let_in_no_longer",
        &[Kind::DownloadCut],
    ),
    (
        "store/tests/nouns/affiliations.rs::an_affiliate_is_recorded_by_two_people_from_a_day_to_a_day_and_ended_by_one",
        &[Kind::AffiliationMade, Kind::AffiliationEnded],
    ),
    (
        "casework/tests/nouns/outcomes.rs::an_outcome_closes_its_report_and_a_later_one_takes_its_place",
        &[Kind::OutcomeRecorded],
    ),
    (
        "casework/tests/nouns/process.rs::a_warrant_opens_the_files_that_it_names_in_every_report_and_no_other",
        &[Kind::ProcessRecorded, Kind::ProcessRevoked],
    ),
    (
        "casework/tests/nouns/portal.rs::a_contact_is_confirmed_once_a_year_by_its_own_home_and_marked_until_it_is",
        &[Kind::DirectoryPut, Kind::DirectoryConfirmed, Kind::DirectoryRemoved],
    ),
    (
        "casework/tests/nouns/portal.rs::a_document_is_read_in_every_version_until_it_is_withdrawn",
        &[Kind::LibraryGrew, Kind::LibraryRead, Kind::LibraryWithdrawn],
    ),
    (
        "casework/tests/nouns/portal.rs::a_request_is_read_by_its_two_sides_and_by_nobody_else",
        &[Kind::RequestOpened, Kind::RequestRead],
    ),
    (
        "casework/tests/nouns/portal.rs::a_thread_says_whose_turn_it_is_and_of_two_who_write_at_once_the_second_is_told",
        &[Kind::RequestWorked],
    ),
    (
        "casework/tests/nouns/wellness.rs::what_somebody_chose_is_theirs_and_the_ledger_does_not_say_it",
        &[Kind::WellnessChosen, Kind::LookLimitsSet],
    ),
    (
        "casework/tests/nouns/wellness.rs::bytes_that_somebody_saw_and_classed_are_known_to_their_home_until_it_is_taken_back",
        &[Kind::MediaClassed, Kind::MediaClassTaken],
    ),
    ("casework/tests/nouns/related.rs::a_side_says_who_handles_it_and_whom_to_call", &[Kind::DeskContactPut]),
    (
        "casework/tests/nouns/related.rs::one_event_stands_for_all_that_two_agencies_share_of_one_person_and_ends",
        &[Kind::RelatedTold, Kind::RelatedWorked, Kind::RelatedSettled],
    ),
    (
        "casework/tests/nouns/hash.rs::each_hash_has_one_of_three_answers_and_the_asking_is_recorded",
        &[Kind::HashesChecked],
    ),
    (
        "pipeline/tests/journey/recipients.rs::what_cannot_wait_and_nobody_may_receive_calls_the_desk_once_until_somebody_may",
        &[Kind::ReportStranded],
    ),
    (
        "casework/tests/nouns/oncall.rs::one_person_after_the_other_is_called_until_somebody_has_it",
        &[Kind::LadderChanged, Kind::CallMade, Kind::CallAnswered, Kind::MessageMade],
    ),
    (
        "casework/tests/nouns/mailbox.rs::nothing_but_a_code_goes_to_a_mailbox_before_its_person_typed_it",
        &[Kind::MailboxConfirmed],
    ),
    (
        "casework/tests/nouns/mailbox.rs::what_was_sent_is_remembered_for_a_month_and_no_longer",
        &[Kind::MessagesForgotten],
    ),
    (
        "casework/tests/nouns/oncall.rs::a_message_is_sent_once_tried_again_and_given_up_after_a_day",
        &[Kind::MessageWished, Kind::MessageTried, Kind::MessageAnswered],
    ),
    (
        "casework/tests/nouns/webhook.rs::a_receiver_is_told_once_of_what_came_however_often_it_fails",
        &[Kind::WebhookAdded, Kind::WebhookCalled, Kind::WebhookAnswered, Kind::WebhookAsked],
    ),
    (
        "casework/tests/nouns/webhook.rs::what_was_said_is_said_again_in_its_order_under_its_names",
        &[Kind::WebhookReplayed],
    ),
    (
        "casework/tests/nouns/webhook.rs::a_secret_changes_over_without_a_gap_and_a_webhook_goes",
        &[Kind::WebhookRotated, Kind::WebhookRemoved],
    ),
    (
        "casework/tests/nouns/standing.rs::statuses_follow_each_other_and_each_has_its_reason",
        &[Kind::StandingChanged],
    ),
    (
        "casework/tests/nouns/standing.rs::what_was_changed_together_is_taken_back_where_nobody_changed_it_since",
        &[Kind::StandingUndone],
    ),
    (
        "casework/tests/nouns/standing_query.rs::a_later_report_of_the_same_person_opens_a_closed_case_again",
        &[Kind::CaseMet],
    ),
    (
        "office/tests/keys.rs::a_counter_that_goes_backwards_is_an_alarm_and_opens_nothing",
        &[Kind::PasskeyAlarm],
    ),
    ("office/tests/keys.rs::a_key_that_was_enrolled_with_a_ticket_opens_a_session", &[Kind::PasskeyAdded]),
    (
        "office/tests/keys.rs::a_second_key_takes_a_fresh_person_and_removing_one_ends_the_other_sessions",
        &[Kind::PasskeyRemoved],
    ),
    (
        "office/tests/keys.rs::an_agency_that_lists_models_takes_no_other",
        &[Kind::KeyModelAccepted, Kind::KeyModelDropped],
    ),
    ("office/tests/keys.rs::keys_that_can_be_copied_are_for_providers_people_only", &[Kind::PasskeyRefused]),
    (
        "office/tests/keys.rs::wrong_answers_slow_down_and_at_the_twentieth_an_administrator_has_to_say_so",
        &[Kind::SignInLocked, Kind::SignInReleased],
    ),
    (
        "office/tests/outside.rs::a_card_that_was_bound_with_a_ticket_opens_a_session_of_its_assurance",
        &[Kind::BindingAdded, Kind::PersonVouchedFor],
    ),
    ("office/tests/outside.rs::the_issuer_of_a_session_can_end_it_and_no_other", &[Kind::SignedOutOutside]),
    (
        "office/tests/outside.rs::two_people_record_a_card_and_one_takes_it_away_with_its_sessions",
        &[Kind::BindingRemoved],
    ),
    (
        "pipeline/tests/journey/destroyed.rs::a_preservation_letter_binds_for_ninety_days_and_is_renewed_once",
        &[Kind::LetterRecorded, Kind::LetterRenewed],
    ),
    (
        "pipeline/tests/journey/destroyed.rs::a_refused_destruction_gives_the_files_back_and_is_never_accepted",
        &[Kind::DestructionRefused],
    ),
    (
        "pipeline/tests/journey/destroyed.rs::an_agencys_request_to_its_sender_is_carried_and_acknowledged_and_destroys_nothing_here",
        &[Kind::ProviderDestructionAsked, Kind::ProviderDestructionAcknowledged],
    ),
    (
        "pipeline/tests/journey/destroyed.rs::another_agencys_hold_makes_a_conflict_in_which_only_its_holder_reads",
        &[Kind::DestructionDisputed, Kind::DestructionSettled, Kind::HoldPlaced, Kind::HoldReleased],
    ),
    (
        "pipeline/tests/journey/destroyed.rs::what_an_agency_asked_to_destroy_is_gone_in_backups_too_and_the_rest_stays",
        &[
            Kind::EpochRetired,
            Kind::EpochDestroyed,
            Kind::FileDestroyed,
            Kind::DestructionAsked,
            Kind::DestructionAccepted,
            Kind::DestructionDropped,
            Kind::DestructionDead,
            Kind::DestructionProved,
            Kind::DestructionCertified,
            Kind::ApprovalAsked,
            Kind::ApprovalGiven,
            Kind::ApprovalSpent,
        ],
    ),
    (
        "pipeline/tests/journey/purged.rs::a_report_whose_day_is_there_goes_as_a_whole_and_leaves_its_leaves_hashes_and_certificate",
        &[Kind::ReportDestroyed],
    ),
    (
        "pipeline/tests/journey/purged.rs::words_about_acts_go_by_the_month_in_backups_too_and_their_leaves_stay",
        &[Kind::WordsDestroyed],
    ),
    (
        "clearinghouse/tests/routes/left.rs::whatever_leaves_the_desk_is_in_the_ledger_with_the_bytes_of_the_answer",
        &[Kind::CertificateTaken],
    ),
    (
        "pipeline/tests/journey/vendors.rs::what_a_vendor_holds_of_everything_ends_with_its_own_word_and_not_with_its_contract",
        &[Kind::VendorEmptied],
    ),
    (
        "pipeline/tests/journey/vendors.rs::nothing_is_certified_before_every_vendor_with_a_copy_has_shown_that_it_is_gone",
        &[Kind::VendorHolds, Kind::VendorDestructionAsked, Kind::VendorDestructionConfirmed],
    ),
    (
        "pipeline/tests/provider/certified.rs::a_certificate_holds_and_shows_every_event_of_the_report",
        &[Kind::ReportCertified],
    ),
    (
        "pipeline/tests/provider/sealed.rs::a_key_that_is_revoked_or_old_is_sealed_to_no_more",
        &[Kind::AgencyKeyRegistered, Kind::AgencyKeyConfirmed, Kind::AgencyKeyRevoked],
    ),
    (
        "rulebook/tests/changes.rs::other_rules_decide_only_once_two_people_agreed_and_their_moment_has_come",
        &[Kind::RulesFounded, Kind::RulesOffered, Kind::RulesAgreed],
    ),
    (
        "seized/tests/sets.rs::a_seized_set_is_taken_found_again_and_given_back_as_it_came",
        &[Kind::SeizedSetGrew, Kind::SeizedSetTaken, Kind::SeizedSetRemoved, Kind::SeizedSetGiven],
    ),
    (
        "store/tests/core/witnessing.rs::a_witness_that_lies_lags_or_is_away_is_put_off_and_loses_nothing",
        &[Kind::WitnessDisagreed],
    ),
    (
        "store/tests/core/witnessing.rs::the_self_audit_finds_what_was_changed_behind_its_back",
        &[Kind::LedgerBroken],
    ),
    (
        "store/tests/core/work.rs::failed_work_waits_twice_as_long_each_time_and_is_dead_after_the_twelfth",
        &[Kind::WorkRevived],
    ),
    (
        "store/tests/nouns/accounts.rs::after_five_wrong_answers_the_right_codes_open_nothing",
        &[Kind::CodeRefused, Kind::InvitationWithdrawn],
    ),
    (
        "store/tests/nouns/standing.rs::a_token_that_is_bound_opens_nothing_without_its_certificate",
        &[Kind::ClientBound],
    ),
    ("store/tests/nouns/accounts.rs::an_attribute_is_kept_under_its_cjis_name", &[Kind::AttributeRecorded]),
    (
        "store/tests/nouns/accounts.rs::nobody_comes_in_without_both_codes_proof_and_a_second_person",
        &[
            Kind::PersonInvited,
            Kind::CodesIssued,
            Kind::InvitationConfirmed,
            Kind::IdentityProofed,
            Kind::PersonAdmitted,
        ],
    ),
    ("store/tests/nouns/accounts.rs::training_that_is_over_keeps_a_person_out", &[Kind::TrainingRecorded]),
    (
        "store/tests/nouns/accounts.rs::two_people_found_a_house_and_then_the_operator_alone_qualifies_and_adds_nobody",
        &[Kind::AgencyQualified],
    ),
    (
        "store/tests/nouns/accounts.rs::whom_the_agency_does_not_attest_in_90_days_is_switched_off",
        &[Kind::PersonAttested],
    ),
    (
        "store/tests/nouns/approvals.rs::every_order_of_steps_ends_as_the_rule_says",
        &[Kind::ApprovalRefused, Kind::ApprovalWithdrawn],
    ),
    (
        "store/tests/nouns/documents.rs::a_second_statement_takes_the_place_of_the_first_which_stays",
        &[Kind::FileDescribed],
    ),
    (
        "store/tests/nouns/grounds.rs::a_capability_serves_once_within_its_minute_and_never_after_its_ground",
        &[Kind::FileOpened, Kind::GroundRevoked, Kind::MediaGranted, Kind::ViewAsked, Kind::ViewClosed],
    ),
    (
        "store/tests/nouns/grounds.rs::a_look_needs_a_ground_and_a_permission_and_a_refusal_is_in_the_ledger",
        &[Kind::ViewRefused],
    ),
    (
        "store/tests/nouns/grounds.rs::a_victims_appointment_holds_only_files_with_that_victims_mark",
        &[Kind::ViewingRecorded, Kind::VictimMarked],
    ),
    (
        "store/tests/nouns/grounds.rs::counsels_word_opens_a_file_once_a_supervisor_and_counsel_agreed_on_exactly_that",
        &[Kind::GroundSeconded],
    ),
    (
        "store/tests/nouns/grounds.rs::media_permission_is_per_person_ends_by_itself_and_is_never_ones_own_gift",
        &[Kind::MediaRevoked],
    ),
    (
        "store/tests/nouns/grounds.rs::one_ground_in_a_report_of_many_files_opens_exactly_one",
        &[Kind::GroundRecorded],
    ),
    (
        "store/tests/nouns/houses_gate.rs::managers_are_told_of_an_emergency_look_until_another_of_them_has_read_it",
        &[Kind::NoticeAcknowledged],
    ),
    (
        "store/tests/nouns/people.rs::a_session_that_was_locked_by_hand_stays_locked_until_its_own_person_verifies",
        &[Kind::PersonVerified, Kind::SessionLocked],
    ),
    (
        "store/tests/nouns/people.rs::a_ticket_enrols_its_person_once_within_its_time",
        &[Kind::EnrolmentIssued],
    ),
    (
        "store/tests/nouns/providers.rs::a_form_is_its_own_providers_and_is_kept_as_long_as_an_open_report",
        &[Kind::FormStarted, Kind::FormSaved],
    ),
    (
        "store/tests/nouns/providers.rs::a_form_knows_the_report_that_was_opened_with_it",
        &[Kind::FormSubmitted],
    ),
    ("store/tests/nouns/providers.rs::a_form_that_is_over_leaves_no_key_behind", &[Kind::FormDestroyed]),
    (
        "store/tests/nouns/providers.rs::a_report_keeps_the_contact_version_that_was_in_force_when_it_was_opened",
        &[Kind::ContactRecorded],
    ),
    (
        "store/tests/nouns/repeated.rs::a_key_lives_while_its_report_is_open_and_a_day_longer",
        &[Kind::RequestsForgotten],
    ),
    (
        "store/tests/nouns/sender_profile.rs::a_profile_goes_from_draft_to_submitted_to_approved_to_superseded",
        &[Kind::SenderProfileSaved, Kind::SenderProfileSubmitted, Kind::SenderProfileApproved],
    ),
    (
        "store/tests/nouns/sender_profile.rs::what_is_sent_back_waits_no_more_tells_why_and_leaves_in_force_what_was",
        &[Kind::SenderProfileReturned],
    ),
    (
        "store/tests/nouns/standing.rs::a_secret_is_replaced_within_an_open_session_of_its_own_person_only",
        &[Kind::SessionRotated],
    ),
    (
        "store/tests/nouns/standing.rs::an_account_is_reviewed_every_year_and_what_ends_is_said_before",
        &[Kind::AccountReviewed],
    ),
    (
        "store/tests/nouns/standing.rs::an_agency_whose_fact_is_over_is_put_out_with_its_people_and_systems_at_that_second",
        &[Kind::AgencyLapsed],
    ),
    (
        "store/tests/nouns/standing.rs::another_permission_locks_sessions_until_their_person_shows_that_it_is_them_under_a_new_secret",
        &[Kind::SessionsLocked],
    ),
    (
        "store/tests/nouns/standing.rs::another_role_takes_two_people_and_ends_every_session",
        &[Kind::RoleChanged],
    ),
    (
        "store/tests/nouns/standing.rs::whoever_lost_every_key_comes_back_by_two_people_and_the_old_keys_open_nothing",
        &[Kind::PersonRecovered],
    ),
    (
        "store/tests/nouns/transfers.rs::a_transfer_is_its_providers_own_and_bounded_in_number",
        &[Kind::TransferBegun, Kind::TransferDropped],
    ),
    ("store/tests/nouns/transfers.rs::an_unfinished_file_goes_with_its_report", &[Kind::TransfersForgotten]),
    (
        "store/tests/nouns/transfers.rs::segments_become_one_file_and_leave_no_key_behind",
        &[Kind::TransferGrew],
    ),
    (
        "store/tests/nouns/vendors.rs::a_vendor_receives_once_it_has_shown_everything_and_not_a_second_longer",
        &[
            Kind::VendorAdded,
            Kind::VendorEvidenceRecorded,
            Kind::VendorPersonListed,
            Kind::VendorEnded,
            Kind::VendorAsked,
        ],
    ),
];
