//! Which models of keys a home takes. From the first one on the list the home takes no other; keys that are enrolled stay.

use domain::Purpose;
use policy::Viewer;
pub use store::model::Model;
use store::person::Home;
use store::{House, model};

use crate::Trouble;
use crate::people;

/// The models that a home takes; every model where there is none.
///
/// # Errors
/// A denial, or a fault.
pub async fn list(house: &House, viewer: &Viewer, home: Home) -> Result<Vec<Model>, Trouble> {
    people::may_keep(viewer, &home)?;
    Ok(house.read("key_models::list", move |view| model::of_home(view, &home)).await?)
}

/// Accepts a model for a home.
///
/// # Errors
/// A denial; a refusal of [`model::put`].
pub async fn put(house: &House, viewer: &Viewer, home: Home, new: Model) -> Result<(), Trouble> {
    people::may_keep(viewer, &home)?;
    let put = house.act(viewer.actor.clone(), Purpose::Administration, "key_models::put", move |act| {
        model::put(act, &home, &new)
    });
    Ok(put.await?)
}

/// Takes a model off the list of a home.
///
/// # Errors
/// A denial; "no such thing" when it is not on it.
pub async fn remove(house: &House, viewer: &Viewer, home: Home, aaguid: String) -> Result<(), Trouble> {
    people::may_keep(viewer, &home)?;
    let removed =
        house.act(viewer.actor.clone(), Purpose::Administration, "key_models::remove", move |act| {
            model::remove(act, &home, &aaguid)
        });
    Ok(removed.await?)
}
