//! Agencies with their people, and what they may and do.

use domain::{Actor, Id, PersonId, Purpose};
use policy::access::Grants;
use policy::{Permit, Viewer, ViewerRole, access};
use store::person::{self, Home, Person};
use store::{Act, Result};

use crate::desk::{AGENCIES, Desk, agency_id};

/// The agency of most tests, and another one.
pub const OWN: &str = AGENCIES[0].0;
pub const OTHER: &str = AGENCIES[1].0;

/// Runs an async test on a runtime of its own, as the binary has one.
pub fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime starts").block_on(test)
}

pub fn refusal<T: std::fmt::Debug>(answer: Result<T>) -> Option<store::Refusal> {
    answer.expect_err("it is refused").refusal()
}

pub fn person_id(name: &str) -> PersonId {
    PersonId::parse(name).unwrap()
}

fn viewer(person: &str, agency: &str, role: ViewerRole) -> Viewer {
    Viewer::person(person_id(person), agency_id(agency), role, true)
}

/// What a person of an agency may: those who are called chief are its commanders.
pub fn permit<Kind: Grants>(person: &str, agency: &str) -> Permit<Kind> {
    let role = if person.starts_with("chief") { ViewerRole::Commander } else { ViewerRole::Investigator };
    access::permit(&viewer(person, agency, role)).unwrap()
}

/// An act of a person.
pub async fn by<T: Send + 'static>(
    desk: &Desk,
    (person, agency): (&str, &str),
    work: impl FnMut(&Act<'_>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let actor = Actor::Person { person: person_id(person), agency: Some(agency_id(agency)) };
    desk.house.act(actor, Purpose::Investigation, "test::by", work).await
}

/// A desk whose two agencies have people.
pub async fn staffed(scratch: &testkit::Scratch) -> Desk {
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
