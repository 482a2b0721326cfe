//! Where people of an agency are written to, and what was sent.

use casework::message;
use domain::{PersonId, Purpose};
use office::Trouble;
use policy::permit::{Assign, Work};
use policy::{Viewer, access};
use store::{House, Refusal};

pub use casework::message::{Sent, Wish};

/// Where the viewer is written to; nothing where they did not say.
///
/// # Errors
/// A denial, or a fault.
pub async fn own(house: &House, viewer: &Viewer) -> Result<Option<Wish>, Trouble> {
    access::permit::<Work>(viewer)?;
    let person = person(viewer)?;
    Ok(house.read("messages::own", move |view| message::find(view, &person)).await?)
}

/// Says where the viewer is written to; nothing takes it back.
///
/// # Errors
/// [`Refusal::Unfit`] for what is no address, [`Refusal::Conflict`] for a version that is not the present one; a denial; a
/// fault.
pub async fn put(
    house: &House,
    viewer: &Viewer,
    version: u32,
    address: Option<String>,
    wants_new: bool,
) -> Result<(), Trouble> {
    let permit = access::permit::<Work>(viewer)?;
    let put = house.act(viewer.actor.clone(), Purpose::Administration, "message::put", move |act| {
        message::put(act, &permit, version, address.as_deref(), wants_new)
    });
    Ok(put.await?)
}

/// Has a message sent to the viewer, so that they see that messages arrive.
///
/// # Errors
/// "No such thing" without an address; a conflict within a minute of the last; a denial; a fault.
pub async fn test(house: &House, viewer: &Viewer) -> Result<(), Trouble> {
    access::permit::<Work>(viewer)?;
    let (person, agency) = (person(viewer)?, viewer.agency.clone().ok_or(Refusal::NotFound)?);
    let asked = house.act(viewer.actor.clone(), Purpose::Administration, "message::test", move |act| {
        message::find(act, &person)?.ok_or(Refusal::NotFound)?;
        message::test(act, &agency, &person)
    });
    Ok(asked.await?)
}

/// The last messages to the agency's people, for whoever gives reports to others.
///
/// # Errors
/// A denial, or a fault.
pub async fn sent(house: &House, viewer: &Viewer) -> Result<Vec<Sent>, Trouble> {
    let permit = access::permit::<Assign>(viewer)?;
    Ok(house.read("messages::sent", move |view| message::list(view, &permit)).await?)
}

fn person(viewer: &Viewer) -> Result<PersonId, Trouble> {
    match &viewer.actor {
        domain::Actor::Person { person, .. } => Ok(person.clone()),
        _ => Err(Refusal::NotFound.into()),
    }
}
