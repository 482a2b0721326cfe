//! A case from its opening to its closing: who reaches it, what stands in it, and two who write at once.

use casework::casefile::{self, CaseWords};
use casework::entry::{self, Entry, EntryWords, NewEntry, Terms};
use casework::{Keeper, filing, member};
use database::bind;
use domain::{CaseId, CustodyKind, EntryKind, MemberLevel, ReportId, StatusReason};
use jiff::SignedDuration;
use policy::Permit;
use policy::permit::{Assign, KeepCases};
use store::{Act, Refusal, Result, View, number};
use testkit::both_engines;

use crate::desk::Desk;
use crate::{OTHER, OWN, by, permit, person_id, refusal, run, staffed};

pub fn keeper(who: &str, agency: &str) -> Keeper {
    let keeps: Permit<KeepCases> = permit(who, agency);
    let oversees: Option<Permit<Assign>> = who.starts_with("chief").then(|| permit(who, agency));
    Keeper::new(keeps, oversees.as_ref())
}

/// An act of somebody of the own agency.
pub async fn keeps<T: Send + 'static>(
    desk: &Desk,
    who: &str,
    mut work: impl FnMut(&Act<'_>, &Keeper) -> Result<T> + Send + 'static,
) -> Result<T> {
    let keeper = keeper(who, OWN);
    by(desk, (who, OWN), move |act| work(act, &keeper)).await
}

/// A reading of somebody of the own agency.
pub async fn sees<T: Send + 'static>(
    desk: &Desk,
    who: &str,
    mut work: impl FnMut(&View<'_>, &Keeper) -> Result<T> + Send + 'static,
) -> Result<T> {
    let keeper = keeper(who, OWN);
    desk.read(move |view| work(view, &keeper)).await
}

pub fn words(title: &str) -> CaseWords {
    CaseWords { title: title.to_owned(), summary: "Dull summary".to_owned() }
}

/// A case that Ann leads, with these reports.
pub async fn case_of(desk: &Desk, reports: &[ReportId]) -> CaseId {
    let case = CaseId::from(number::next(&desk.house).await.unwrap());
    keeps(desk, "ann", move |act, keeper| casefile::open(act, keeper, case, &words("Dull case")))
        .await
        .unwrap();
    for report in reports.iter().copied() {
        keeps(desk, "ann", move |act, keeper| filing::add(act, keeper, case, report)).await.unwrap();
    }
    case
}

fn note_of(text: &str) -> NewEntry {
    NewEntry { kind: EntryKind::Note, words: said(text), terms: Terms::default(), file: None }
}

fn said(text: &str) -> EntryWords {
    EntryWords { title: String::new(), text: text.to_owned() }
}

async fn written(desk: &Desk, case: CaseId, new: NewEntry) -> Result<String> {
    keeps(desk, "ann", move |act, keeper| entry::write(act, keeper, case, &new)).await
}

async fn rewritten(
    desk: &Desk,
    who: &str,
    (case, id, version): (CaseId, &str, u32),
    text: &str,
) -> Result<()> {
    let (id, words) = (id.to_owned(), said(text));
    keeps(desk, who, move |act, keeper| {
        entry::rewrite(act, keeper, (case, &id, version), &words, &Terms::default())
    })
    .await
}

async fn entry_of(desk: &Desk, case: CaseId, id: &str) -> Entry {
    let id = id.to_owned();
    sees(desk, "ann", move |view, keeper| entry::get(view, keeper, case, &id)).await.unwrap()
}

async fn takes_in(desk: &Desk, case: CaseId, who: &str, level: MemberLevel) {
    let person = person_id(who);
    keeps(desk, "ann", move |act, keeper| member::add(act, keeper, case, (&person, level), "works on it"))
        .await
        .unwrap();
}

/// Rows of kinds that a new case has none of.
const SLIPPED_IN: &[(&str, &str)] = &[
    (
        "casefile",
        "(number, agency_id, opened_by, opened_at, version, changed_at) SELECT number + 1, agency_id, opened_by, 1, 1, 1",
    ),
    (
        "case_entry",
        "(number, id, kind, version, written_by, written_at, changed_by, changed_at) \
         SELECT number, 'x', 'note', 1, opened_by, 1, opened_by, 1",
    ),
    (
        "case_report",
        "(number, report_id, added_by, added_at) SELECT number, (SELECT MIN(id) FROM report), opened_by, 1",
    ),
    (
        "case_hit",
        "(number, report_id, shared, found_at, reopened) SELECT number, (SELECT MIN(id) FROM report), 1, 1, 0",
    ),
];

both_engines! {
    // PROVES: R-75 R-76
    fn a_case_and_the_first_row_of_a_kind_in_one_that_were_slipped_in_are_found(scratch) {
        run(async {
            let (desk, database) = (staffed(scratch).await, scratch.open());
            desk.delivered_to(OWN).await;
            case_of(&desk, &[]).await;
            for (table, row) in SLIPPED_IN {
                assert_eq!(desk.house.wrong().await, None, "before {table}");
                let put = format!("INSERT INTO {table} {row} FROM casefile");
                assert_eq!(testkit::tamper::behind(&database, &[&put]), [1], "{table}");
                let wrong = desk.house.wrong().await.unwrap_or_default();
                assert!(wrong.starts_with(table), "{table}: {wrong:?}");
                let which = if *table == "casefile" { "WHERE opened_at = 1" } else { "" };
                testkit::tamper::behind(&database, &[&format!("DELETE FROM {table} {which}")]);
            }
        });
    }

    // PROVES: R-75 R-76
    fn a_text_that_gave_way_to_its_own_digest_is_found(scratch) {
        run(async {
            let (desk, database) = (staffed(scratch).await, scratch.open());
            let case = case_of(&desk, &[]).await;
            written(&desk, case, note_of("A dull note")).await.unwrap();
            assert_eq!(desk.house.wrong().await, None);
            let put = "UPDATE case_text SET sealed_words = sha256, sha256 = NULL WHERE sha256 IS NOT NULL";
            assert_ne!(testkit::tamper::behind(&database, &[put]), [0]);
            let wrong = desk.house.wrong().await.unwrap_or_default();
            assert!(wrong.starts_with("case_text"), "{wrong:?}");
        });
    }

    // PROVES: R-36
    fn a_case_is_found_by_whole_words_of_its_texts_by_those_who_reach_it_alone(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let case = case_of(&desk, &[]).await;
            written(&desk, case, note_of("Drove a GREEN lorry to Ely")).await.unwrap();
            let found = |who: &'static str, words: &'static str| {
                sees(&desk, who, move |view, keeper| {
                    Ok(casefile::holding(view, keeper, words)?.into_iter().map(|case| case.number).collect::<Vec<_>>())
                })
            };
            assert_eq!(found("ann", "green summary").await.unwrap(), [case]);
            assert_eq!(found("chief-1", "Lorry").await.unwrap(), [case]);
            // Parts of words, words that stand nowhere, and no words find nothing; nor does who is no member.
            for (who, words) in [("ann", "gree"), ("ann", "green car"), ("ann", "to"), ("bob", "green")] {
                assert_eq!(found(who, words).await.unwrap(), [], "{who}: {words}");
            }
            let other = keeper("cyd", OTHER);
            let others = desk.read(move |view| Ok(casefile::holding(view, &other, "green")?.len())).await;
            assert_eq!(others.unwrap(), 0);
        });
    }

    // PROVES: R-36
    fn a_case_is_there_for_its_members_its_commander_and_whoever_it_is_shared_with(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let case = case_of(&desk, &[]).await;
            let get = move |view: &View<'_>, keeper: &Keeper| casefile::get(view, keeper, case);
            assert_eq!(sees(&desk, "ann", get).await.unwrap().words, words("Dull case"));
            assert!(sees(&desk, "chief-1", get).await.is_ok());
            assert_eq!(refusal(sees(&desk, "bob", get).await), Some(Refusal::NotFound));
            let others = keeper("chief-2", OTHER);
            let read = desk.read(move |view| casefile::get(view, &others, case)).await;
            assert_eq!(refusal(read), Some(Refusal::NotFound));
            assert_eq!(sees(&desk, "bob", |view, keeper| casefile::list(view, keeper, false)).await.unwrap(), []);

            takes_in(&desk, case, "bob", MemberLevel::Reads).await;
            assert!(sees(&desk, "bob", get).await.is_ok());
            assert_eq!(sees(&desk, "bob", |view, keeper| casefile::list(view, keeper, false)).await.unwrap().len(), 1);
            let wrote = keeps(&desk, "bob", move |act, keeper| entry::write(act, keeper, case, &note_of("dull")));
            assert_eq!(refusal(wrote.await), Some(Refusal::NotAllowed));
            let (bob, ann) = (person_id("bob"), person_id("ann"));
            keeps(&desk, "ann", move |act, keeper| member::remove(act, keeper, case, &bob)).await.unwrap();
            assert_eq!(refusal(sees(&desk, "bob", get).await), Some(Refusal::NotFound));
            // Somebody must lead it.
            let left = keeps(&desk, "ann", move |act, keeper| member::remove(act, keeper, case, &ann)).await;
            assert_eq!(refusal(left), Some(Refusal::Conflict));

            keeps(&desk, "ann", move |act, keeper| casefile::share(act, keeper, case, true)).await.unwrap();
            assert!(sees(&desk, "bob", get).await.is_ok());
            keeps(&desk, "bob", move |act, keeper| casefile::read(act, keeper, case)).await.unwrap();
            let told = sees(&desk, "chief-1", move |view, keeper| member::of_case(view, keeper, case)).await.unwrap();
            assert_eq!(told.iter().map(|one| one.need.as_str()).collect::<Vec<_>>(), ["opened the case", "works on it"]);
            let caused = [store::EventKind::CaseOpened, store::EventKind::CaseChanged, store::EventKind::CaseRead];
            desk.house.has_caused(&caused).await;
            testkit::tamper::is_found(scratch, &["casefile", "case_member"], async || desk.house.wrong().await).await;
        });
    }

    fn of_two_who_write_the_same_thing_the_second_is_told_and_nothing_is_lost(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let case = case_of(&desk, &[]).await;
            takes_in(&desk, case, "bob", MemberLevel::Works).await;
            let id = written(&desk, case, note_of("first")).await.unwrap();
            rewritten(&desk, "bob", (case, &id, 1), "second, by Bob").await.unwrap();
            assert_eq!(refusal(rewritten(&desk, "ann", (case, &id, 1), "second, by Ann").await), Some(Refusal::Conflict));
            let now = entry_of(&desk, case, &id).await;
            assert_eq!((now.words.text.as_str(), now.version), ("second, by Bob", 2));
            rewritten(&desk, "ann", (case, &id, 2), "both").await.unwrap();
            for (version, text) in [(1, "first"), (2, "second, by Bob"), (3, "both")] {
                let id = id.clone();
                let earlier = sees(&desk, "ann", move |view, keeper| entry::earlier(view, keeper, (case, &id, version)));
                assert_eq!(earlier.await.unwrap().text, text);
            }
            let renamed = |version| move |act: &Act<'_>, keeper: &Keeper| {
                casefile::rewrite(act, keeper, (case, version), &words("Duller case"))
            };
            keeps(&desk, "ann", renamed(1)).await.unwrap();
            assert_eq!(refusal(keeps(&desk, "bob", renamed(1)).await), Some(Refusal::Conflict));
        });
    }

    fn a_task_is_done_and_an_exhibit_has_its_chain_of_custody(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let report = desk.opened().await;
            let file = desk.attached(report, b"dull bytes").await;
            desk.finish(report).await.unwrap();
            desk.act(move |act| crate::desk::route_it(act, report, domain::Priority::Routine)).await.unwrap();
            desk.deliver(report, OWN).await.unwrap();
            let case = case_of(&desk, &[report]).await;
            let due_at = Some(desk.house.now() + SignedDuration::from_hours(24));
            let terms = Terms { person: Some(person_id("bob")), due_at, ..Terms::default() };
            let words = EntryWords { title: "Ask the court".to_owned(), text: String::new() };
            let task = NewEntry { kind: EntryKind::Task, words: words.clone(), terms: terms.clone(), file: None };
            let id = written(&desk, case, task).await.unwrap();
            let (done, name) = (Terms { done: true, ..terms }, id.clone());
            keeps(&desk, "ann", move |act, keeper| entry::rewrite(act, keeper, (case, &name, 1), &words, &done))
                .await
                .unwrap();
            assert_eq!(entry_of(&desk, case, &id).await.done_at, Some(desk.house.now()));

            let exhibit = |file| NewEntry {
                kind: EntryKind::Exhibit,
                words: EntryWords { title: "Exhibit 1".to_owned(), text: String::new() },
                terms: Terms::default(),
                file: Some((report, file)),
            };
            let strange = domain::FileId::from_random([9; 16]);
            assert_eq!(refusal(written(&desk, case, exhibit(strange)).await), Some(Refusal::FileNotFound));
            let first = written(&desk, case, exhibit(file)).await.unwrap();
            let record = |id: &str, hours: i64| {
                let (id, at) = (id.to_owned(), desk.house.now() + SignedDuration::from_hours(hours));
                keeps(&desk, "ann", move |act, keeper| {
                    entry::record(act, keeper, (case, &id), (CustodyKind::HandedOver, at), "to the laboratory")
                })
            };
            record(&first, 0).await.unwrap();
            record(&first, -1).await.unwrap();
            let unfit = Some(Refusal::Unfit { what: "custody event" });
            assert_eq!(refusal(record(&first, 1).await), unfit, "what is yet to happen");
            assert_eq!(refusal(record(&id, 0).await), unfit, "a task has no custody");
            let chain = sees(&desk, "ann", move |view, keeper| entry::custody(view, keeper, case)).await.unwrap();
            let places: Vec<_> = chain.iter().map(|one| (one.position, one.words.as_str())).collect();
            assert_eq!(places, [(1, "to the laboratory"), (2, "to the laboratory")]);
            let caused = [store::EventKind::CaseEntryWritten, store::EventKind::CustodyRecorded];
            desk.house.has_caused(&caused).await;
            testkit::tamper::is_found(scratch, &["case_entry", "case_text", "case_custody"], async || desk.house.wrong().await).await;
        });
    }

    fn a_closed_case_is_only_read_until_somebody_opens_it_again(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let case = case_of(&desk, &[desk.delivered_to(OWN).await]).await;
            let close = |reason| keeps(&desk, "ann", move |act, keeper| casefile::close(act, keeper, case, reason));
            assert_eq!(refusal(close(StatusReason::AwaitsAgency).await), Some(Refusal::Unfit { what: "reason" }));
            close(StatusReason::Resolved).await.unwrap();
            assert_eq!(refusal(written(&desk, case, note_of("late")).await), Some(Refusal::Closed));
            let found = sees(&desk, "ann", move |view, keeper| casefile::get(view, keeper, case)).await.unwrap();
            assert_eq!(found.closed.unwrap().reason, StatusReason::Resolved);
            keeps(&desk, "ann", move |act, keeper| casefile::reopen(act, keeper, case)).await.unwrap();
            written(&desk, case, note_of("in time")).await.unwrap();
            let again = keeps(&desk, "ann", move |act, keeper| casefile::reopen(act, keeper, case)).await;
            assert_eq!(refusal(again), Some(Refusal::Conflict));
            desk.house.has_caused(&[store::EventKind::CaseClosed, store::EventKind::CaseReopened]).await;
        });
    }

    fn a_report_is_in_a_case_once_and_only_when_the_agency_has_it(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (own, others) = (desk.delivered_to(OWN).await, desk.delivered_to(OTHER).await);
            let case = case_of(&desk, &[own]).await;
            let add = |report| keeps(&desk, "ann", move |act, keeper| filing::add(act, keeper, case, report));
            assert_eq!(refusal(add(own).await), Some(Refusal::Conflict));
            assert_eq!(refusal(add(others).await), Some(Refusal::NotFound));
            let filed = sees(&desk, "ann", move |view, keeper| filing::of_case(view, keeper, case)).await.unwrap();
            assert_eq!(filed.iter().map(|one| one.report).collect::<Vec<_>>(), [own]);
            let cases = |who| sees(&desk, who, move |view, keeper| filing::cases_of(view, keeper, own));
            assert_eq!((cases("ann").await.unwrap(), cases("bob").await.unwrap()), (vec![case], vec![]));
            keeps(&desk, "ann", move |act, keeper| filing::remove(act, keeper, case, own)).await.unwrap();
            assert_eq!(cases("ann").await.unwrap(), []);
            desk.house.has_caused(&[store::EventKind::CaseFiled]).await;
        });
    }

    fn no_word_of_a_case_stands_in_plain(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let case = case_of(&desk, &[]).await;
            written(&desk, case, note_of("a canary sings")).await.unwrap();
            takes_in(&desk, case, "bob", MemberLevel::Reads).await;
            for sql in [TEXTS, NEEDS] {
                let sealed = desk.read(move |view| Ok(view.tx().rows::<Vec<u8>>(sql, &bind! {})?)).await.unwrap();
                assert!(sealed.len() >= 2);
                for words in ["canary", "Dull", "works on it"] {
                    let plain = |bytes: &Vec<u8>| bytes.windows(words.len()).any(|one| one == words.as_bytes());
                    assert!(!sealed.iter().any(plain), "{words}");
                }
            }
        });
    }
}

const TEXTS: &str = "-- test::texts
    SELECT sealed_words FROM case_text";
const NEEDS: &str = "-- test::needs
    SELECT sealed_need FROM case_member";
