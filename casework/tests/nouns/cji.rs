//! What an agency labels as criminal justice information: the label stays whatever anybody does, and nobody outside hears of it.

use std::path::{Path, PathBuf};

use casework::entry::{self, Entry, EntryWords, NewEntry, Terms};
use casework::related::{self, Related};
use casework::{Keeper, casefile, filing, member};
use domain::{CaseId, CustodyKind, EntryKind, MemberLevel, SelectorKind, StatusReason};
use jiff::SignedDuration;
use policy::Permit;
use policy::permit::Deconflict;
use store::{Act, EventKind, Refusal, Result};
use testkit::both_engines;

use crate::cases::{case_of, keeper, keeps, sees, words};
use crate::desk::Desk;
use crate::standing_query::arrives;
use crate::{OTHER, OWN, by, permit, person_id, refusal, run, staffed};

fn said(text: &str) -> EntryWords {
    EntryWords { title: "Dull title".to_owned(), text: text.to_owned() }
}

/// An entry of the case, with the label or without.
async fn written(desk: &Desk, case: CaseId, kind: EntryKind, (text, cji): (&str, bool)) -> String {
    let new = NewEntry { kind, words: said(text), terms: Terms { cji, ..Terms::default() }, file: None };
    keeps(desk, "ann", move |act, keeper| entry::write(act, keeper, case, &new)).await.unwrap()
}

async fn rewritten(desk: &Desk, who: &str, at: (CaseId, &str, u32), (text, cji): (&str, bool)) {
    let ((case, id, version), words) = ((at.0, at.1.to_owned(), at.2), said(text));
    let terms = Terms { cji, ..Terms::default() };
    keeps(desk, who, move |act, keeper| entry::rewrite(act, keeper, (case, &id, version), &words, &terms))
        .await
        .unwrap();
}

async fn entry_of(desk: &Desk, case: CaseId, id: &str) -> Entry {
    let id = id.to_owned();
    sees(desk, "ann", move |view, keeper| entry::get(view, keeper, case, &id)).await.unwrap()
}

async fn events(desk: &Desk, (who, agency): (&str, &str)) -> Vec<Related> {
    let sees: Permit<Deconflict> = permit(who, agency);
    desk.read(move |view| related::list(view, &sees, false)).await.unwrap()
}

/// Everything that somebody who leads a case can do to it and to one of its entries.
type Step = fn(&Act<'_>, &Keeper, CaseId, &str) -> Result<()>;
const STEPS: &[(&str, Step)] = &[
    ("written anew", |act, keeper, case, id| {
        let version = entry::get(act, keeper, case, id)?.version;
        entry::rewrite(act, keeper, (case, id, version), &said("other words"), &Terms::default())
    }),
    ("done", |act, keeper, case, id| {
        let version = entry::get(act, keeper, case, id)?.version;
        let done = Terms { done: true, ..Terms::default() };
        entry::rewrite(act, keeper, (case, id, version), &said("done"), &done)
    }),
    ("handed over", |act, keeper, case, id| {
        entry::record(act, keeper, (case, id), (CustodyKind::HandedOver, act.now()), "to the laboratory")
    }),
    ("destroyed, they say", |act, keeper, case, id| {
        entry::record(act, keeper, (case, id), (CustodyKind::Destroyed, act.now()), "by the laboratory")
    }),
    ("of a case with another title", |act, keeper, case, _| {
        let version = casefile::get(act, keeper, case)?.version;
        casefile::rewrite(act, keeper, (case, version), &words("Duller case"))
    }),
    ("shared", |act, keeper, case, _| casefile::share(act, keeper, case, true)),
    ("shared no more", |act, keeper, case, _| casefile::share(act, keeper, case, false)),
    ("with another member", |act, keeper, case, _| {
        member::add(act, keeper, case, (&person_id("bob"), MemberLevel::Works), "works on it")
    }),
    ("without that member", |act, keeper, case, _| member::remove(act, keeper, case, &person_id("bob"))),
    ("without its report", |act, keeper, case, _| {
        let reports = filing::of_case(act, keeper, case)?;
        reports.into_iter().try_for_each(|filed| filing::remove(act, keeper, case, filed.report))
    }),
    ("closed", |act, keeper, case, _| casefile::close(act, keeper, case, StatusReason::Duplicate)),
    ("opened again", |act, keeper, case, _| casefile::reopen(act, keeper, case)),
];

/// The sources of every crate, tests left out.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for one in std::fs::read_dir(folder).unwrap() {
        let (path, name) = (one.as_ref().unwrap().path(), one.unwrap().file_name());
        let is_ours = !["target", "tests", "node_modules"].iter().any(|left| name == *left);
        if path.is_dir() && is_ours && !name.to_string_lossy().starts_with('.') {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs" || ending == "sql") {
            found.push(path);
        }
    }
}

// PROVES: R-68
#[test]
fn no_statement_of_the_house_changes_a_label_or_takes_it_away() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut all = Vec::new();
    sources(root, &mut all);
    let mut named = 0;
    for path in all {
        let text = std::fs::read_to_string(&path).unwrap();
        let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for table in ["case_cji", "case_passing"] {
            named += spaced.matches(&format!("INSERT INTO {table}")).count();
            for word in ["UPDATE", "DELETE FROM", "ALTER TABLE", "DROP TABLE"] {
                assert!(!spaced.contains(&format!("{word} {table}")), "{}: {word} {table}", path.display());
            }
        }
    }
    assert_eq!(named, 2, "each is written in one place");
}

both_engines! {
    // PROVES: R-68
    fn a_label_stays_whatever_is_done_to_its_entry_and_its_case(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.delivered_to(OWN).await;
            let case = case_of(&desk, &[report]).await;
            let id = written(&desk, case, EntryKind::Exhibit, ("criminal history", true)).await;
            let plain = written(&desk, case, EntryKind::Note, ("dull words", false)).await;
            let since = entry_of(&desk, case, &id).await.cji_at;
            assert_eq!(since, Some(desk.house.now()));
            for (says, step) in STEPS {
                desk.house.advance(SignedDuration::from_secs(1));
                let name = id.clone();
                keeps(&desk, "ann", move |act, keeper| step(act, keeper, case, &name)).await.unwrap();
                assert_eq!(entry_of(&desk, case, &id).await.cji_at, since, "{says}");
                assert_eq!(entry_of(&desk, case, &plain).await.cji_at, None, "{says}: the label of another entry");
            }
            // Labelled later by whoever may write, and labelled twice: it is labelled since the first time.
            let leads = keeper("ann", OWN);
            let bob = person_id("bob");
            by(&desk, ("ann", OWN), move |act| member::add(act, &leads, case, (&bob, MemberLevel::Works), "need")).await.unwrap();
            rewritten(&desk, "bob", (case, &plain, 1), ("criminal history", true)).await;
            let later = entry_of(&desk, case, &plain).await.cji_at;
            assert_eq!(later, Some(desk.house.now()));
            desk.house.advance(SignedDuration::from_secs(1));
            rewritten(&desk, "ann", (case, &plain, 2), ("criminal history again", true)).await;
            rewritten(&desk, "chief-1", (case, &plain, 3), ("without a label, they hope", false)).await;
            assert_eq!(entry_of(&desk, case, &plain).await.cji_at, later);
            // Who may only read labels nothing, and nobody labels in a closed case.
            let (leads, dull) = (keeper("ann", OWN), person_id("bob"));
            by(&desk, ("ann", OWN), move |act| member::add(act, &leads, case, (&dull, MemberLevel::Reads), "need")).await.unwrap();
            let labels = |who: &'static str| {
                let new = NewEntry { kind: EntryKind::Note, words: said("x"), terms: Terms { cji: true, ..Terms::default() }, file: None };
                keeps(&desk, who, move |act, keeper| entry::write(act, keeper, case, &new))
            };
            assert_eq!(refusal(labels("bob").await), Some(Refusal::NotAllowed));
            keeps(&desk, "ann", move |act, keeper| casefile::close(act, keeper, case, StatusReason::Resolved)).await.unwrap();
            assert_eq!(refusal(labels("ann").await), Some(Refusal::Closed));
            assert_eq!(desk.house.leaves(EventKind::CjiLabelled).await, 2, "one record of each label");
        });
    }

    // PROVES: R-68
    fn of_what_is_labelled_no_other_agency_is_asked_or_told(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let case = case_of(&desk, &[]).await;
            arrives(&desk, OTHER, SelectorKind::Email, "dull@mail.example").await;
            written(&desk, case, EntryKind::Subject, ("Writes as dull@mail.example", true)).await;
            assert_eq!((events(&desk, ("ann", OWN)).await, events(&desk, ("cyd", OTHER)).await), (vec![], vec![]));
            // What got its label later is asked about no more from then on.
            let note = written(&desk, case, EntryKind::Note, ("Also later@mail.example", false)).await;
            rewritten(&desk, "ann", (case, &note, 1), ("Also later@mail.example", true)).await;
            arrives(&desk, OTHER, SelectorKind::Email, "later@mail.example").await;
            assert_eq!((events(&desk, ("ann", OWN)).await, events(&desk, ("cyd", OTHER)).await), (vec![], vec![]));
            // Without a label it would have been, as everything else that is typed.
            written(&desk, case, EntryKind::Note, ("dull@mail.example", false)).await;
            assert_eq!(events(&desk, ("cyd", OTHER)).await.len(), 1);
        });
    }
}
