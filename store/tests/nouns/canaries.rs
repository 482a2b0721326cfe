//! Nothing private is stored in plain: canaries are put into every place that takes a person's words, and then no
//! column of any row holds one, and no file of the house.

use std::fs;
use std::path::Path;

use database::{FromRow, FromValue, Mismatch, Row, ValueRef, bind};
use domain::{
    Email, Finding, Id, Involved, IpEvent, PersonId, Priority, Private, ReportId, Role, Selector,
    SelectorKind, Unmodelled,
};
use jiff::SignedDuration;
use policy::ViewerRole;
use store::contact::{self, Contact};
use store::document::Received;
use store::person::{self, Person};
use store::report::{self, NewReport};
use store::session::Entry;
use store::{Event, EventKind, evidence, finding, form, number, route, selector, session, triage};
use testkit::both_engines;

use crate::desk::{
    AGENCIES, Desk, PROVIDERS, agency_id, provider_id, routed, statement, submission, triaged,
};
use crate::run;

/// Stands in every text that is put in, and nowhere else.
const CANARY: &str = "canary-8c1f";

fn canary(place: &str) -> Private<String> {
    Private::new(format!("{CANARY}-{place}"))
}

/// Whatever a column holds, as bytes.
struct Held(Vec<u8>);

impl FromValue for Held {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        Ok(Self(match value {
            ValueRef::Text(text) => text.as_bytes().to_vec(),
            ValueRef::Bytes(bytes) => bytes.to_vec(),
            ValueRef::Null | ValueRef::Int(_) | ValueRef::Real(_) => Vec::new(),
        }))
    }
}

struct Column(String, String);

impl FromRow for Column {
    fn from_row(row: &Row<'_>) -> Result<Self, database::Fault> {
        Ok(Self(row.at(0)?, row.at(1)?))
    }
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}

async fn submitted(desk: &Desk) -> ReportId {
    let mut said = submission("sextortion", &format!("{CANARY}-additional"));
    let mut involved = Involved::nobody(Role::Reported);
    involved.screen_name = Some(canary("screen-name"));
    involved.person.emails.push(Email {
        address: canary("email"),
        kind: None,
        verified: None,
        verified_at: None,
    });
    said.people.push(involved);
    said.unmodelled.push(Unmodelled { path: "a/b".to_owned(), text: canary("unmodelled") });
    let new = NewReport {
        report: number::next(&desk.house).await.unwrap(),
        provider: provider_id(PROVIDERS[0]),
        credential: domain::CredentialId::parse("examplechat-1").unwrap(),
        urgent: true,
        received: Received {
            body: format!("<report>{CANARY}-body</report>").into_bytes(),
            content_type: format!("text/xml; name={CANARY}-content-type"),
        },
        submission: said,
    };
    let report = new.report;
    desk.act(move |act| report::open(act, &new)).await.unwrap();

    let mut file = desk.uploaded(report, format!("{CANARY}-file").as_bytes()).await;
    file.uploaded_name = Some(canary("uploaded-name"));
    file.media_type = Some(format!("image/{CANARY}"));
    let mut stated = statement(report, &file.file);
    stated.original_name = Some(canary("original-name"));
    stated.location = Some(canary("location"));
    stated.ip_event =
        Some(IpEvent { address: canary("address"), event: None, at: None, possible_proxy: None, port: None });
    desk.attach(file).await.unwrap();
    desk.describe(stated).await.unwrap();
    report
}

async fn worked_on(desk: &Desk, report: ReportId) {
    desk.act(move |act| {
        let sender = provider_id(PROVIDERS[0]);
        report::finish(act, &sender, report)?;
        crate::desk::route_it(act, report, Priority::Immediate)?;
        finding::record(
            act,
            report,
            &[Finding {
                enricher: "ip-place".to_owned(),
                subject: canary("subject"),
                table: "places".to_owned(),
                as_of: "2026-05-01".to_owned(),
                value: serde_json::json!({ "city": format!("{CANARY}-city") }),
            }],
        )?;
        selector::record(
            act,
            report,
            &[Selector {
                kind: SelectorKind::Email,
                normal: canary("normal"),
                given: canary("given"),
                role: Some(Role::Reported),
                path: "personOrUserReported/email".to_owned(),
            }],
        )?;
        let mut judged = triaged(Priority::Immediate);
        judged.facts.report_annotations = vec![canary("fact").into_inner()];
        triage::record(act, report, &judged)?;
        let mut decided = routed();
        decided.facts.named_agency = Some(canary("named-agency").into_inner());
        decided.decision.rules = vec![canary("rule").into_inner()];
        route::record(act, report, &decided)
    })
    .await
    .unwrap();
    desk.deliver(report, AGENCIES[0].0).await.unwrap();
}

/// What a provider's people typed: how it is reached, and a form that is being filled.
async fn typed(desk: &Desk) {
    let form = number::next(&desk.house).await.unwrap();
    desk.act(move |act| {
        let contact = Contact {
            mailing_address: canary("mailing-address"),
            telephone: canary("telephone"),
            fax: canary("fax"),
            email: canary("contact-email"),
            individual: canary("individual"),
            role_mailbox: Some(canary("role-mailbox")),
            monthly_active_users: Some(canary("users")),
        };
        contact::put(act, &provider_id(PROVIDERS[0]), &contact)?;
        let person = PersonId::parse("p-1").unwrap();
        form::start(act, form, &provider_id(PROVIDERS[0]), &person, &canary("first-answer"))?;
        form::save(act, &provider_id(PROVIDERS[0]), form, &canary("answer"))
    })
    .await
    .unwrap();
}

async fn signed_in(desk: &Desk) {
    desk.act(|act| {
        let person = PersonId::parse("p-1").unwrap();
        person::add(
            act,
            &Person {
                id: person.clone(),
                home: person::Home::Agency(agency_id(AGENCIES[0].0)),
                role: ViewerRole::Commander,
                name: canary("name"),
            },
        )?;
        let (link, secret) = (act.secret_digest(CANARY.as_bytes()), act.secret_digest(CANARY.as_bytes()));
        person::add_link(act, &person, link, act.now() + SignedDuration::from_hours(1))?;
        let entry = Entry { client: canary("client"), ..Entry::by_link(person, act.now()) };
        session::start(act, &entry, secret)?;
        store::agency::add_client(
            act,
            &agency_id(AGENCIES[0].0),
            &domain::CredentialId::parse("c-1").unwrap(),
            secret,
        )?;
        let contact = domain::LegalContact {
            team: canary("team").into_inner(),
            email: canary("legal").into_inner() + "@chat.example",
            ..Default::default()
        };
        let profile = domain::SenderProfile { legal_process: contact, ..Default::default() };
        store::sender_profile::save(act, &provider_id(PROVIDERS[0]), &profile)?;
        let profile = domain::SenderProfile {
            viewed: canary("viewed").into_inner(),
            incident_time: "The upload.".to_owned(),
            events: vec![domain::EventMeaning { event: "Login".to_owned(), means: "A session.".to_owned() }],
            retention: "Ninety days.".to_owned(),
            ..profile
        };
        let version = store::sender_profile::save(act, &provider_id(PROVIDERS[1]), &profile)?;
        store::sender_profile::submit(act, &provider_id(PROVIDERS[1]), version)?;
        let comment = canary("comment").into_inner();
        store::sender_profile::send_back(act, &provider_id(PROVIDERS[1]), version, &comment)?;
        let told = serde_json::json!({ "note": canary("event") });
        act.note(Event::of_house(EventKind::ListRead).with(told))
    })
    .await
    .unwrap();
}

/// Every column of every row; answers how many held something, and which held a canary.
async fn looked_through(desk: &Desk) -> (usize, Vec<String>) {
    let read = desk.read(|view| {
        let columns = testkit::tamper::columns(view.tx().dialect().engine());
        let (mut looked, mut found) = (0, Vec::new());
        for Column(table, column) in view.tx().rows::<Column>(columns, &bind! {})? {
            let text: &'static str =
                Box::leak(format!("-- test::held\nSELECT {column} FROM {table}").into_boxed_str());
            for Held(bytes) in view.tx().rows::<Held>(text, &bind! {})? {
                looked += usize::from(!bytes.is_empty());
                if holds(&bytes, CANARY) {
                    found.push(format!("{table}.{column}"));
                }
            }
        }
        Ok((looked, found))
    });
    read.await.unwrap()
}

fn files_with_canary(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_with_canary(&path, found);
        } else if holds(&fs::read(&path).unwrap(), CANARY) {
            found.push(path.display().to_string());
        }
    }
}

both_engines! {
    // PROVES: R-64
    fn no_row_and_no_file_holds_a_private_word_in_plain(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let report = submitted(&desk).await;
            worked_on(&desk, report).await;
            signed_in(&desk).await;
            typed(&desk).await;
            let (looked, found) = looked_through(&desk).await;
            assert!(looked > 150, "only {looked} values looked at");
            assert_eq!(found, Vec::<String>::new());

            let mut files = Vec::new();
            files_with_canary(desk.house.folder(), &mut files);
            if let Some(path) = scratch.settings.url.strip_prefix("sqlite:") {
                files_with_canary(Path::new(path).parent().unwrap(), &mut files);
            }
            assert_eq!(files, Vec::<String>::new());

            // And it was really there: with its permit it reads back.
            let permit = crate::desk::reads(AGENCIES[0].0);
            let named = desk.read(move |view| Ok(evidence::files(view, &permit, report)?[0].uploaded_name.clone()));
            assert_eq!(named.await.unwrap(), Some(canary("uploaded-name")));
        });
    }

    fn a_value_moved_to_another_row_does_not_open(scratch) {
        run(async {
            let desk = Desk::on(scratch).await;
            let [one, other] = [desk.opened().await, desk.opened().await];
            desk.act(move |act| {
                act.tx().execute(MOVED, &bind! { one: one.get(), other: other.get() })?;
                act.note(Event::of_house(EventKind::ListRead))
            })
            .await
            .unwrap();
            let own = crate::desk::reads_own(PROVIDERS[0]);
            let read = desk.read(move |view| report::submission(view, &own, other)).await;
            assert!(matches!(read, Err(store::Error::Fault(store::Fault::Seal(_)))));
        });
    }
}

const MOVED: &str = "-- test::moved
    UPDATE document SET sealed_reading = (SELECT sealed_reading FROM document WHERE report_id = :one)
    WHERE report_id = :other";
