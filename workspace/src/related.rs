//! Deconfliction, as one side of it works it.

use domain::{AgencyId, CaseId, Purpose, ReportId, Settlement};
use office::Trouble;
use policy::permit::{Assign, Deconflict};
use policy::{Viewer, access};
use store::{House, Refusal, agency};

pub use casework::desk_contact::{Contact, Known};
pub use casework::related::Related;

/// An event with what one side may know of it.
#[derive(Debug, Clone)]
pub struct Event {
    /// The event.
    pub related: Related,
    /// The other agency's name.
    pub other_name: String,
    /// Whom to call there.
    pub contact: Option<Known>,
    /// The own reports that it is about.
    pub reports: Vec<ReportId>,
    /// The own cases in which somebody wrote down what it is about, as far as the viewer reaches them.
    pub cases: Vec<CaseId>,
    /// How many more cases of the agency it is about.
    pub other_cases: usize,
}

/// What the viewer's agency shares with others, open or settled; what is due first first.
///
/// # Errors
/// A denial, or a fault.
pub async fn list(house: &House, viewer: &Viewer, settled: bool) -> Result<Vec<Event>, Trouble> {
    let permit = access::permit::<Deconflict>(viewer)?;
    let found = house.read("related", move |view| {
        let all = casework::related::list(view, &permit, settled)?;
        let named = all.into_iter().map(|related| {
            let other_name = agency::get(view, &related.other)?.name;
            Ok(Event {
                related,
                other_name,
                contact: None,
                reports: Vec::new(),
                cases: Vec::new(),
                other_cases: 0,
            })
        });
        named.collect::<store::Result<Vec<_>>>()
    });
    Ok(found.await?)
}

/// One event.
///
/// # Errors
/// "No such thing" for one of others; a denial; a fault.
pub async fn get(house: &House, viewer: &Viewer, id: String) -> Result<Event, Trouble> {
    let permit = access::permit::<Deconflict>(viewer)?;
    let keeper = crate::cases::keeper(viewer).ok();
    let found = house.read("related::get", move |view| {
        let (related, reports) = casework::related::get(view, &permit, &id)?;
        let other_name = agency::get(view, &related.other)?.name;
        let contact = casework::desk_contact::of(view, &permit, &related.other)?;
        let cases = keeper.as_ref().map(|keeper| casework::related::cases(view, keeper, &id)).transpose()?;
        let (cases, other_cases) = cases.unwrap_or_default();
        Ok(Event { related, other_name, contact, reports, cases, other_cases })
    });
    Ok(found.await?)
}

/// The events that a report of the viewer's agency is part of.
///
/// # Errors
/// A denial, or a fault.
pub async fn of_report(house: &House, viewer: &Viewer, report: ReportId) -> Result<Vec<Related>, Trouble> {
    let permit = access::permit::<Deconflict>(viewer)?;
    Ok(house
        .read("related::of_report", move |view| casework::related::of_report(view, &permit, report))
        .await?)
}

/// The viewer takes an event up.
///
/// # Errors
/// As [`get`].
pub async fn take(house: &House, viewer: &Viewer, id: String) -> Result<(), Trouble> {
    let permit = access::permit::<Deconflict>(viewer)?;
    let domain::Actor::Person { person, .. } = viewer.actor.clone() else {
        return Err(Refusal::NotFound.into());
    };
    let taken = house.act(viewer.actor.clone(), Purpose::Investigation, "related::take", move |act| {
        casework::related::take(act, &permit, &id, &person)
    });
    Ok(taken.await?)
}

/// The viewer's side says how to settle an event. Answers whether it is settled.
///
/// # Errors
/// As [`get`]; [`Refusal::Conflict`] when the other side changed it since, [`Refusal::Closed`] for what is settled.
pub async fn settle(
    house: &House,
    viewer: &Viewer,
    (id, version): (String, u32),
    how: Settlement,
) -> Result<bool, Trouble> {
    let permit = access::permit::<Deconflict>(viewer)?;
    let settled = house.act(viewer.actor.clone(), Purpose::Investigation, "related::settle", move |act| {
        casework::related::settle(act, &permit, (&id, version), how)
    });
    Ok(settled.await?)
}

/// Whom others call at the viewer's own agency.
///
/// # Errors
/// A denial, or a fault.
pub async fn own_contact(house: &House, viewer: &Viewer) -> Result<Option<Known>, Trouble> {
    let permit = access::permit::<Deconflict>(viewer)?;
    let own: AgencyId = viewer.agency.clone().ok_or(Refusal::NotFound)?;
    Ok(house.read("desk_contact", move |view| casework::desk_contact::of(view, &permit, &own)).await?)
}

/// Says whom others call.
///
/// # Errors
/// A denial for whoever may not; [`Refusal::Conflict`] when somebody else said it since, [`Refusal::Unfit`].
pub async fn put_contact(
    house: &House,
    viewer: &Viewer,
    version: u32,
    contact: Contact,
) -> Result<(), Trouble> {
    let permit = access::permit::<Assign>(viewer)?;
    let put = house.act(viewer.actor.clone(), Purpose::Administration, "desk_contact::put", move |act| {
        casework::desk_contact::put(act, &permit, version, &contact)
    });
    Ok(put.await?)
}
