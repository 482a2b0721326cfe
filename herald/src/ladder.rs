//! The on-call ladder as an agency keeps it, and the clearinghouse for what waits at its own desk.

use casework::{mailbox, oncall};
use domain::{PersonId, Private, Purpose, ReportId};
use office::Trouble;
use policy::permit::{Assign, Work};
use policy::{Permit, Scope, Viewer, ViewerRole, access};
use store::{House, Refusal, View, person};

pub use casework::oncall::{Call, MOST_LISTED, MOST_MINUTES, MOST_PLACES, NewStep, Step};

/// The ladder of an agency or of the desk, with who is on it and which of them can be written to.
#[derive(Debug, Clone)]
pub struct Ladder {
    /// The steps that are not over.
    pub steps: Vec<Step>,
    /// Calls that nobody answered.
    pub open: Vec<Call>,
    /// The people who are let in there and can have a turn.
    pub people: Vec<(PersonId, Private<String>)>,
    /// Those who said where they are written to.
    pub known: Vec<PersonId>,
}

/// The ladder of the viewer's agency, or of the desk.
///
/// # Errors
/// A denial, or a fault.
pub async fn find(house: &House, viewer: &Viewer) -> Result<Ladder, Trouble> {
    let permit = access::permit::<Work>(viewer)?;
    let found = house.read("ladder", move |view| {
        Ok(Ladder {
            steps: oncall::steps(view, &permit)?,
            open: oncall::open(view, &permit)?,
            people: people(view, &permit)?,
            known: mailbox::known(view, &permit)?,
        })
    });
    Ok(found.await?)
}

/// Who can have a turn: an agency's people, or those of the clearinghouse who say where a report goes.
fn people<Kind>(view: &View<'_>, permit: &Permit<Kind>) -> store::Result<Vec<(PersonId, Private<String>)>> {
    let all = match permit.scope() {
        Scope::Agency(agency) => person::of_agency(view, agency)?,
        Scope::House => {
            let mut all = person::of_house(view)?;
            all.retain(|one| DESK.contains(&one.role));
            all
        }
        Scope::Provider(_) => return Err(Refusal::NotFound.into()),
    };
    Ok(all.into_iter().map(|one| (one.id, one.name)).collect())
}

/// Whose turn can come at the desk: SQL of `casework::oncall` says the same.
const DESK: [ViewerRole; 2] = [ViewerRole::Analyst, ViewerRole::Supervisor];

/// Whether anybody of the desk can be called now.
///
/// # Errors
/// A fault.
pub async fn desk_reaches(house: &House) -> store::Result<bool> {
    house.read("ladder::desk_reaches", dissemination::desk::reaches).await
}

/// Calls of the viewer's agency, or of the desk, that nobody answered; none for whoever could not answer one either.
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
/// "No such thing" for somebody who is not of the ladder's own people; [`Refusal::Unfit`] for a place, a time or days that
/// cannot be; a denial; a fault.
pub async fn add(house: &House, viewer: &Viewer, new: NewStep) -> Result<(), Trouble> {
    let permit = access::permit::<Assign>(viewer)?;
    let added = house.act(viewer.actor.clone(), Purpose::Administration, "oncall::add", move |act| {
        let known = people(act, &permit)?.iter().any(|(id, _)| *id == new.person);
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
