//! How senders say they report: versions with their states, and the one that a report carries.

use domain::{
    DestructionCode, DestructionId, EventMeaning, Id as _, LegalContact, Month, Private, ProfileState,
    SenderProfile,
};
use jiff::SignedDuration;
use store::destruction::{self, DueWords, NewDestruction};
use store::sender_profile::{self, Version};
use store::{Refusal, Result};
use testkit::both_engines;

use crate::desk::{Desk, PROVIDERS, provider_id, reads, reads_own};
use crate::{refusal, run};

fn profile(viewed: &str) -> SenderProfile {
    SenderProfile {
        viewed: viewed.to_owned(),
        incident_time: "The upload.".to_owned(),
        events: vec![EventMeaning { event: "Login".to_owned(), means: "A session.".to_owned() }],
        retention: "Ninety days.".to_owned(),
        legal_process: LegalContact { email: "legal@chat.example".to_owned(), ..LegalContact::default() },
        ..SenderProfile::default()
    }
}

async fn save(desk: &Desk, viewed: &str) -> u32 {
    let said = profile(viewed);
    desk.act(move |act| sender_profile::save(act, &provider_id(PROVIDERS[0]), &said)).await.unwrap()
}

async fn submit(desk: &Desk, version: u32) -> Result<()> {
    desk.act(move |act| sender_profile::submit(act, &provider_id(PROVIDERS[0]), version)).await
}

async fn approve(desk: &Desk, version: u32) -> Result<()> {
    desk.act(move |act| sender_profile::approve(act, &provider_id(PROVIDERS[0]), version)).await
}

async fn in_force(desk: &Desk, viewed: &str) -> u32 {
    let version = save(desk, viewed).await;
    submit(desk, version).await.unwrap();
    approve(desk, version).await.unwrap();
    version
}

async fn versions(desk: &Desk) -> Vec<Version> {
    desk.read(|view| sender_profile::versions(view, &provider_id(PROVIDERS[0]))).await.unwrap()
}

fn states(versions: &[Version]) -> Vec<(u32, ProfileState)> {
    versions.iter().map(|one| (one.version, one.state())).collect()
}

both_engines! {
    fn a_profile_goes_from_draft_to_submitted_to_approved_to_superseded(scratch) {
        run(async {
            use ProfileState::{Approved, Draft, Submitted, Superseded};
            let desk = Desk::on(scratch).await;
            assert_eq!(save(&desk, "first").await, 1);
            assert_eq!(save(&desk, "first, better").await, 1);
            assert_eq!(states(&versions(&desk).await), [(1, Draft)]);
            submit(&desk, 1).await.unwrap();
            assert_eq!(states(&versions(&desk).await), [(1, Submitted)]);
            approve(&desk, 1).await.unwrap();
            in_force(&desk, "second").await;
            let all = versions(&desk).await;
            assert_eq!(states(&all), [(2, Approved), (1, Superseded)]);
            assert_eq!(all[1].profile.viewed, "first, better");
            assert_eq!(all[0].approved.as_ref().map(|(_, by)| by.as_str()), Some("house"));
            let caused = [
                store::EventKind::SenderProfileApproved, store::EventKind::SenderProfileSaved,
                store::EventKind::SenderProfileSubmitted,
            ];
            desk.house.has_caused(&caused).await;
            testkit::tamper::is_found(scratch, &["sender_profile"], async || desk.house.wrong().await).await;
        });
    }

    fn what_was_submitted_does_not_change_under_the_eyes_of_whoever_approves(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let read = save(&desk, "as read").await;
            submit(&desk, read).await.unwrap();
            assert_eq!(save(&desk, "rewritten").await, read + 1);
            approve(&desk, read).await.unwrap();
            let all = versions(&desk).await;
            let approved = all.iter().find(|one| one.state() == ProfileState::Approved).unwrap();
            assert_eq!(approved.profile.viewed, "as read");
        });
    }

    fn a_newer_submission_takes_the_place_of_one_that_waits(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            for words in ["first", "second"] {
                let version = save(&desk, words).await;
                submit(&desk, version).await.unwrap();
            }
            assert_eq!(refusal(approve(&desk, 1).await), Some(Refusal::NotFound));
            let waiting = desk.read(sender_profile::waiting).await.unwrap();
            assert_eq!(waiting.iter().map(|one| one.version).collect::<Vec<_>>(), [2]);
        });
    }

    fn what_is_sent_back_waits_no_more_tells_why_and_leaves_in_force_what_was(scratch) {
        run(async {
            use ProfileState::{Approved, Draft, Returned, Submitted, Superseded};
            let desk = Desk::on(scratch).await;
            in_force(&desk, "first").await;
            let version = save(&desk, "second").await;
            let back = async |comment: &'static str| {
                desk.act(move |act| sender_profile::send_back(act, &provider_id(PROVIDERS[0]), version, comment)).await
            };
            assert_eq!(refusal(back("A draft does not wait.").await), Some(Refusal::NotFound));
            submit(&desk, version).await.unwrap();
            assert_eq!(refusal(back(" \n").await), Some(Refusal::Unfit { what: "comment" }));
            back(" Say which moment it is. ").await.unwrap();
            assert_eq!(refusal(back("Once is enough.").await), Some(Refusal::NotFound));
            assert_eq!(refusal(approve(&desk, version).await), Some(Refusal::NotFound));
            assert!(desk.read(sender_profile::waiting).await.unwrap().is_empty());
            let all = versions(&desk).await;
            assert_eq!(states(&all), [(2, Returned), (1, Approved)]);
            assert_eq!(all[0].returned.as_ref().map(|one| one.comment.as_str()), Some("Say which moment it is."));
            // It is mended as a new version, and what came back stays as it was read.
            assert_eq!(save(&desk, "second, mended").await, 3);
            assert_eq!(states(&versions(&desk).await), [(3, Draft), (2, Returned), (1, Approved)]);
            submit(&desk, 3).await.unwrap();
            let all = versions(&desk).await;
            assert_eq!(states(&all), [(3, Submitted), (2, Superseded), (1, Approved)]);
            assert_eq!((all[1].profile.viewed.as_str(), all[1].returned.is_some()), ("second", true));
            desk.house.has_caused(&[store::EventKind::SenderProfileReturned]).await;
        });
    }

    // PROVES: R-55
    fn no_purge_takes_the_words_of_a_month_while_a_profile_that_was_sent_back_in_it_is_to_be_mended(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let version = save(&desk, "first").await;
            submit(&desk, version).await.unwrap();
            let back = desk.act(move |act| {
                sender_profile::send_back(act, &provider_id(PROVIDERS[0]), version, "Say which moment it is.")
            });
            back.await.unwrap();
            let month = Month::of(desk.house.now());
            desk.house.advance(SignedDuration::from_hours(24 * 40));
            let due = async || desk.read(|view| destruction::due_words(view, view.now())).await.unwrap();
            let purge = async || {
                let new = NewDestruction {
                    id: DestructionId::parse("d-words").unwrap(),
                    basis: DestructionCode::Retention,
                    agency: None,
                    reason: Private::new("the retention schedule".to_owned()),
                    files: Vec::new(),
                };
                desk.act(move |act| destruction::ask_purge(act, &new, (&[], &[month]))).await
            };
            // Whoever mends still reads what is to be mended, and whoever asks for that month anyway is refused.
            let mended = save(&desk, "first, mended").await;
            assert_eq!(due().await, [DueWords { month, open: 1 }]);
            assert_eq!(refusal(purge().await), Some(Refusal::Conflict));
            submit(&desk, mended).await.unwrap();
            assert_eq!(due().await, [DueWords { month, open: 0 }]);
            purge().await.unwrap();
            assert!(due().await.is_empty(), "it was asked for");
        });
    }

    fn nothing_is_approved_that_was_not_submitted_and_nothing_submitted_that_says_too_little(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let draft = save(&desk, "draft").await;
            assert_eq!(refusal(approve(&desk, draft).await), Some(Refusal::NotFound));
            let version = save(&desk, " ").await;
            assert_eq!(refusal(submit(&desk, version).await), Some(Refusal::Unfit { what: "sender profile" }));
            let long = profile(&"x".repeat(domain::MOST_PROFILE_LETTERS + 1));
            let saved = desk.act(move |act| sender_profile::save(act, &provider_id(PROVIDERS[0]), &long)).await;
            assert_eq!(refusal(saved), Some(Refusal::Unfit { what: "sender profile" }));
        });
    }

    fn a_report_carries_the_version_that_was_in_force_when_it_was_finished(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let before = desk.opened().await;
            desk.finish(before).await.unwrap();
            in_force(&desk, "first").await;
            let during = desk.opened().await;
            desk.finish(during).await.unwrap();
            in_force(&desk, "second").await;
            for (report, wanted) in [(before, None), (during, Some((1, "first".to_owned())))] {
                let own = reads_own(PROVIDERS[0]);
                let stamped = desk.read(move |view| sender_profile::of_report(view, &own, report)).await.unwrap();
                assert_eq!(stamped.map(|one| (one.version, one.profile.viewed)), wanted);
            }
        });
    }

    fn a_profile_is_stamped_on_its_own_senders_reports_only_and_told_where_the_report_is(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            in_force(&desk, "ours").await;
            let report = desk.delivered_to("icac-us-mn").await;
            let told = desk.read(move |view| sender_profile::of_report(view, &reads("icac-us-mn"), report)).await;
            assert_eq!(told.unwrap().map(|one| one.version), Some(1));
            for permit in [reads("icac-us-wi"), reads_own(PROVIDERS[1])] {
                let told = desk.read(move |view| sender_profile::of_report(view, &permit, report)).await;
                assert_eq!(refusal(told), Some(Refusal::NotFound));
            }
            let theirs = desk.routed(PROVIDERS[1], "csam", domain::Priority::Routine).await;
            let own = reads_own(PROVIDERS[1]);
            assert_eq!(desk.read(move |view| sender_profile::of_report(view, &own, theirs)).await.unwrap(), None);
        });
    }
}
