//! What `cargo xtask bench queue` measures: pages of an agency's inbox, filtered and sorted, over millions of reports.
//!
//! `queue REPORTS ROUNDS [POSTGRES-URL]` prints one line of JSON: for each question how long its first page takes, and the
//! plan that carries it; beside them the look at one report, which is the yardstick. On SQLite, in the system's temporary
//! folder or `TMPDIR`, where no URL is given. All reports are one agency's or its neighbour's, two of three the former's.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails says where")]
#![expect(clippy::disallowed_methods, reason = "measuring elapsed time is what a benchmark does")]

use std::time::{Duration, Instant};

use casework::inbox::{self, Holder, InboxQuery, Sort, Which};
use casework::standing;
use database::{Engine, FromRow, Row, bind};
use domain::{
    Actor, AgencyId, BasisCode, Id, PersonId, Priority, ProviderId, Purpose, ReportId, Status, StatusReason,
};
use jiff::Timestamp;
use policy::{List, Permit, Viewer, ViewerRole, access};
use store::testing::{Plan, TestHouse};
use store::{Act, Event, EventKind, View};

const OWN: &str = "icac-us-mn";
const OTHER: &str = "icac-us-wi";
/// Reports of one transaction while it is filled.
const STEP: u64 = 50_000;
/// Microseconds between two reports: five million are seven months.
const APART: i64 = 4_000_000;
const FIRST_AT: i64 = 1_760_000_000_000_000;

const AGENCY: &str = "-- bench::agency
    INSERT INTO agency (id, name, class, changed_at) VALUES (:id, :id, 'STATE', 1)";
const PERSON: &str = "-- bench::person
    INSERT INTO person (id, agency_id, role, sealed_name, added_at) VALUES (:id, :agency, 'investigator', :nothing, 1)";
const PROVIDER: &str = "-- bench::provider
    INSERT INTO provider (id, name, added_at) VALUES (:id, :id, 1)";
const CREDENTIAL: &str = "-- bench::credential
    INSERT INTO credential (id, provider_id, username, secret_digest, may_submit, may_update, added_at)
    VALUES (:id, :id, :id, :nothing, 1, 1, 1)";
const REPORTS: &str = "-- bench::reports
    WITH RECURSIVE n (i) AS (SELECT CAST(:first AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :last)
    INSERT INTO report (id, provider_id, credential_id, stage, incident_type, urgent, priority, documents, files,
        opened_at, finished_at, preserve_until, submission_sha256)
    SELECT i, 'p-' || (i % 50), 'p-' || (i % 50), 'retained', 'csam', 0, 'routine', 1, 0, i, i, i, :nothing FROM n";
const DELIVERIES: &str = "-- bench::deliveries
    INSERT INTO delivery (leaf_id, report_id, agency_id, basis, channel, rule, says, rule_set, available_at, urgency,
        received_at, provider_id, incident_type, files)
    SELECT CAST('leaf-' || (10000000000 + id) AS {blob}), id, CASE WHEN id % 3 = 0 THEN :other ELSE :own END, 'C2-STATE',
        'portal', 'dull', 'dull', 'dull', :first_at + id * :apart + 60000000,
        CASE WHEN id % 200 = 0 THEN 5 WHEN id % 20 = 0 THEN 4 WHEN id % 5 = 0 THEN 3 WHEN id % 7 = 0 THEN 1 ELSE 2 END,
        :first_at + id * :apart, provider_id,
        CASE WHEN id % 4 = 0 THEN 'sextortion' WHEN id % 11 = 0 THEN 'enticement' ELSE 'csam' END, id % 9
    FROM report WHERE id BETWEEN :first AND :last";
// Nine of ten are closed but for the last fifth of them, as in a house of some years; places, people and units are uneven.
const STANDINGS: &str = "-- bench::standings
    INSERT INTO standing (agency_id, report_id, status, reason, rank, since_at, due_at, changed_at, version, urgency,
        received_at, available_at, provider_id, incident_type, files, place, person_id, unit, basis, own_rank)
    SELECT agency_id, report_id,
        CASE WHEN done = 1 THEN 'closed' WHEN report_id % 13 = 0 THEN 'in-work' WHEN report_id % 6 = 0 THEN 'assigned' ELSE 'new' END,
        CASE WHEN done = 0 THEN NULL WHEN report_id % 30 = 1 THEN 'duplicate' ELSE 'unfounded' END,
        CASE WHEN own = 1 THEN 5 ELSE urgency END, available_at,
        CASE WHEN done = 1 THEN NULL ELSE available_at + (6 - urgency) * 86400000000 END,
        available_at + CASE WHEN done = 1 THEN 90000000000 ELSE 0 END, 1, urgency, received_at, available_at, provider_id,
        incident_type, files, 'County ' || (report_id % 87),
        CASE WHEN done = 0 AND report_id % 6 = 0 THEN 'p-' || (report_id % 37) ELSE NULL END,
        CASE WHEN done = 0 AND report_id % 6 = 0 THEN 'Unit ' || (report_id % 5) ELSE NULL END,
        CASE WHEN report_id % 501 = 1 THEN 'G3B-LOCAL' ELSE basis END, CASE WHEN own = 1 THEN 5 ELSE NULL END
    FROM (
        SELECT delivery.*, CASE WHEN report_id < :quiet AND report_id % 10 <> 0 THEN 1 ELSE 0 END AS done,
            CASE WHEN report_id % 2000 = 1 THEN 1 ELSE 0 END AS own
        FROM delivery WHERE report_id BETWEEN :first AND :last
    ) AS made";
const ANALYZE: &str = "-- bench::analyze
    ANALYZE";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |at: usize, without: u64| words.get(at).and_then(|word| word.parse().ok()).unwrap_or(without);
    let (reports, rounds) = (number(0, 5_000_000), number(1, 200));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let told = runtime.block_on(measured(reports, rounds, words.get(2).map(String::as_str)));
    std::io::Write::write_all(&mut std::io::stdout(), format!("{told}\n").as_bytes()).unwrap();
}

async fn measured(reports: u64, rounds: u64, url: Option<&str>) -> serde_json::Value {
    let database = url.map(database::Settings::at);
    let house = TestHouse::of(Plan { database, ..Plan::default() }).await;
    let started = Instant::now();
    furnished(&house).await;
    let mut first = 1;
    while first <= reports {
        let last = (first + STEP - 1).min(reports);
        act(&house, move |act| filled(act, (first, last), reports)).await;
        first = last + 1;
    }
    act(&house, |act| {
        if act.tx().dialect().engine() == Engine::Postgres {
            act.tx().execute(ANALYZE, &bind! {})?;
        }
        Ok(())
    })
    .await;
    let filled_s = started.elapsed().as_secs_f64();
    let one = one_report(&house, reports, rounds).await;
    let mut questions = Vec::new();
    for (name, query) in asked(reports).into_iter().chain(asked_of_the_delivery(reports)) {
        questions.push(question(&house, name, query, rounds).await);
    }
    serde_json::json!({ "reports": reports, "filled_s": filled_s, "one_report": one, "questions": questions })
}

async fn act(house: &TestHouse, mut work: impl FnMut(&Act<'_>) -> store::Result<()> + Send + 'static) {
    let done = house.act(Actor::House, Purpose::Pipeline, "bench::act", move |act| {
        work(act)?;
        let of = serde_json::json!({ "report": 1 });
        act.note(Event::of_house(EventKind::ListRead).with(of)).map(drop)
    });
    done.await.unwrap();
}

async fn furnished(house: &TestHouse) {
    act(house, |act| {
        for agency in [OWN, OTHER] {
            act.tx().execute(AGENCY, &bind! { id: agency })?;
        }
        for number in 0..50 {
            let (id, nothing) = (format!("p-{number}"), Vec::<u8>::new());
            act.tx().execute(PERSON, &bind! { id: &id, agency: OWN, nothing: &nothing })?;
            act.tx().execute(PROVIDER, &bind! { id: &id })?;
            act.tx().execute(CREDENTIAL, &bind! { id: &id, nothing: &nothing })?;
        }
        Ok(())
    })
    .await;
}

fn filled(act: &Act<'_>, (first, last): (u64, u64), reports: u64) -> store::Result<()> {
    act.tx().execute(REPORTS, &bind! { first, last, nothing: Vec::<u8>::new() })?;
    let made = bind! { first, last, own: OWN, other: OTHER, first_at: FIRST_AT, apart: APART };
    act.tx().execute(DELIVERIES, &made)?;
    act.tx().execute(STANDINGS, &bind! { first, last, quiet: reports / 5 * 4 })?;
    Ok(())
}

fn lists() -> Permit<List> {
    let (person, agency) = (PersonId::parse("p-6").unwrap(), AgencyId::parse(OWN).unwrap());
    access::permit(&Viewer::person(person, agency, ViewerRole::Commander, true)).unwrap()
}

/// The questions that people ask, and some that nothing is made for.
fn asked(reports: u64) -> Vec<(&'static str, InboxQuery)> {
    let plain = InboxQuery::default();
    let at = |share| moment(reports, share);
    let mine = Some(Holder::Person(PersonId::parse("p-6").unwrap()));
    let provider = Some(ProviderId::parse("p-7").unwrap());
    let (unit, place) = (Some("Unit 2".to_owned()), Some("County 44".to_owned()));
    let incident_type = Some("enticement".to_owned());
    vec![
        ("most urgent", plain.clone()),
        ("newest", InboxQuery { sort: Sort::Newest, ..plain.clone() }),
        ("oldest", InboxQuery { sort: Sort::Oldest, ..plain.clone() }),
        ("due first", InboxQuery { sort: Sort::Deadline, ..plain.clone() }),
        ("arrived last", InboxQuery { sort: Sort::Arrived, ..plain.clone() }),
        ("changed last", InboxQuery { sort: Sort::Changed, ..plain.clone() }),
        ("one priority", InboxQuery { priority: Some(Priority::Immediate), ..plain.clone() }),
        ("in work", InboxQuery { which: Which::Only(Status::InWork), ..plain.clone() }),
        (
            "closed, newest",
            InboxQuery { which: Which::Only(Status::Closed), sort: Sort::Newest, ..plain.clone() },
        ),
        ("mine", InboxQuery { holder: mine.clone(), ..plain.clone() }),
        ("mine, due first", InboxQuery { holder: mine.clone(), sort: Sort::Deadline, ..plain.clone() }),
        ("a unit's, due first", InboxQuery { unit: unit.clone(), sort: Sort::Deadline, ..plain.clone() }),
        ("nobody's", InboxQuery { holder: Some(Holder::Nobody), ..plain.clone() }),
        (
            "a sender's, newest",
            InboxQuery { provider: provider.clone(), sort: Sort::Newest, ..plain.clone() },
        ),
        ("an incident type", InboxQuery { incident_type: incident_type.clone(), ..plain.clone() }),
        ("a place", InboxQuery { place: place.clone(), ..plain.clone() }),
        (
            "with files, of one week",
            InboxQuery { since: Some(at(90)), until: Some(at(93)), has_files: Some(true), ..plain.clone() },
        ),
        (
            "a sender's incidents with files in a place",
            InboxQuery {
                provider,
                incident_type,
                place,
                has_files: Some(true),
                sort: Sort::Newest,
                ..plain.clone()
            },
        ),
        (
            "closed of a unit: nothing is there",
            InboxQuery { which: Which::Only(Status::Closed), unit, sort: Sort::Newest, ..plain.clone() },
        ),
        ("mine that arrived last", InboxQuery { holder: mine, sort: Sort::Arrived, ..plain }),
    ]
}

/// Questions about how a report came, what we advised and how it ended.
fn asked_of_the_delivery(reports: u64) -> Vec<(&'static str, InboxQuery)> {
    let plain = InboxQuery::default();
    let at = |share| moment(reports, share);
    vec![
        ("closed as another's double", {
            let which = Which::Only(Status::Closed);
            InboxQuery { which, reason: Some(StatusReason::Duplicate), ..plain.clone() }
        }),
        ("a rare basis", InboxQuery { basis: Some(BasisCode::G3bLocal), ..plain.clone() }),
        ("advised as informational", InboxQuery { advised: Some(Priority::Informational), ..plain.clone() }),
        (
            "advised as informational, newest",
            InboxQuery { advised: Some(Priority::Informational), sort: Sort::Newest, ..plain.clone() },
        ),
        ("made available in one week", {
            let sort = Sort::Arrived;
            InboxQuery { new_after: Some(at(50)), available_until: Some(at(53)), sort, ..plain.clone() }
        }),
        ("changed in one week", {
            let (sort, which) = (Sort::Changed, Which::Any);
            InboxQuery {
                changed_after: Some(at(50)),
                changed_until: Some(at(53)),
                sort,
                which,
                ..plain.clone()
            }
        }),
        (
            "made available in one week, most urgent",
            InboxQuery { new_after: Some(at(90)), available_until: Some(at(93)), ..plain.clone() },
        ),
    ]
}

/// When a hundredth of the reports had come so many times.
fn moment(reports: u64, share: u64) -> Timestamp {
    Timestamp::from_microsecond(FIRST_AT + (reports / 100 * share).cast_signed() * APART).unwrap()
}

/// How long the page takes that a person waits for: its rows, and what is new to them.
async fn question(house: &TestHouse, name: &str, query: InboxQuery, rounds: u64) -> serde_json::Value {
    let (mut times, mut rows, mut stopped) = (Vec::new(), 0, false);
    for _ in 0..rounds {
        let (query, permit, started) = (query.clone(), lists(), Instant::now());
        let page = house.read("bench::page", move |view| {
            inbox::looked(view, &permit)?;
            inbox::count_since(view, &permit, Timestamp::UNIX_EPOCH)?;
            inbox::page(view, &permit, &query)
        });
        let page = page.await.unwrap();
        times.push(started.elapsed());
        (rows, stopped) = (page.rows.len(), page.stopped);
    }
    let plan = plan(house, &query).await;
    let mut told = latencies(times);
    (told["question"], told["rows"], told["stopped"], told["plan"]) =
        (name.into(), rows.into(), stopped.into(), plan.into());
    told
}

/// The yardstick: how an agency stands to one report.
async fn one_report(house: &TestHouse, reports: u64, rounds: u64) -> serde_json::Value {
    let mut times = Vec::new();
    for round in 0..rounds {
        let number = (round * 7_919 % (reports / 3).max(1) * 3 + 1).min(reports);
        let (report, permit, started) = (ReportId::try_from(number).unwrap(), lists(), Instant::now());
        house.read("bench::one", move |view| standing::get(view, &permit, report)).await.unwrap();
        times.push(started.elapsed());
    }
    latencies(times)
}

fn latencies(mut times: Vec<Duration>) -> serde_json::Value {
    times.sort();
    let at =
        |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1_000.0;
    serde_json::json!({ "p50_ms": at(50), "p99_ms": at(99), "max_ms": at(100) })
}

/// The plans of the ranges that a question is read from, as the database tells them.
async fn plan(house: &TestHouse, query: &InboxQuery) -> Vec<String> {
    let query = query.clone();
    let told = house.read("bench::plan", move |view| {
        let mut told = Vec::new();
        for statement in inbox::statements(&AgencyId::parse(OWN).unwrap(), &query) {
            told.extend(explained(view, &statement)?);
        }
        Ok(told)
    });
    told.await.unwrap()
}

fn explained(view: &View<'_>, asked: &inbox::Asked) -> store::Result<Vec<String>> {
    let word = match view.tx().dialect().engine() {
        Engine::Sqlite => "EXPLAIN QUERY PLAN",
        Engine::Postgres => "EXPLAIN",
    };
    let text: &'static str = Box::leak(format!("-- bench::plan\n{word} {}", asked.text).into_boxed_str());
    let steps: Vec<Step> = view.tx().rows_where(text, &asked.filter, &asked.args)?;
    Ok(steps.into_iter().map(|step| step.0).collect())
}

/// One line of a plan.
struct Step(String);

impl FromRow for Step {
    fn from_row(row: &Row<'_>) -> Result<Self, database::Fault> {
        row.get("detail").or_else(|_| row.at(0)).map(Self)
    }
}
