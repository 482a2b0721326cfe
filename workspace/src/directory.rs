//! Whom one calls, at every agency and at the clearinghouse.

use domain::Purpose;
use domain::portal::Duty;
use office::Trouble;
use policy::permit::{KeepPortal, UsePortal};
use policy::{Viewer, access};
use store::House;

pub use casework::directory::{Contact, HOLDS, MOST_CONTACTS, MOST_LETTERS, Words};

/// What is done with a contact, as somebody saw it.
#[derive(Debug, Clone)]
pub enum Step {
    /// It is written anew.
    Change(Duty, Words),
    /// It still holds.
    Confirm,
    /// It is taken out.
    Remove,
}

/// Every contact, the clearinghouse's own first; where `sought` has words, those whose agency, state, desk or duty has all of
/// them.
///
/// # Errors
/// A denial, or a fault.
pub async fn list(house: &House, viewer: &Viewer, sought: &str) -> Result<Vec<Contact>, Trouble> {
    let permit = access::permit::<UsePortal>(viewer)?;
    let sought = sought.to_lowercase();
    let found = house.read("directory", move |view| casework::directory::list(view, &permit)).await?;
    Ok(found.into_iter().filter(|one| sought.split_whitespace().all(|word| has(one, word))).collect())
}

fn has(contact: &Contact, word: &str) -> bool {
    let Contact { agency_name, state, duty, words, .. } = contact;
    let name = agency_name.as_deref().unwrap_or("clearinghouse");
    let all = [name, state.as_deref().unwrap_or_default(), duty.title(), &words.desk];
    all.iter().any(|text| text.to_lowercase().contains(word))
}

/// Those of the viewer's own home.
///
/// # Errors
/// A denial, or a fault.
pub async fn own(house: &House, viewer: &Viewer) -> Result<Vec<Contact>, Trouble> {
    let permit = access::permit::<UsePortal>(viewer)?;
    Ok(house.read("directory::own", move |view| casework::directory::own(view, &permit)).await?)
}

/// How many contacts of the viewer's home nobody confirmed for a year; none for whoever keeps none.
///
/// # Errors
/// A fault.
pub async fn unconfirmed(house: &House, viewer: &Viewer) -> Result<usize, Trouble> {
    if !keeps(viewer) {
        return Ok(0);
    }
    let now = house.now();
    Ok(own(house, viewer).await?.iter().filter(|one| one.is_stale(now)).count())
}

/// Adds a contact of the viewer's home.
///
/// # Errors
/// A denial; a refusal for what is incomplete or one too many; a fault.
pub async fn add(house: &House, viewer: &Viewer, duty: Duty, words: Words) -> Result<(), Trouble> {
    let permit = access::permit::<KeepPortal>(viewer)?;
    let added = house.act(viewer.actor.clone(), Purpose::Administration, "directory::add", move |act| {
        casework::directory::add(act, &permit, duty, &words).map(drop)
    });
    Ok(added.await?)
}

/// Takes a step with a contact of the viewer's home.
///
/// # Errors
/// As [`add`]; "no such thing" for one of others; [`store::Refusal::Conflict`] when somebody else changed it since.
pub async fn step(
    house: &House,
    viewer: &Viewer,
    (id, version): (String, u32),
    step: Step,
) -> Result<(), Trouble> {
    let permit = access::permit::<KeepPortal>(viewer)?;
    let done = house.act(viewer.actor.clone(), Purpose::Administration, "directory::step", move |act| {
        let seen = (id.as_str(), version);
        match &step {
            Step::Change(duty, words) => casework::directory::change(act, &permit, seen, *duty, words),
            Step::Confirm => casework::directory::confirm(act, &permit, seen),
            Step::Remove => casework::directory::remove(act, &permit, seen),
        }
    });
    Ok(done.await?)
}

/// Whether the viewer says whom others call at their home.
#[must_use]
pub fn keeps(viewer: &Viewer) -> bool {
    access::permit::<KeepPortal>(viewer).is_ok()
}
