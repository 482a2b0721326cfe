//! What agencies ask the clearinghouse's analysts, from either side.

use std::collections::BTreeMap;

use domain::portal::RequestId;
use domain::{Id as _, PersonId, Purpose};
use office::Trouble;
use policy::permit::UsePortal;
use policy::{Scope, Viewer, access};
use store::{House, View, number, person};

pub use casework::request::{MOST_LETTERS, MOST_LISTED, Message, NewRequest, Request};

/// A thread with its messages, and who is who in it.
#[derive(Debug, Clone)]
pub struct Thread {
    /// The thread.
    pub request: Request,
    /// What was written.
    pub messages: Vec<Message>,
    /// Names of those whom the viewer's side may know by name.
    pub names: BTreeMap<PersonId, String>,
}

impl Thread {
    /// Who wrote something: by name where the viewer may know it, otherwise by side.
    #[must_use]
    pub fn name(&self, message: &Message) -> String {
        let id = message.written_by.strip_prefix("person:").and_then(|rest| rest.split(':').next());
        let name = id.and_then(|id| PersonId::parse(id).ok()).and_then(|id| self.names.get(&id));
        match (name, message.by_agency) {
            (Some(name), true) => format!("{name}, {}", self.request.agency_name),
            (Some(name), false) => format!("{name}, the clearinghouse"),
            (None, true) => self.request.agency_name.clone(),
            (None, false) => "The clearinghouse".to_owned(),
        }
    }
}

/// What is done with a thread, as somebody saw it.
#[derive(Debug, Clone)]
pub enum Step {
    /// Somebody writes; then it is the other side's turn.
    Write(String),
    /// It is closed.
    Close,
    /// Somebody of the clearinghouse takes it up.
    Take,
}

/// The threads of the viewer's agency, or all of them for the clearinghouse's own people.
///
/// # Errors
/// A denial, or a fault.
pub async fn list(house: &House, viewer: &Viewer, closed: bool) -> Result<Vec<Request>, Trouble> {
    let permit = access::permit::<UsePortal>(viewer)?;
    Ok(house.read("requests", move |view| casework::request::list(view, &permit, closed)).await?)
}

/// Opens a thread.
///
/// # Errors
/// A denial; "no such thing" for a report that the agency does not have; a refusal for words that are none or too many; a
/// fault.
pub async fn open(house: &House, viewer: &Viewer, new: NewRequest) -> Result<RequestId, Trouble> {
    let permit = access::permit::<UsePortal>(viewer)?;
    let number = RequestId::from(number::next(house).await?);
    let opened = house.act(viewer.actor.clone(), Purpose::Investigation, "request::open", move |act| {
        casework::request::open(act, &permit, number, &new)
    });
    opened.await?;
    Ok(number)
}

/// A thread with its messages. Who read it is in the ledger first.
///
/// # Errors
/// A denial; "no such thing" for one of another agency; a fault.
pub async fn read(house: &House, viewer: &Viewer, number: RequestId) -> Result<Thread, Trouble> {
    let permit = access::permit::<UsePortal>(viewer)?;
    let noted = house.act(viewer.actor.clone(), Purpose::Investigation, "request::note", {
        let permit = permit.clone();
        move |act| casework::request::read(act, &permit, number)
    });
    noted.await?;
    let found = house.read("request", move |view| {
        let (request, messages) = casework::request::get(view, &permit, number)?;
        let names = names(view, permit.scope(), &request)?;
        Ok(Thread { request, messages, names })
    });
    Ok(found.await?)
}

/// An agency knows its own people by name; the clearinghouse its own, and those of the agency that asks.
fn names(view: &View<'_>, scope: &Scope, request: &Request) -> store::Result<BTreeMap<PersonId, String>> {
    let mut people = person::of_agency(view, &request.agency)?;
    if *scope == Scope::House {
        people.extend(person::of_house(view)?);
    }
    Ok(people.into_iter().map(|one| (one.id, one.name.into_inner())).collect())
}

/// Takes a step with a thread.
///
/// # Errors
/// As [`read`]; [`store::Refusal::Conflict`] when somebody did since, [`store::Refusal::Closed`] for closing what is closed; a
/// refusal for words that are none or too many.
pub async fn step(house: &House, viewer: &Viewer, seen: (RequestId, u32), step: Step) -> Result<(), Trouble> {
    let permit = access::permit::<UsePortal>(viewer)?;
    let done =
        house.act(viewer.actor.clone(), Purpose::Investigation, "request::step", move |act| match &step {
            Step::Write(words) => casework::request::write(act, &permit, seen, words),
            Step::Close => casework::request::close(act, &permit, seen),
            Step::Take => casework::request::take(act, &permit, seen),
        });
    Ok(done.await?)
}

/// Whether the viewer uses the portal.
#[must_use]
pub fn may_use(viewer: &Viewer) -> bool {
    access::permit::<UsePortal>(viewer).is_ok()
}
