//! What people write into a case is asked about as what reports say is: both sides are told, by pointer only.

use casework::entry::{self, EntryWords, NewEntry, Terms};
use casework::related::{self, Related};
use casework::{Keeper, casefile, member};
use domain::{CaseId, EntryKind, MemberLevel, ReportId, SelectorKind};
use policy::Permit;
use policy::permit::Deconflict;
use store::{agency, number};
use testkit::both_engines;

use crate::cases::{keeper, words};
use crate::desk::{AGENCIES, Desk, agency_of};
use crate::standing_query::arrives;
use crate::{OTHER, OWN, by, permit, person_id, run, staffed};

type Side = (&'static str, &'static str);

const ANN: Side = ("ann", OWN);
const CYD: Side = ("cyd", OTHER);
const MAIL: (SelectorKind, &str) = (SelectorKind::Email, "dull@mail.example");

/// A case of somebody, in which nothing stands yet.
async fn case(desk: &Desk, side: Side) -> CaseId {
    let case = CaseId::from(number::next(&desk.house).await.unwrap());
    let keeper = keeper(side.0, side.1);
    by(desk, side, move |act| casefile::open(act, &keeper, case, &words("Dull case"))).await.unwrap();
    case
}

/// Somebody writes a note into it.
async fn writes(desk: &Desk, side: Side, case: CaseId, text: &str) {
    let (keeper, text) = (keeper(side.0, side.1), text.to_owned());
    let written = by(desk, side, move |act| {
        let words = EntryWords { title: String::new(), text: text.clone() };
        let new = NewEntry { kind: EntryKind::Note, words, terms: Terms::default(), file: None };
        entry::write(act, &keeper, case, &new)
    });
    written.await.unwrap();
}

async fn events(desk: &Desk, side: Side) -> Vec<Related> {
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
}
