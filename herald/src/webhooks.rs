//! Webhooks as an agency's commander and its own systems keep them.

use casework::webhook;
use domain::{Private, Purpose};
use office::Trouble;
use policy::permit::Assign;
use policy::{Viewer, access};
use store::House;

pub use casework::webhook::replay::{Behind, MOST_AGAIN, Replay};
pub use casework::webhook::{MOST, MOST_URL_LETTERS, Webhook};

use crate::reach::{Reach, Wrong};
use crate::signature::written;

/// Why there is no such webhook.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Its address is never called.
    #[error(transparent)]
    Address(#[from] Wrong),
    /// A denial, a refusal or a fault.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

/// Whether the viewer keeps the webhooks of an agency.
#[must_use]
pub fn keeps(viewer: &Viewer) -> bool {
    access::permit::<Assign>(viewer).is_ok()
}

/// The webhooks of the viewer's agency.
///
/// # Errors
/// A denial, or a fault.
pub async fn list(house: &House, viewer: &Viewer) -> Result<Vec<Webhook>, Trouble> {
    let permit = access::permit::<Assign>(viewer)?;
    Ok(house.read("webhooks", move |view| webhook::list(view, &permit)).await?)
}

/// Adds one. Its secret is shown this once.
///
/// # Errors
/// [`Fault::Address`] for what is never called; a refusal when there are as many as may be; a denial; a fault.
pub async fn add(
    house: &House,
    reach: &Reach,
    viewer: &Viewer,
    url: &str,
) -> Result<(String, Private<String>), Fault> {
    let permit = access::permit::<Assign>(viewer).map_err(Trouble::from)?;
    let url = reach.read(url)?.to_string();
    let added = house.act(viewer.actor.clone(), Purpose::Administration, "webhook::add", move |act| {
        webhook::add(act, &permit, &url)
    });
    let (id, secret) = added.await.map_err(Trouble::from)?;
    Ok((id, Private::new(written(secret.reveal()))))
}

/// Draws another secret; the present one signs too for a day.
///
/// # Errors
/// "No such thing"; a denial; a fault.
pub async fn rotate(house: &House, viewer: &Viewer, id: String) -> Result<Private<String>, Trouble> {
    let permit = access::permit::<Assign>(viewer)?;
    let rotated = house.act(viewer.actor.clone(), Purpose::Administration, "webhook::rotate", move |act| {
        webhook::rotate(act, &permit, &id)
    });
    Ok(Private::new(written(rotated.await?.reveal())))
}

/// Takes one away.
///
/// # Errors
/// As [`rotate`].
pub async fn remove(house: &House, viewer: &Viewer, id: String) -> Result<(), Trouble> {
    let permit = access::permit::<Assign>(viewer)?;
    let removed = house.act(viewer.actor.clone(), Purpose::Administration, "webhook::remove", move |act| {
        webhook::remove(act, &permit, &id)
    });
    Ok(removed.await?)
}

/// Asks for a call now, also when there is nothing new.
///
/// # Errors
/// As [`rotate`].
pub async fn test(house: &House, viewer: &Viewer, id: String) -> Result<(), Trouble> {
    let permit = access::permit::<Assign>(viewer)?;
    let asked = house.act(viewer.actor.clone(), Purpose::Administration, "webhook::ask", move |act| {
        webhook::ask(act, &permit, &id)
    });
    Ok(asked.await?)
}

/// Has it called again with what it was called with, under the same names.
///
/// # Errors
/// As [`rotate`]; a conflict for what lies behind the end of what is being said again.
pub async fn replay(house: &House, viewer: &Viewer, id: String, from: Behind) -> Result<Replay, Trouble> {
    let permit = access::permit::<Assign>(viewer)?;
    let asked = house.act(viewer.actor.clone(), Purpose::Administration, "webhook::replay", move |act| {
        webhook::replay::ask(act, &permit, &id, from)
    });
    Ok(asked.await?)
}
