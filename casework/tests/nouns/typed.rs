//! What people write into a case is asked about as what reports say is: both sides are told, by pointer only.

use casework::entry::{self, EntryWords, NewEntry, Terms};
use casework::related::{self, Related};
use casework::{Keeper, casefile, member};
use domain::{CaseId, EntryKind, MemberLevel, Priority, ReportId, SelectorKind};
use jiff::SignedDuration;
use policy::Permit;
use policy::permit::Deconflict;
use store::{agency, number, selector};
use testkit::both_engines;

use crate::cases::{keeper, words};
use crate::desk::{AGENCIES, Desk, PROVIDERS, agency_of};
use crate::standing_query::{arrives, names, told};
use crate::{OTHER, OWN, by, permit, person_id, run, staffed};

pub type Side = (&'static str, &'static str);

pub const ANN: Side = ("ann", OWN);
const BOB: Side = ("bob", OWN);
pub const CYD: Side = ("cyd", OTHER);
pub const MAIL: (SelectorKind, &str) = (SelectorKind::Email, "dull@mail.example");

/// A case of somebody, in which nothing stands yet.
pub async fn case(desk: &Desk, side: Side) -> CaseId {
    called(desk, side, "Dull case").await
}

async fn called(desk: &Desk, side: Side, title: &'static str) -> CaseId {
    let case = CaseId::from(number::next(&desk.house).await.unwrap());
    let keeper = keeper(side.0, side.1);
    by(desk, side, move |act| casefile::open(act, &keeper, case, &words(title))).await.unwrap();
    case
}

/// Somebody writes a note into it.
async fn writes(desk: &Desk, side: Side, case: CaseId, text: &str) -> String {
    let (keeper, text) = (keeper(side.0, side.1), text.to_owned());
    let written = by(desk, side, move |act| {
        let words = EntryWords { title: String::new(), text: text.clone() };
        let new = NewEntry { kind: EntryKind::Note, words, terms: Terms::default(), file: None };
        entry::write(act, &keeper, case, &new)
    });
    written.await.unwrap()
}

/// Somebody writes their note anew.
async fn mends(desk: &Desk, side: Side, (case, note, version): (CaseId, &str, u32), text: &str) {
    let (keeper, note, text) = (keeper(side.0, side.1), note.to_owned(), text.to_owned());
    let written = by(desk, side, move |act| {
        let words = EntryWords { title: String::new(), text: text.clone() };
        entry::rewrite(act, &keeper, (case, &note, version), &words, &Terms::default())
    });
    written.await.unwrap();
}

/// An immediate report that names somebody, made available to an agency.
async fn arrives_at_once(desk: &Desk, agency: &str, (kind, value): (SelectorKind, &str)) -> ReportId {
    let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Immediate).await;
    let said = [names(kind, value)];
    desk.act(move |act| selector::record(act, report, &said)).await.unwrap();
    desk.deliver(report, agency).await.unwrap();
    told(desk, report).await;
    report
}

pub async fn events(desk: &Desk, side: Side) -> Vec<Related> {
    let sees: Permit<Deconflict> = permit(side.0, side.1);
    desk.read(move |view| related::list(view, &sees, false)).await.unwrap()
}

/// What an event points somebody to: reports, cases that they reach, and how many they do not.
async fn pointed(desk: &Desk, side: Side, event: &Related) -> (Vec<ReportId>, Vec<CaseId>, usize) {
    let (sees, keeper, id): (Permit<Deconflict>, Keeper, String) =
        (permit(side.0, side.1), keeper(side.0, side.1), event.id.clone());
    let found = desk.read(move |view| {
        let (_, reports) = related::get(view, &sees, &id)?;
        let (cases, others) = related::cases(view, &keeper, &id)?;
        Ok((reports, cases, others))
    });
    found.await.unwrap()
}

both_engines! {
    // PROVES: R-28
    fn what_an_officer_writes_is_matched_with_the_reports_of_others_and_both_are_told(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let theirs = arrives(&desk, OTHER, MAIL.0, MAIL.1).await;
            let ours = case(&desk, ANN).await;
            writes(&desk, ANN, ours, "A neighbour says: dull@mail, dull.example, dull @ mail.example").await;
            assert_eq!(events(&desk, ANN).await, [], "parts of it are not it");
            writes(&desk, ANN, ours, "A neighbour says Dull@Mail.example, or so.").await;
            let (one, other) = (events(&desk, ANN).await.remove(0), events(&desk, CYD).await.remove(0));
            assert_eq!((&one.id, one.owns, other.owns), (&other.id, false, true), "they had it first");
            assert_eq!(pointed(&desk, ANN, &one).await, (vec![], vec![ours], 0));
            assert_eq!(pointed(&desk, CYD, &other).await, (vec![theirs], vec![], 0));
            // Written again, nothing is told again; whoever is no member hears that there is a case and not which.
            writes(&desk, ANN, ours, "Again: dull@mail.example").await;
            assert_eq!(events(&desk, ANN).await, std::slice::from_ref(&one));
            assert_eq!(pointed(&desk, ("bob", OWN), &one).await, (vec![], vec![], 1));
            let (leads, bob) = (keeper("ann", OWN), person_id("bob"));
            by(&desk, ANN, move |act| member::add(act, &leads, ours, (&bob, MemberLevel::Reads), "Dull need")).await.unwrap();
            assert_eq!(pointed(&desk, ("bob", OWN), &one).await, (vec![], vec![ours], 0));
            testkit::tamper::is_found(scratch, &["deconfliction_case"], async || desk.house.wrong().await).await;
        });
    }

    // PROVES: R-28
    fn a_report_that_comes_later_meets_what_was_written_and_so_does_what_another_agency_writes(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (ours, theirs) = (case(&desk, ANN).await, case(&desk, CYD).await);
            writes(&desk, ANN, ours, "Telephone +1 202 555 0123, examplechat:Dull_77. Mail dull@mail.example").await;
            let later = arrives(&desk, OTHER, MAIL.0, MAIL.1).await;
            let one = events(&desk, ANN).await.remove(0);
            assert!(one.owns, "it wrote first");
            assert_eq!(pointed(&desk, CYD, &one).await, (vec![later], vec![], 0));
            writes(&desk, CYD, theirs, "Rang (202) 555-0123").await;
            let both = events(&desk, CYD).await;
            assert_eq!(both.len(), 2, "another selector is another event");
            let new = both.iter().find(|event| event.id != one.id).unwrap();
            assert_eq!(pointed(&desk, CYD, new).await, (vec![], vec![theirs], 0));
            assert_eq!(pointed(&desk, ANN, new).await, (vec![], vec![ours], 0));
            let named = arrives(&desk, OTHER, SelectorKind::Account, "examplechat:Dull_77").await;
            let all = events(&desk, CYD).await;
            assert_eq!(all.len(), 3, "an account is one with its service");
            let last = all.iter().find(|event| event.id != one.id && event.id != new.id).unwrap();
            assert_eq!(pointed(&desk, CYD, last).await.0, [named]);
        });
    }

    // PROVES: R-28
    fn what_ones_own_reports_say_tells_nobody_and_nobody_hears_who_may_not(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            arrives(&desk, OWN, MAIL.0, MAIL.1).await;
            let ours = case(&desk, ANN).await;
            writes(&desk, ANN, ours, "As our report says: dull@mail.example").await;
            assert_eq!(events(&desk, ANN).await, []);
            desk.act(|act| {
                let (name, class, relationship) = AGENCIES[1];
                agency::put(act, &agency::Agency { qualification: None, ..agency_of(name, class, relationship) })
            })
            .await
            .unwrap();
            let theirs = case(&desk, CYD).await;
            writes(&desk, CYD, theirs, "dull@mail.example").await;
            assert_eq!((events(&desk, ANN).await, events(&desk, CYD).await), (vec![], vec![]));
        });
    }

    // PROVES: R-28
    fn two_who_write_the_same_at_the_same_moment_are_told_and_told_once(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (anns, bobs, cyds) = (case(&desk, ANN).await, case(&desk, BOB).await, case(&desk, CYD).await);
            for round in 0..8 {
                let text = format!("both{round}@mail.example, more{round}@mail.example");
                let turned = format!("more{round}@mail.example, both{round}@mail.example");
                tokio::join!(writes(&desk, ANN, anns, &text), writes(&desk, CYD, cyds, &turned));
                assert_eq!(events(&desk, ANN).await.len(), 2 * round + 1, "of two agencies");
                let mail = format!("own{round}@mail.example");
                arrives(&desk, OTHER, SelectorKind::Email, &mail).await;
                tokio::join!(writes(&desk, ANN, anns, &mail), writes(&desk, BOB, bobs, &mail));
                assert_eq!(events(&desk, CYD).await.len(), 2 * round + 2, "of one agency");
            }
        });
    }

    // PROVES: R-28
    fn agencies_that_have_one_report_of_it_in_common_hear_nothing_of_what_either_writes(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let both = arrives(&desk, OTHER, MAIL.0, MAIL.1).await;
            desk.deliver(both, OWN).await.unwrap();
            told(&desk, both).await;
            let (ours, theirs) = (case(&desk, ANN).await, case(&desk, CYD).await);
            writes(&desk, ANN, ours, MAIL.1).await;
            writes(&desk, CYD, theirs, MAIL.1).await;
            arrives(&desk, OWN, MAIL.0, MAIL.1).await;
            assert_eq!((events(&desk, ANN).await, events(&desk, CYD).await), (vec![], vec![]));
        });
    }

    // PROVES: R-28
    fn how_urgent_a_report_is_does_not_show_in_an_event_with_a_case(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let ours = case(&desk, ANN).await;
            arrives_at_once(&desk, OTHER, MAIL).await;
            writes(&desk, ANN, ours, "dull@mail.example and 2025550123").await;
            arrives_at_once(&desk, OTHER, (SelectorKind::Phone, "+12025550123")).await;
            let found = events(&desk, ANN).await;
            assert_eq!(found.len(), 2);
            let week = SignedDuration::from_hours(7 * 24);
            assert!(found.iter().all(|one| one.due_at.duration_since(one.opened_at) == week), "{found:?}");
        });
    }

    // PROVES: R-28
    fn a_typing_error_that_was_mended_is_asked_about_no_more(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let ours = case(&desk, ANN).await;
            let note = writes(&desk, ANN, ours, "dull@mail.example").await;
            let second = writes(&desk, ANN, ours, "Again dull@mail.example").await;
            mends(&desk, ANN, (ours, &note, 1), "I meant dole@mail.example").await;
            arrives(&desk, OTHER, SelectorKind::Email, "dole@mail.example").await;
            assert_eq!(events(&desk, ANN).await.len(), 1, "what it says now");
            mends(&desk, ANN, (ours, &second, 1), "Not that one").await;
            arrives(&desk, OTHER, MAIL.0, MAIL.1).await;
            assert_eq!(events(&desk, ANN).await.len(), 1, "no text says it any more");
            mends(&desk, ANN, (ours, &note, 2), "It was dull@mail.example").await;
            assert_eq!(events(&desk, ANN).await.len(), 2, "it is said again");
        });
    }

    // PROVES: R-28
    fn what_somebody_writes_beyond_the_bound_of_a_day_is_kept_and_matched_with_nothing(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (ours, bobs) = (case(&desk, ANN).await, case(&desk, BOB).await);
            arrives(&desk, OTHER, MAIL.0, MAIL.1).await;
            for hundreds in 0..5 {
                let many: Vec<String> = (0..200).map(|one| format!("n{hundreds}-{one}@mail.example")).collect();
                writes(&desk, ANN, ours, &many.join(" ")).await;
            }
            let note = writes(&desk, ANN, ours, MAIL.1).await;
            assert_eq!(events(&desk, ANN).await, []);
            let (reader, id) = (keeper("ann", OWN), note.clone());
            let kept = desk.read(move |view| entry::get(view, &reader, ours, &id)).await.unwrap();
            assert_eq!(kept.words.text, MAIL.1);
            desk.house.advance(SignedDuration::from_hours(24));
            mends(&desk, ANN, (ours, &note, 1), MAIL.1).await;
            assert_eq!(events(&desk, ANN).await.len(), 1, "another day");
            writes(&desk, BOB, bobs, MAIL.1).await;
            let one = events(&desk, ANN).await.remove(0);
            assert_eq!(pointed(&desk, BOB, &one).await, (vec![], vec![bobs], 1));
        });
    }

    // PROVES: R-28
    fn what_more_than_a_hundred_cases_say_tells_nothing_and_hides_nothing(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            for _ in 0..101 {
                called(&desk, CYD, "common@mail.example").await;
            }
            let rare = called(&desk, CYD, "dull@mail.example").await;
            let report = desk.routed(PROVIDERS[0], "sextortion", Priority::Routine).await;
            let said = [names(SelectorKind::Email, "common@mail.example"), names(MAIL.0, MAIL.1)];
            desk.act(move |act| selector::record(act, report, &said)).await.unwrap();
            desk.deliver(report, OWN).await.unwrap();
            told(&desk, report).await;
            let one = events(&desk, CYD).await.remove(0);
            assert_eq!(pointed(&desk, CYD, &one).await, (vec![], vec![rare], 0));
            let ours = case(&desk, ANN).await;
            writes(&desk, ANN, ours, "common@mail.example").await;
            assert_eq!(events(&desk, ANN).await.len(), 1);
        });
    }
}
