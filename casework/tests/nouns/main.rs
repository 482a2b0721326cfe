//! An agency's own work in its rows, on both engines.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

mod agreement;
mod assignment;
mod cases;
#[path = "../../../store/tests/nouns/desk.rs"]
#[expect(dead_code, reason = "the desk of the store's tests; these begin with fewer moves")]
mod desk;
mod figures;
mod hash;
mod inbox;
mod mailbox;
mod oncall;
mod outcomes;
mod portal;
mod process;
mod reading;
mod related;
mod standing;
mod standing_query;
mod webhook;
mod wellness;

use domain::{Actor, Id, PersonId, Purpose};
use policy::access::Grants;
use policy::{Permit, Viewer, ViewerRole, access};
use store::person::{self, Home, Person};
use store::{Act, Result};

use desk::{AGENCIES, Desk, agency_id};

/// The agency of most tests, and another one.
const OWN: &str = AGENCIES[0].0;
const OTHER: &str = AGENCIES[1].0;

/// Runs an async test on a runtime of its own, as the binary has one.
fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime starts").block_on(test)
}

fn refusal<T: std::fmt::Debug>(answer: Result<T>) -> Option<store::Refusal> {
    answer.expect_err("it is refused").refusal()
}

fn person_id(name: &str) -> PersonId {
    PersonId::parse(name).unwrap()
}

fn viewer(person: &str, agency: &str, role: ViewerRole) -> Viewer {
    Viewer::person(person_id(person), agency_id(agency), role, true)
}

/// What a person of an agency may: those who are called chief are its commanders.
fn permit<Kind: Grants>(person: &str, agency: &str) -> Permit<Kind> {
    let role = if person.starts_with("chief") { ViewerRole::Commander } else { ViewerRole::Investigator };
    access::permit(&viewer(person, agency, role)).unwrap()
}

/// An act of a person.
async fn by<T: Send + 'static>(
    desk: &Desk,
    (person, agency): (&str, &str),
    work: impl FnMut(&Act<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let actor = Actor::Person { person: person_id(person), agency: Some(agency_id(agency)) };
    desk.house.act(actor, Purpose::Investigation, "test::by", work).await
}

/// A desk whose two agencies have people.
async fn staffed(scratch: &testkit::Scratch) -> Desk {
    let desk = Desk::on(scratch).await;
    for (agency, names) in [(OWN, ["chief-1", "ann", "bob"]), (OTHER, ["chief-2", "cyd", "dan"])] {
        for name in names {
            let role =
                if name.starts_with("chief") { ViewerRole::Commander } else { ViewerRole::Investigator };
            let new = Person {
                id: person_id(name),
                home: Home::Agency(agency_id(agency)),
                role,
                name: domain::Private::new(format!("Example {name}")),
            };
            desk.act(move |act| person::add(act, &new)).await.unwrap();
        }
    }
    desk
}
