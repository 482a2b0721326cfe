//! The on-call ladder as an agency keeps it.

use casework::{mailbox, oncall};
use domain::{PersonId, Private, Purpose, ReportId};
use office::Trouble;
use policy::permit::{Assign, Work};
use policy::{Scope, Viewer, access};
use store::{House, Refusal, person};

pub use casework::oncall::{Call, MOST_LISTED, MOST_MINUTES, MOST_PLACES, NewStep, Step};

/// The ladder of an agency, with who is on it and which of them can be written to.
#[derive(Debug, Clone)]
pub struct Ladder {
    /// The steps that are not over.
    pub steps: Vec<Step>,
    /// Calls that nobody answered.
    pub open: Vec<Call>,
    /// The agency's people who are let in.
    pub people: Vec<(PersonId, Private<String>)>,
    /// Those who said where they are written to.
    pub known: Vec<PersonId>,
}

/// The ladder of the viewer's agency.
///
/// # Errors
/// A denial, or a fault.
pub async fn find(house: &House, viewer: &Viewer) -> Result<Ladder, Trouble> {
    let permit = access::permit::<Work>(viewer)?;
    let found = house.read("ladder", move |view| {
        let Scope::Agency(agency) = permit.scope() else { return Err(Refusal::NotFound.into()) };
        let people = person::of_agency(view, agency)?;
        Ok(Ladder {
            steps: oncall::steps(view, &permit)?,
            open: oncall::open(view, &permit)?,
            people: people.into_iter().map(|one| (one.id, one.name)).collect(),
            known: mailbox::known(view, &permit)?,
        })
    });
    Ok(found.await?)
}

/// Calls of the viewer's agency that nobody answered; none for whoever could not answer one either.
///
/// # Errors
/// A fault.
pub async fn open(house: &House, viewer: &Viewer) -> Result<Vec<Call>, Trouble> {
    let Ok(permit) = access::permit::<Work>(viewer) else { return Ok(Vec::new()) };
    Ok(house.read("ladder::open", move |view| oncall::open(view, &permit)).await?)
}

/// Whether the viewer keeps the ladder.
#[must_use]
pub fn keeps(viewer: &Viewer) -> bool {
    access::permit::<Assign>(viewer).is_ok()
}

/// Writes a step down.
///
/// # Errors
/// "No such thing" for somebody of another agency; [`Refusal::Unfit`] for a place, a time or days that cannot be; a denial;
/// a fault.
pub async fn add(house: &House, viewer: &Viewer, new: NewStep) -> Result<(), Trouble> {
    let permit = access::permit::<Assign>(viewer)?;
    let added = house.act(viewer.actor.clone(), Purpose::Administration, "oncall::add", move |act| {
        let Scope::Agency(agency) = permit.scope() else { return Err(Refusal::NotFound.into()) };
        let known = person::of_agency(act, agency)?.iter().any(|one| one.id == new.person);
        known.then_some(()).ok_or(Refusal::NotFound)?;
        oncall::add(act, &permit, &new)
    });
    Ok(added.await.map(drop)?)
}

/// Takes a step away.
///
/// # Errors
/// "No such thing"; a denial; a fault.
pub async fn remove(house: &House, viewer: &Viewer, id: String) -> Result<(), Trouble> {
    let permit = access::permit::<Assign>(viewer)?;
    let removed = house.act(viewer.actor.clone(), Purpose::Administration, "oncall::remove", move |act| {
        oncall::remove(act, &permit, &id)
    });
    Ok(removed.await?)
}

/// The viewer has it: nobody else is called.
///
/// # Errors
/// "No such thing" without an open call; a denial; a fault.
pub async fn answer(house: &House, viewer: &Viewer, report: ReportId) -> Result<(), Trouble> {
    let permit = access::permit::<Work>(viewer)?;
    let answered = house.act(viewer.actor.clone(), Purpose::Investigation, "oncall::answer", move |act| {
        oncall::answer(act, &permit, report)
    });
    Ok(answered.await?)
}
