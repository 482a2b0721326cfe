//! What agencies are told, as strangers hear it: a receiver of webhooks that dies, lags and redirects, and a mail server
//! that asks for TLS and a login. Both are programs that we did not write.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

#[path = "../../../store/tests/nouns/desk.rs"]
#[expect(dead_code, reason = "the desk of the store's tests; these need a part of it")]
mod desk;
mod strangers;

use std::path::Path;

use config::{Config, Variables};
use desk::{AGENCIES, Desk, agency_id};
use domain::{Id as _, PersonId, Priority, ReportId};
use herald::webhooks::Behind;
use herald::{Settings, ladder, messages, webhooks};
use jiff::SignedDuration;
use policy::{Viewer, ViewerRole};
use store::person::{self, Home, Person};
use strangers::Stranger;

const OWN: &str = AGENCIES[0].0;
/// Stands in everything that a report says, and must stand in nothing that is told.
const CANARY: &str = "zq-canary";
const PASSWORD: &str = "a-password-of-a-test";

fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(test)
}

/// A desk on rows that are there as long as it is.
struct Staffed {
    // Order matters: the desk goes before its rows.
    desk: Desk,
    _rows: testkit::Scratch,
}

impl std::ops::Deref for Staffed {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.desk
    }
}

/// A desk whose first agency has a commander and an investigator.
async fn staffed() -> Staffed {
    // The test may run where nobody has done it yet; a second one is refused and changes nothing.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let rows = testkit::on_sqlite();
    let desk = Desk::on(&rows).await;
    for (name, role) in [("chief", ViewerRole::Commander), ("ann", ViewerRole::Investigator)] {
        let home = Home::Agency(agency_id(OWN));
        let new = Person { id: id(name), home, role, name: domain::Private::new(format!("{CANARY} {name}")) };
        desk.act(move |act| person::add(act, &new)).await.unwrap();
    }
    Staffed { desk, _rows: rows }
}

fn id(name: &str) -> PersonId {
    PersonId::parse(name).unwrap()
}

fn viewer(name: &str, role: ViewerRole) -> Viewer {
    Viewer::person(id(name), agency_id(OWN), role, true)
}

fn chief() -> Viewer {
    viewer("chief", ViewerRole::Commander)
}

/// The settings that a configuration makes.
fn settings(folder: &Path, text: &str) -> Settings {
    let text = format!("profile = \"synthetic-demo\"\n{text}");
    let config = Config::read("test", &text, folder.to_owned(), &Variables::default()).unwrap();
    herald::settings(&config).unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// A report that the agency has from now on, which says the canary.
async fn arrives(desk: &Desk, priority: Priority) -> ReportId {
    let report = desk.opened_by(desk::PROVIDERS[0], desk::submission("sextortion", CANARY)).await;
    desk.attached(report, CANARY.as_bytes()).await;
    desk.finish(report).await.unwrap();
    desk.act(move |act| desk::route_it(act, report, priority)).await.unwrap();
    desk.deliver(report, OWN).await.unwrap();
    let told = desk.act(move |act| {
        act.note(store::Event::of_report(store::EventKind::ReportRetained, report))?;
        casework::arrived(act, report)
    });
    told.await.unwrap();
    desk.house.book().sequence().await.unwrap();
    report
}

async fn passes(desk: &Desk, seconds: i64) {
    desk.house.advance(SignedDuration::from_secs(seconds));
}

/// The code in a message: a line of nothing but large letters.
fn code_in(data: &str) -> String {
    let is_code =
        |line: &&str| line.len() == messages::CODE_LETTERS && line.chars().all(|c| c.is_ascii_uppercase());
    data.lines().map(str::trim).find(is_code).unwrap_or_else(|| panic!("no code in {data}")).to_owned()
}

/// Nothing of a report is in what was told.
fn says_nothing(told: &str, report: ReportId) {
    for word in [CANARY, "sextortion", "examplechat", OWN, "immediate", &report.to_string()] {
        assert!(!told.contains(word), "{word} in {told}");
    }
}

// PROVES: R-29
#[test]
fn a_receiver_that_dies_lags_and_redirects_is_told_in_the_end_and_of_nothing() {
    run(async {
        let desk = staffed().await;
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path(), "[webhooks]\nnetworks = [\"127.0.0.0/8\"]\n");
        let behaviours = "503,redirect,die,lag,204";
        let mut receiver = Stranger::python("receiver.py", &[behaviours]);
        let url = format!("http://127.0.0.1:{}/hook", receiver.port());
        let (webhook, first) = webhooks::add(&desk.house, &settings.reach, &chief(), &url).await.unwrap();
        let second = webhooks::rotate(&desk.house, &chief(), webhook.clone()).await.unwrap();
        let report = arrives(&desk, Priority::Immediate).await;
        // Nobody listens there yet.
        herald::tick(&desk.house, &settings).await.unwrap();
        receiver.tell(&format!("{},{}", first.reveal(), second.reveal()));
        assert_eq!(receiver.next()["listens"], true);
        let mut calls = Vec::new();
        for _ in behaviours.split(',') {
            passes(&desk, 4_000).await;
            herald::tick(&desk.house, &settings).await.unwrap();
            calls.push(receiver.next());
        }
        passes(&desk, 4_000).await;
        herald::tick(&desk.house, &settings).await.unwrap();
        for call in &calls {
            assert_eq!(call["path"], "/hook", "nobody follows to another address: {call}");
            assert_eq!(call["id"], calls[0]["id"], "every try says the same");
            assert_eq!(call["body"]["type"], "feed.advanced");
            says_nothing(&call.to_string(), report);
        }
        // A day after the change the secret before it signs no more; here the first call is within it.
        assert_eq!(calls[0]["verified"], serde_json::json!([true, true]));
        let own = webhooks::list(&desk.house, &chief()).await.unwrap().remove(0);
        assert_eq!((own.attempts, own.failing_since), (0, None), "{own:?}");
        // Asked for a call, it hears one although nothing is new.
        webhooks::test(&desk.house, &chief(), webhook.clone()).await.unwrap();
        herald::tick(&desk.house, &settings).await.unwrap();
        assert_eq!(receiver.next()["body"]["type"], "ping");
        passes(&desk, 90_000).await;
        webhooks::test(&desk.house, &chief(), webhook).await.unwrap();
        herald::tick(&desk.house, &settings).await.unwrap();
        assert_eq!(receiver.next()["verified"], serde_json::json!([false, true]));
    });
}

#[test]
fn nobody_makes_the_house_call_what_only_the_house_can_reach() {
    run(async {
        let desk = staffed().await;
        let (nobody, folder) = (Settings::default(), tempfile::tempdir().unwrap());
        let add = async |settings: &Settings, url: &str| {
            webhooks::add(&desk.house, &settings.reach, &chief(), url)
                .await
                .map(|_| ())
                .map_err(|fault| fault.to_string())
        };
        for url in [
            "http://agency.example/",
            "https://127.0.0.1:5432/",
            "https://[::1]/",
            "https://169.254.169.254/",
        ] {
            assert!(add(&nobody, url).await.is_err(), "{url}");
        }
        // A name that leads inside is judged when it is called.
        add(&nobody, "https://localhost:1/").await.unwrap();
        arrives(&desk, Priority::Routine).await;
        herald::tick(&desk.house, &nobody).await.unwrap();
        let own = webhooks::list(&desk.house, &chief()).await.unwrap().remove(0);
        assert_eq!(own.last_answer.as_deref(), Some("an address must be of the public internet"));
        // What the operator named is reached, and nothing beside it.
        let named = settings(folder.path(), "[webhooks]\nnetworks = [\"10.0.0.0/8\"]\n");
        assert!(add(&named, "http://127.0.0.1/").await.is_err());
        assert!(add(&named, "http://10.1.2.3/").await.is_ok());
    });
}

// PROVES: R-29
#[test]
fn a_receiver_hears_again_what_it_was_told_and_knows_each_by_its_name() {
    run(async {
        let desk = staffed().await;
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path(), "[webhooks]\nnetworks = [\"127.0.0.0/8\"]\n");
        let mut receiver = Stranger::python("receiver.py", &["204,204,503"]);
        let url = format!("http://127.0.0.1:{}/hook", receiver.port());
        let (webhook, secret) = webhooks::add(&desk.house, &settings.reach, &chief(), &url).await.unwrap();
        receiver.tell(secret.reveal());
        assert_eq!(receiver.next()["listens"], true);
        let since = desk.house.now();
        let (mut heard, mut reports) = (Vec::new(), Vec::new());
        for _ in 0..2 {
            reports.push(arrives(&desk, Priority::Routine).await);
            passes(&desk, 60).await;
            herald::tick(&desk.house, &settings).await.unwrap();
            heard.push(receiver.next());
        }
        // It lost both, and says so twice; the first call that it hears again fails.
        let asker = chief();
        let ask = || webhooks::replay(&desk.house, &asker, webhook.clone(), Behind::Moment(since));
        assert_eq!(ask().await.unwrap().calls, 2);
        assert_eq!(ask().await.unwrap().calls, 2);
        let mut again = Vec::new();
        for _ in 0..3 {
            // What was asked for waits its turn behind a call that may be under way.
            passes(&desk, 120).await;
            herald::tick(&desk.house, &settings).await.unwrap();
            again.push(receiver.next());
        }
        let names =
            |calls: &[serde_json::Value]| calls.iter().map(|call| call["id"].clone()).collect::<Vec<_>>();
        assert_ne!(heard[0]["id"], heard[1]["id"]);
        assert_eq!(names(&again), [&names(&heard)[..1], &names(&heard)[..]].concat());
        for call in &again {
            assert_eq!(
                (&call["verified"][0], &call["body"]["type"]),
                (&true.into(), &"feed.advanced".into())
            );
            reports.iter().for_each(|report| says_nothing(&call.to_string(), *report));
        }
        // Nothing more is said again, and what is new is told as ever.
        arrives(&desk, Priority::Routine).await;
        passes(&desk, 120).await;
        herald::tick(&desk.house, &settings).await.unwrap();
        let new = receiver.next();
        assert!(heard.iter().all(|call| call["id"] != new["id"]));
        herald::tick(&desk.house, &settings).await.unwrap();
        let own = webhooks::list(&desk.house, &chief()).await.unwrap().remove(0);
        assert_eq!((own.again, own.failing_since), (None, None), "{own:?}");
    });
}

// PROVES: R-29
#[test]
fn whoever_is_called_hears_it_from_a_mail_server_and_hears_nothing_of_what_it_is() {
    run(async {
        let desk = staffed().await;
        let folder = tempfile::tempdir().unwrap();
        let (mut server, settings) = mailed(folder.path());
        let ann = viewer("ann", ViewerRole::Investigator);
        messages::put(&desk.house, &ann, 0, Some("night.desk@agency.example".to_owned()), false)
            .await
            .unwrap();
        // The code is put off once, and then goes there.
        for _ in 0..2 {
            herald::tick(&desk.house, &settings).await.unwrap();
            passes(&desk, 60).await;
        }
        let code = code_in(server.next()["data"].as_str().unwrap());
        let from_at = desk.house.now();
        let step = ladder::NewStep { place: 1, person: id("ann"), minutes: 10, from_at, until_at: None };
        ladder::add(&desk.house, &chief(), step).await.unwrap();
        assert_eq!(ladder::find(&desk.house, &ann).await.unwrap().known, []);
        assert!(messages::confirm(&desk.house, &ann, code).await.unwrap());
        assert_eq!(ladder::find(&desk.house, &ann).await.unwrap().known, [id("ann")]);
        let report = arrives(&desk, Priority::Immediate).await;
        // The turn makes the message.
        herald::tick(&desk.house, &settings).await.unwrap();
        passes(&desk, 120).await;
        let message = server.next();
        assert_eq!(message["to"], serde_json::json!(["night.desk@agency.example"]));
        assert_eq!(
            (&message["from"], &message["tls"]),
            (&"house@clearinghouse.example".into(), &true.into())
        );
        let data = message["data"].as_str().unwrap();
        assert!(
            data.contains("https://agencies.example/agency/notify") && data.contains("please sign in now"),
            "{data}"
        );
        says_nothing(data, report);
        let sent = messages::sent(&desk.house, &chief()).await.unwrap();
        assert!(sent.iter().all(|one| one.sent_at.is_some()), "{sent:?}");
        assert_eq!(sent.iter().map(|one| one.attempts).collect::<Vec<_>>(), [1, 2]);
        // Its turn is over: nobody else is on the ladder, so it is theirs again, until they say that they have it.
        passes(&desk, 600).await;
        herald::tick(&desk.house, &settings).await.unwrap();
        herald::tick(&desk.house, &settings).await.unwrap();
        assert!(server.next()["data"].as_str().unwrap().contains("please sign in now"));
        ladder::answer(&desk.house, &ann, report).await.unwrap();
        passes(&desk, 3_600).await;
        herald::tick(&desk.house, &settings).await.unwrap();
        assert!(ladder::find(&desk.house, &ann).await.unwrap().open.is_empty());
    });
}

/// A report that says the canary and that no agency has, of which the desk was told.
async fn waits_at_desk(desk: &Desk) -> ReportId {
    let report = desk.opened_by(desk::PROVIDERS[0], desk::submission("sextortion", CANARY)).await;
    desk.attached(report, CANARY.as_bytes()).await;
    desk.finish(report).await.unwrap();
    desk.act(move |act| desk::route_it(act, report, Priority::Immediate)).await.unwrap();
    let told = desk.act(move |act| {
        act.note(store::Event::of_report(store::EventKind::ReportStranded, report))?;
        dissemination::desk::waits(act, report, Priority::Immediate)
    });
    told.await.unwrap();
    report
}

// PROVES: R-20 R-29
#[test]
fn whoever_of_the_desk_is_called_is_led_to_the_desk_and_hears_nothing_of_what_it_is() {
    run(async {
        let desk = staffed().await;
        desk.hire("sam", Home::House, ViewerRole::Supervisor).await;
        let folder = tempfile::tempdir().unwrap();
        let (mut server, settings) = mailed(folder.path());
        let sam = Viewer::staff(id("sam"), ViewerRole::Supervisor, true);
        let report = waits_at_desk(&desk).await;
        herald::tick(&desk.house, &settings).await.unwrap();
        let standing = || desk.house.alarms().into_iter().map(|raised| raised.alarm).collect::<Vec<_>>();
        assert_eq!(standing(), [store::Alarm::DeskUnreached], "it waits, and nobody can be called");
        messages::put(&desk.house, &sam, 0, Some("sam@clearinghouse.example".to_owned()), false)
            .await
            .unwrap();
        // The code is put off once, and then goes there.
        for _ in 0..2 {
            herald::tick(&desk.house, &settings).await.unwrap();
            passes(&desk, 60).await;
        }
        let code = code_in(server.next()["data"].as_str().unwrap());
        assert!(messages::confirm(&desk.house, &sam, code).await.unwrap());
        herald::tick(&desk.house, &settings).await.unwrap();
        assert_eq!(standing(), [], "somebody can be");
        passes(&desk, 600).await;
        herald::tick(&desk.house, &settings).await.unwrap();
        let message = server.next();
        assert_eq!(message["to"], serde_json::json!(["sam@clearinghouse.example"]));
        let data = message["data"].as_str().unwrap();
        assert!(
            data.contains("https://agencies.example/desk/calls") && data.contains("please sign in now"),
            "{data}"
        );
        assert!(!data.contains("/agency/") && !data.contains("your agency"), "{data}");
        says_nothing(data, report);
        assert_eq!(ladder::open(&desk.house, &sam).await.unwrap().len(), 1);
        assert_eq!(ladder::open(&desk.house, &chief()).await.unwrap(), [], "it is no agency's");
        ladder::answer(&desk.house, &sam, report).await.unwrap();
        passes(&desk, 3_600).await;
        herald::tick(&desk.house, &settings).await.unwrap();
        assert!(ladder::find(&desk.house, &sam).await.unwrap().open.is_empty());
        // Only those who decide at the desk can have a turn there.
        desk.hire("leo", Home::House, ViewerRole::Counsel).await;
        let from_at = desk.house.now();
        let step = ladder::NewStep { place: 1, person: id("leo"), minutes: 10, from_at, until_at: None };
        assert!(ladder::add(&desk.house, &sam, step).await.unwrap_err().is_not_found());
    });
}

/// A real mail server, and settings that name it.
fn mailed(folder: &Path) -> (Stranger, Settings) {
    let (certificate, key) = strangers::certificate(folder);
    let server = Stranger::python("mail.py", &[&certificate, &key, PASSWORD]);
    std::fs::write(folder.join("password"), PASSWORD).unwrap();
    let text = format!(
        "[mail]\nserver = \"smtp://localhost:{}\"\nfrom = \"house@clearinghouse.example\"\nuser = \"house\"\n\
         link = \"https://agencies.example/agency/notify\"\npassword_file = \"password\"\nca_file = \"{certificate}\"\n",
        server.port()
    );
    let settings = settings(folder, &text);
    (server, settings)
}

#[test]
fn of_two_codes_one_goes_by_mail_and_the_other_lies_where_the_operator_finds_it() {
    run(async {
        let desk = staffed().await;
        let folder = tempfile::tempdir().unwrap();
        let (mut server, settings) = mailed(folder.path());
        let new = store::invitation::New {
            home: Home::Agency(agency_id(OWN)),
            role: ViewerRole::Investigator,
            words: store::invitation::Words {
                name: "Pat".to_owned().into(),
                mail: "pat@agency.example".to_owned().into(),
                second_channel: "Post Box 7".to_owned().into(),
            },
            temporary: false,
        };
        let invited = office::people::invite(&desk.house, &chief(), new).await.unwrap();
        let outbox = folder.path().join("outbox");
        let courier = herald::courier(&settings, office::courier::Outbox::at(outbox.clone()));
        let drawn = async || {
            let codes =
                office::people::send_codes(&desk.house, &chief(), &*courier, invited.id.clone()).await;
            codes.map_err(|trouble| trouble.to_string())
        };
        // It puts off whom it does not know: whoever drew the codes is told, in words that hold neither reader nor code.
        let put_off = "a letter could not be handed to the courier: the mail server answered 451";
        assert_eq!(drawn().await.unwrap_err(), put_off);
        assert!(!outbox.exists(), "half of what was drawn is worth nothing");
        let codes = drawn().await.unwrap();
        let message = server.next();
        assert_eq!(message["to"], serde_json::json!(["pat@agency.example"]));
        let data = message["data"].as_str().unwrap();
        assert!(
            data.contains(codes.mail.reveal().as_str()) && !data.contains(codes.second.reveal().as_str())
        );
        assert!(!data.contains(OWN) && !data.contains("Pat"), "{data}");
        let lying: Vec<_> = std::fs::read_dir(outbox).unwrap().map(|one| one.unwrap().path()).collect();
        let [letter] = &lying[..] else { panic!("{lying:?}") };
        let letter = std::fs::read_to_string(letter).unwrap();
        assert!(letter.contains(codes.second.reveal().as_str()) && letter.contains("Post Box 7"), "{letter}");
    });
}

#[test]
fn a_person_of_another_agency_keeps_nothing_here() {
    run(async {
        let desk = staffed().await;
        let elsewhere = Viewer::person(id("dan"), agency_id(AGENCIES[1].0), ViewerRole::Commander, true);
        let from_at = desk.house.now();
        let step = ladder::NewStep { place: 1, person: id("ann"), minutes: 10, from_at, until_at: None };
        assert!(ladder::add(&desk.house, &elsewhere, step).await.unwrap_err().is_not_found());
        let investigator = viewer("ann", ViewerRole::Investigator);
        assert!(webhooks::list(&desk.house, &investigator).await.unwrap_err().is_not_found());
        assert!(!webhooks::keeps(&investigator) && !ladder::keeps(&investigator));
    });
}
