//! Where people of an agency, or of the desk, are written to, and what was sent.

use casework::{mailbox, message};
use domain::{PersonId, Purpose};
use office::Trouble;
use policy::permit::{Assign, Work};
use policy::{Viewer, access};
use store::{House, Refusal};

pub use casework::mailbox::{CODE_LETTERS, Wish};
pub use casework::message::Sent;

/// Where the viewer is written to; nothing where they did not say.
///
/// # Errors
/// A denial, or a fault.
pub async fn own(house: &House, viewer: &Viewer) -> Result<Option<Wish>, Trouble> {
    access::permit::<Work>(viewer)?;
    let person = person(viewer)?;
    Ok(house.read("messages::own", move |view| mailbox::find(view, &person)).await?)
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
    let put = house.act(viewer.actor.clone(), Purpose::Administration, "mailbox::put", move |act| {
        mailbox::put(act, &permit, version, address.as_deref(), wants_new)
    });
    Ok(put.await?)
}

/// The viewer typed a code; answers whether it is the one that was sent to them last, which shows that the mailbox is
/// theirs.
///
/// # Errors
/// A conflict when no code waits, or too many wrong ones were typed; a denial; a fault.
pub async fn confirm(house: &House, viewer: &Viewer, typed: String) -> Result<bool, Trouble> {
    let permit = access::permit::<Work>(viewer)?;
    let done = house.act(viewer.actor.clone(), Purpose::Administration, "mailbox::confirm", move |act| {
        mailbox::confirm(act, &permit, &typed)
    });
    Ok(done.await?)
}

/// Has a message sent to the viewer, so that they see that messages arrive; another code, while the mailbox is not known to
/// be theirs.
///
/// # Errors
/// "No such thing" without an address; a conflict within a minute of the last; a denial; a fault.
pub async fn test(house: &House, viewer: &Viewer) -> Result<(), Trouble> {
    access::permit::<Work>(viewer)?;
    let (person, agency) = (person(viewer)?, viewer.agency.clone());
    let asked = house.act(viewer.actor.clone(), Purpose::Administration, "message::test", move |act| {
        message::test(act, agency.as_ref(), &person)
    });
    Ok(asked.await?)
}

/// The last messages to the agency's people, or the desk's, for whoever gives reports to others.
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
