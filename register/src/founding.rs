//! How a house begins: its operator names the first two people of its own; from then on two people decide who comes in
//! and which agency may receive, and the operator alone does not any more.

use domain::{Id as _, PersonId};

use crate::person::{self, Home, Person};
use crate::{Act, Refusal, Result, View, account};
use house::setting;

/// Where it is recorded that there are two.
const FOUNDED: &str = "founded";
/// People who found a house.
const FOUNDERS: usize = 2;

/// Whether two people run it, so that the operator alone decides nothing any more that takes two.
///
/// # Errors
/// A fault of the database.
pub fn is_founded(view: &View<'_>) -> Result<bool> {
    Ok(setting::get(view, FOUNDED)?.is_some())
}

/// Refuses once two people run the house.
///
/// # Errors
/// [`Refusal::NotAllowed`].
pub fn must_be_beginning(view: &View<'_>) -> Result<()> {
    if is_founded(view)? { Err(Refusal::NotAllowed.into()) } else { Ok(()) }
}

/// Adds one of the first two people of the house. With the second, the beginning is over for good.
///
/// # Errors
/// [`Refusal::NotAllowed`] once there were two, [`Refusal::Unfit`] for somebody of an agency or a provider, and for a
/// second founder in the role of the first: together they must be able to decide.
pub fn found(act: &Act<'_>, person: &Person) -> Result<()> {
    must_be_beginning(act)?;
    if person.home != Home::House {
        return Err(Refusal::Unfit { what: "home" }.into());
    }
    let before = account::list(act, &Home::House)?;
    if before.iter().any(|one| one.gone.is_none() && one.role == person.role) {
        return Err(Refusal::Unfit { what: "role" }.into());
    }
    person::add(act, person)?;
    begin_to_count(act, &person.id)
}

/// Records that the house is founded, once two people are there.
pub fn begin_to_count(act: &Act<'_>, newest: &PersonId) -> Result<()> {
    let live = account::list(act, &Home::House)?.into_iter().filter(|one| one.gone.is_none()).count();
    if live >= FOUNDERS && !is_founded(act)? {
        setting::put(act, FOUNDED, newest.as_str())?;
    }
    Ok(())
}
