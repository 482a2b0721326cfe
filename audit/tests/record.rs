//! The record as an auditor meets it, on both engines: what is found, what is counted, and what is taken out.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

use audit::{EventKind, Form, Page, Question, extract, refusals, search};
use domain::{Actor, AgencyId, Id as _, PersonId, Purpose, ReportId};
use jiff::{SignedDuration, Timestamp};
use policy::{Viewer, ViewerRole};
use serde_json::json;
use store::testing::TestHouse;
use store::{Attempt, Event, House};
use testkit::both_engines;
use verify::Keys;

/// Runs an async test on a runtime of its own, as the binary has one.
fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime starts").block_on(test)
}

fn person(id: &str) -> PersonId {
    PersonId::parse(id).unwrap()
}

fn agency() -> AgencyId {
    AgencyId::parse("icac-us-mn").unwrap()
}

fn auditor() -> Viewer {
    Viewer::staff(person("auditor"), ViewerRole::Auditor, true).proved_anew(true)
}

fn report() -> ReportId {
    ReportId::try_from(1_000_001).unwrap()
}

/// Notes an event at a moment of its own.
async fn noted(house: &TestHouse, actor: Actor, event: Event) {
    house.advance(SignedDuration::from_secs(1));
    let opens = event.kind == EventKind::ReportOpened;
    let done = house.act(actor, Purpose::Administration, "test::noted", move |act| {
        if opens {
            act.new_report_key(report())?;
        }
        act.note(event.clone())
    });
    done.await.unwrap();
}

/// A report that somebody read, a person who came and one who was switched off.
async fn lived_in(house: &TestHouse) {
    let officer = Actor::Person { person: person("p-1"), agency: Some(agency()) };
    noted(house, Actor::House, Event::of_report(EventKind::ReportOpened, report())).await;
    noted(house, officer.clone(), Event::of_house(EventKind::SignedIn)).await;
    noted(house, officer.clone(), Event::of_report(EventKind::ReportRead, report())).await;
    house.advance(SignedDuration::from_hours(48));
    let gone = Event::of_house(EventKind::PersonDisabled).with(json!({ "person": "p-2" }));
    noted(house, Actor::Operator, gone).await;
    noted(house, officer, Event::of_house(EventKind::ViewRefused).refused("ground")).await;
    settled(house).await;
}

async fn settled(house: &House) {
    while house.book().sequence().await.map(|run| run.from < run.to).unwrap() {}
}

async fn found(house: &House, question: Question) -> Vec<&'static str> {
    let page: Page = search(house, &auditor(), &question).await.unwrap();
    page.seen.iter().map(|seen| seen.kind.as_str()).collect()
}

both_engines! {
    // PROVES: R-76c
    fn an_auditor_finds_who_did_what_by_whatever_is_known_of_it(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            lived_in(&house).await;
            let any = Question::default;
            let of = |id| Question { person: Some(person(id)), ..any() };
            let later: Timestamp = house.now().checked_sub(SignedDuration::from_hours(24)).unwrap();
            assert_eq!(found(&house, Question { report: Some(report()), ..any() }).await, ["report-read", "report-opened"]);
            assert_eq!(found(&house, of("p-1")).await, ["view-refused", "report-read", "signed-in"]);
            assert_eq!(found(&house, of("p-2")).await, ["person-disabled"]);
            assert_eq!(found(&house, of("p")).await, Vec::<&str>::new());
            let of_agency = Question { agency: Some(agency()), until: Some(later), ..any() };
            assert_eq!(found(&house, of_agency).await, ["report-read", "signed-in"]);
            let kind = Question { kind: Some(EventKind::SignedIn), ..any() };
            assert_eq!(found(&house, kind).await, ["signed-in"]);
            let refused = Question { refused: Some(true), from: Some(later), ..any() };
            assert_eq!(found(&house, refused).await, ["view-refused"]);
            let both = Question { report: Some(report()), kind: Some(EventKind::ReportRead), ..any() };
            assert_eq!(found(&house, both).await, ["report-read"]);
        });
    }

    // PROVES: R-76a R-76c
    fn looking_at_the_ledger_is_a_leaf_and_only_an_auditor_looks(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            lived_in(&house).await;
            let looks = Question { kind: Some(EventKind::LedgerRead), ..Question::default() };
            search(&house, &auditor(), &Question { person: Some(person("p-1")), ..Question::default() }).await.unwrap();
            for role in ViewerRole::OF_PEOPLE.iter().filter(|role| **role != ViewerRole::Auditor && !role.is_of_agency()) {
                let viewer = Viewer::staff(person("p-3"), *role, true).proved_anew(true);
                assert!(search(&house, &viewer, &looks).await.is_err_and(|no| no.is_not_found()), "{role:?}");
                assert!(refusals(&house, &viewer).await.is_err_and(|no| no.is_not_found()), "{role:?}");
                assert!(extract(&house, &viewer, &looks, Form::Json).await.is_err(), "{role:?}");
            }
            settled(&house).await;
            let page = search(&house, &auditor(), &looks).await.unwrap();
            assert_eq!(page.seen.len(), 1);
            let event = page.seen[0].event.clone().unwrap();
            assert_eq!((event["actor"].as_str(), event["object"].as_str()), (Some("person:auditor:"), Some("search")));
            assert_eq!(event["details"]["person"], "p-1");
            house.has_caused(&[EventKind::LedgerRead]).await;
        });
    }

    fn turning_pages_misses_nothing_and_shows_nothing_twice(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            for _ in 0..120 {
                noted(&house, Actor::Operator, Event::of_house(EventKind::TrainingRecorded)).await;
                noted(&house, Actor::Operator, Event::of_house(EventKind::DatasetAdded)).await;
            }
            settled(&house).await;
            let mut question = Question { kind: Some(EventKind::TrainingRecorded), ..Question::default() };
            let mut indices = Vec::new();
            loop {
                let page = search(&house, &auditor(), &question).await.unwrap();
                indices.extend(page.seen.iter().map(|seen| seen.index));
                question.before = page.further;
                if page.further.is_none() {
                    break;
                }
            }
            let mut once = indices.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!((indices.len(), once.len()), (120, 120));
        });
    }

    // PROVES: R-75 R-76c
    fn an_extract_proves_itself_and_no_byte_of_it_can_be_changed(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            lived_in(&house).await;
            let question = Question { person: Some(person("p-1")), ..Question::default() };
            let taken = extract(&house, &auditor(), &question, Form::Json).await.unwrap();
            let keys = Keys::parse(&format!("{}\n{}\n", house.book().vkey(), house.packager().key())).unwrap();
            let findings = verify::extract(&taken.json, &keys);
            assert!(findings.hold(), "{:#?}", findings.checks());
            let schema = serde_json::from_str(include_str!("../../docs/ledger-extract.schema.json")).unwrap();
            assert_eq!(testkit::schema::breaks(&schema, &serde_json::from_slice(&taken.json).unwrap()), None);
            for at in (0..taken.json.len()).step_by(23) {
                let mut changed = taken.json.clone();
                changed[at] ^= 1;
                assert!(!verify::extract(&changed, &keys).hold(), "{at}");
            }
            let text = String::from_utf8(taken.json.clone()).unwrap();
            assert!(text.contains("\"complete\":true") && text.contains("view-refused"));
            let sheet = String::from_utf8(extract(&house, &auditor(), &question, Form::Sheet).await.unwrap().csv()).unwrap();
            assert_eq!(sheet.lines().count(), 4, "{sheet}");
            assert!(sheet.lines().nth(3).unwrap().contains("view-refused,refused,ground,person:p-1:icac-us-mn"), "{sheet}");
            // Nothing found is an answer too.
            let none = Question { person: Some(person("nobody")), ..Question::default() };
            let nothing = extract(&house, &auditor(), &none, Form::Json).await.unwrap();
            assert!(verify::extract(&nothing.json, &keys).hold());
        });
    }

    // PROVES: R-76c
    fn refusals_are_counted_by_day_with_those_that_had_no_leaf_of_their_own(scratch) {
        run(async {
            let house = TestHouse::on(&scratch.settings).await;
            let refused = || Attempt {
                kind: EventKind::AccessRefused, code: "not-found".to_owned(), object: "GET /".to_owned(), rule: None,
            };
            house.refused(refused()).await.unwrap();
            house.advance(SignedDuration::from_hours(24));
            let many = u64::from(store::MOST_OF_STRANGERS) + 5;
            for _ in 0..many {
                house.refused(refused()).await.unwrap();
            }
            house.tell_refusals().await.unwrap();
            settled(&house).await;
            let days = refusals(&house, &auditor()).await.unwrap();
            let counts: Vec<u64> = days.iter().map(|day| day.refusals).collect();
            assert_eq!(counts.len() as i64, audit::CHART_DAYS);
            assert_eq!(counts[counts.len() - 3..], [0, 1, many]);
        });
    }
}
