//! An inbox page by page is the whole inbox, in every order and through every filter.

use casework::inbox::{self, Holder, InboxPage, InboxQuery, InboxRow, Key, NewView, Sort, Which};
use casework::standing::{self, Change};
use domain::{BasisCode, Priority, ReportId, SelectorKind, Status, StatusReason};
use jiff::{SignedDuration, Timestamp};
use policy::permit::{Assign, Work};
use policy::{List, Permit};
use store::{EventKind as Kind, Refusal, Result};
use testkit::both_engines;

use crate::desk::{AGENCIES, Desk, PROVIDERS, lists, provider_id};
use crate::{OTHER, OWN, by, permit, person_id, refusal, run, staffed};

const REPORTS: usize = 30;
const INCIDENTS: [&str; 3] = ["sextortion", "csam", "enticement"];

/// Reports that differ in everything that is sorted and filtered by; some came at the same moment.
async fn filled(desk: &Desk) {
    for number in 0..REPORTS {
        let priority = Priority::ALL[number * 7 % Priority::ALL.len()];
        let report = desk.routed(PROVIDERS[number / 3 % 2], INCIDENTS[number % 3], priority).await;
        let mut new = crate::desk::delivery_to(report, OWN);
        new.place = (number % 4 > 0).then(|| format!("County {}", number % 4));
        new.basis = if number % 5 == 0 { BasisCode::G3bState } else { BasisCode::C2State };
        desk.act(move |act| store::delivery::add(act, &new)).await.unwrap();
        if number % 4 == 0 {
            desk.deliver(report, OTHER).await.unwrap();
        }
        if number % 3 != 0 {
            desk.house.advance(SignedDuration::from_mins(10));
        }
        worked(desk, number, report).await;
    }
}

/// What the commander says of every few of them.
async fn worked(desk: &Desk, number: usize, report: ReportId) {
    let unit = Some(Some("North".to_owned()));
    let closed = Some((Status::Closed, Some(StatusReason::Unfounded)));
    let waiting = Some((Status::Waiting, Some(StatusReason::AwaitsProvider)));
    let what = match number % 6 {
        0 => Change { status: closed, ..Change::default() },
        1 => Change::give_to(person_id("ann")),
        2 => Change { unit, ..Change::give_to(person_id("bob")) },
        3 => Change { own_priority: Some(Some(Priority::Immediate)), unit, ..Change::default() },
        4 => Change { status: waiting, ..Change::default() },
        _ => return,
    };
    let (works, assigns): (Permit<Work>, Permit<Assign>) = (permit("chief-1", OWN), permit("chief-1", OWN));
    let changed = by(desk, ("chief-1", OWN), move |act| {
        standing::change(act, &works, (report, 1), &what, Some(&assigns))
    });
    changed.await.unwrap();
}

async fn page(desk: &Desk, agency: &str, query: InboxQuery) -> InboxPage {
    let permit = lists(agency);
    desk.read(move |view| inbox::page(view, &permit, &query)).await.unwrap()
}

/// Every page, one after the other.
async fn walked(desk: &Desk, query: &InboxQuery) -> Vec<InboxRow> {
    let (mut rows, mut query) = (Vec::new(), query.clone());
    loop {
        let page = page(desk, OWN, query.clone()).await;
        assert!(page.rows.len() <= query.limit as usize);
        rows.extend(page.rows);
        assert!(rows.len() <= REPORTS, "a page repeats");
        match page.next {
            // As an address of a page carries it.
            Some(key) => query.after = Some(key.to_string().parse::<Key>().unwrap()),
            None => return rows,
        }
    }
}

/// The same by reading everything and sorting it.
fn expected(all: &[InboxRow], query: &InboxQuery) -> Vec<ReportId> {
    let mut rows: Vec<&InboxRow> = all.iter().filter(|row| query.fits(row)).collect();
    rows.sort_by_key(|row| (row.received_at, row.report()));
    match query.sort {
        Sort::Oldest => {}
        Sort::Newest => rows.reverse(),
        Sort::MostUrgent => rows.sort_by_key(|row| row.standing.priority()),
        Sort::Deadline => rows.sort_by_key(|row| (row.standing.due_at, row.report())),
        Sort::Arrived => rows.sort_by_key(|row| std::cmp::Reverse((row.available_at, row.report()))),
        Sort::Changed => rows.sort_by_key(|row| std::cmp::Reverse((row.standing.changed_at, row.report()))),
    }
    rows.into_iter().map(InboxRow::report).collect()
}

fn filters(noon: Timestamp) -> Vec<InboxQuery> {
    let plain = InboxQuery { limit: 4, ..InboxQuery::default() };
    let at = |minutes| Some(noon + SignedDuration::from_mins(minutes));
    let provider = Some(provider_id(PROVIDERS[0]));
    let incident_type = Some(INCIDENTS[1].to_owned());
    let (ann, unit) = (Some(Holder::Person(person_id("ann"))), Some("North".to_owned()));
    let (closed, any) = (Which::Only(Status::Closed), Which::Any);
    vec![
        InboxQuery { which: closed, reason: Some(StatusReason::Unfounded), ..plain.clone() },
        InboxQuery { which: closed, reason: Some(StatusReason::Duplicate), ..plain.clone() },
        InboxQuery { which: any, reason: Some(StatusReason::Unfounded), ..plain.clone() },
        InboxQuery { reason: Some(StatusReason::AwaitsProvider), ..plain.clone() },
        InboxQuery { advised: Some(Priority::Routine), ..plain.clone() },
        InboxQuery { advised: Some(Priority::Immediate), which: any, ..plain.clone() },
        InboxQuery { advised: Some(Priority::Urgent), priority: Some(Priority::Immediate), ..plain.clone() },
        InboxQuery {
            advised: Some(Priority::Elevated),
            which: Which::Only(Status::Assigned),
            ..plain.clone()
        },
        InboxQuery { basis: Some(BasisCode::C2State), ..plain.clone() },
        InboxQuery { basis: Some(BasisCode::G3bState), advised: Some(Priority::Routine), ..plain.clone() },
        InboxQuery { new_after: at(30), available_until: at(110), ..plain.clone() },
        InboxQuery { changed_after: at(30), changed_until: at(110), which: any, ..plain.clone() },
        InboxQuery { available_until: at(90), changed_until: at(110), which: closed, ..plain.clone() },
        InboxQuery { limit: 1, ..plain.clone() },
        InboxQuery { which: Which::Only(Status::Closed), ..plain.clone() },
        InboxQuery { which: Which::Only(Status::Assigned), unit: unit.clone(), ..plain.clone() },
        InboxQuery { which: Which::Only(Status::Assigned), ..plain.clone() },
        InboxQuery { holder: ann, ..plain.clone() },
        InboxQuery { holder: Some(Holder::Nobody), ..plain.clone() },
        InboxQuery { unit, has_files: Some(false), ..plain.clone() },
        InboxQuery { priority: Some(Priority::Immediate), ..plain.clone() },
        InboxQuery { place: Some("County 1".to_owned()), provider: provider.clone(), ..plain.clone() },
        InboxQuery { has_files: Some(true), ..plain.clone() },
        InboxQuery { incident_type: incident_type.clone(), due_until: at(600), ..plain.clone() },
        InboxQuery { since: at(30), until: at(110), ..plain.clone() },
        InboxQuery { since: at(30), provider, incident_type, limit: 2, ..plain.clone() },
        InboxQuery { new_after: at(60), ..plain.clone() },
        InboxQuery { which: Which::Any, changed_after: at(60), ..plain.clone() },
        plain,
    ]
}

async fn everything(desk: &Desk) -> Vec<InboxRow> {
    let mut all = Vec::new();
    for which in [Which::Open, Which::Only(Status::Closed)] {
        all.extend(page(desk, OWN, InboxQuery { which, limit: 500, ..InboxQuery::default() }).await.rows);
    }
    all
}

async fn look(desk: &Desk, who: &str, until: Timestamp) -> Result<()> {
    let lists: Permit<List> = permit(who, OWN);
    by(desk, (who, OWN), move |act| inbox::look(act, &lists, until)).await
}

/// What somebody sees as new, and since when.
async fn new(desk: &Desk, who: &str) -> (Option<Timestamp>, u32) {
    let lists: Permit<List> = permit(who, OWN);
    let seen = desk.read(move |view| {
        let looked = inbox::looked(view, &lists)?;
        Ok((looked, inbox::count_since(view, &lists, looked.unwrap_or(Timestamp::UNIX_EPOCH))?))
    });
    seen.await.unwrap()
}

async fn save(desk: &Desk, who: &str, name: &str, shared: bool) -> Result<()> {
    let (lists, assigns) = (permit::<List>(who, OWN), who.starts_with("chief").then(|| permit(who, OWN)));
    let new = NewView { name: name.to_owned(), question: "status=new".to_owned(), shared };
    by(desk, (who, OWN), move |act| inbox::save_view(act, &lists, &new, assigns.as_ref())).await
}

async fn views(desk: &Desk, who: &str, agency: &str) -> Vec<(String, String)> {
    let lists: Permit<List> = permit(who, agency);
    let found = desk.read(move |view| inbox::views(view, &lists)).await.unwrap();
    found.into_iter().map(|one| (one.id, one.name)).collect()
}

both_engines! {
    fn every_question_page_by_page_is_the_whole_answer(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let noon = desk.house.now();
            filled(&desk).await;
            let all = everything(&desk).await;
            assert_eq!(all.len(), REPORTS);
            let sorts =
                [Sort::MostUrgent, Sort::Newest, Sort::Oldest, Sort::Deadline, Sort::Arrived, Sort::Changed];
            for sort in sorts {
                for query in filters(noon) {
                    let query = InboxQuery { sort, ..query };
                    let query = InboxQuery { sort: query.order(), ..query };
                    let rows = walked(&desk, &query).await;
                    let reports: Vec<ReportId> = rows.iter().map(InboxRow::report).collect();
                    assert_eq!(reports, expected(&all, &query), "{query:?}");
                }
            }
        });
    }

    // PROVES: R-29
    fn an_inbox_holds_what_its_agency_has_and_nothing_else(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            filled(&desk).await;
            assert_eq!(page(&desk, OTHER, InboxQuery::default()).await.rows.len(), REPORTS.div_ceil(4));
            assert_eq!(page(&desk, AGENCIES[2].0, InboxQuery::default()).await.rows, []);
            let row = &page(&desk, OTHER, InboxQuery::default()).await.rows[0];
            assert!(PROVIDERS.iter().any(|name| row.provider_name == format!("{name} Inc")));
            assert!(row.basis.is_some());
        });
    }

    // PROVES: R-28 R-29
    fn a_search_finds_the_exact_selector_in_ones_own_reports_alone(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            let (own, other) = (desk.delivered_to(OWN).await, desk.delivered_to(OTHER).await);
            for report in [own, other] {
                let named = domain::Selector {
                    kind: SelectorKind::Email,
                    normal: "dull@mail.example".to_owned().into(),
                    given: "Dull@mail.example".to_owned().into(),
                    role: None,
                    path: "dull".to_owned(),
                };
                desk.act(move |act| store::selector::record(act, report, std::slice::from_ref(&named))).await.unwrap();
            }
            let naming = |number: Option<ReportId>, words: &str| {
                let (permit, forms) = (lists(OWN), [(SelectorKind::Email, words.to_owned())]);
                desk.read(move |view| {
                    let page = inbox::search(view, &permit, &InboxQuery::default(), (number, &forms))?;
                    Ok(page.rows.iter().map(InboxRow::report).collect::<Vec<_>>())
                })
            };
            assert_eq!(naming(None, "dull@mail.example").await.unwrap(), [own]);
            assert_eq!(naming(None, "dull@mail").await.unwrap(), []);
            assert_eq!(naming(Some(own), "").await.unwrap(), [own]);
            // The number of a report that another agency has finds nothing.
            assert_eq!(naming(Some(other), "").await.unwrap(), []);
        });
    }

    fn what_is_new_is_new_until_its_person_says_that_they_saw_it(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            desk.delivered_to(OWN).await;
            assert_eq!(new(&desk, "ann").await, (None, 1));
            let seen = desk.house.now();
            desk.house.advance(SignedDuration::from_mins(1));
            desk.delivered_to(OWN).await;
            // The page was made before the second report came, so that one stays new.
            look(&desk, "ann", seen).await.unwrap();
            assert_eq!(new(&desk, "ann").await, (Some(seen), 1));
            assert_eq!(new(&desk, "bob").await, (None, 2));
            // An older page takes nothing back.
            look(&desk, "ann", seen - SignedDuration::from_mins(1)).await.unwrap();
            assert_eq!(new(&desk, "ann").await, (Some(seen), 1));
            let later = desk.house.now() + SignedDuration::from_mins(1);
            assert_eq!(refusal(look(&desk, "ann", later).await), Some(Refusal::Unfit { what: "moment" }));
            desk.house.has_caused(&[Kind::InboxLooked]).await;
        });
    }

    fn views_are_ones_own_and_those_that_a_commander_gives_to_everybody(scratch) {
        run(async {
            let desk = staffed(scratch).await;
            save(&desk, "ann", "Mine", false).await.unwrap();
            save(&desk, "ann", "Mine", false).await.unwrap();
            save(&desk, "chief-1", "For all", true).await.unwrap();
            assert_eq!(refusal(save(&desk, "ann", "For all", true).await), Some(Refusal::NotAllowed));
            assert_eq!(refusal(save(&desk, "ann", "", false).await), Some(Refusal::Unfit { what: "name" }));
            for number in 0..inbox::MOST_VIEWS {
                save(&desk, "bob", &format!("View {number}"), false).await.unwrap();
            }
            save(&desk, "bob", "View 7", false).await.unwrap();
            let more = refusal(save(&desk, "bob", "One more", false).await);
            assert_eq!(more, Some(Refusal::Unfit { what: "number of views" }));
            let anns: Vec<String> = views(&desk, "ann", OWN).await.into_iter().map(|one| one.1).collect();
            assert_eq!(anns, ["For all", "Mine"]);
            let bobs = views(&desk, "bob", OWN).await;
            assert_eq!((bobs.len(), bobs[0].1.as_str()), (51, "For all"));
            assert_eq!(views(&desk, "cyd", OTHER).await, []);
            let (lists, id) = (permit::<List>("bob", OWN), bobs[0].0.clone());
            let others = by(&desk, ("bob", OWN), move |act| inbox::remove_view(act, &lists, &id)).await;
            assert_eq!(refusal(others), Some(Refusal::NotFound));
            let (lists, id) = (permit::<List>("chief-1", OWN), bobs[0].0.clone());
            by(&desk, ("chief-1", OWN), move |act| inbox::remove_view(act, &lists, &id)).await.unwrap();
            assert!(views(&desk, "bob", OWN).await.iter().all(|one| one.1 != "For all"));
            look(&desk, "ann", desk.house.now()).await.unwrap();
            desk.house.has_caused(&[Kind::InboxLooked, Kind::ViewSaved, Kind::ViewRemoved]).await;
        });
    }
}

#[test]
fn a_place_in_the_list_is_read_back_and_nothing_else_is() {
    assert_eq!("3.17.1000001".parse::<Key>().unwrap().to_string(), "3.17.1000001");
    for wrong in ["", "3", "3.17", "x.17.1", "3.17.x", "300.1.1"] {
        assert!(wrong.parse::<Key>().is_err(), "{wrong}");
    }
}
