//! What travels with a browser and comes back: sealed under the house's own key, so that whoever only asks leaves no row
//! behind, and every process of the house opens what another one sealed.

use std::sync::Arc;

use seal::Place;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{House, Refusal, View};

use crate::Trouble;

/// Longer than any that we seal.
const MOST_SEALED_CHARS: usize = 64 * 1024;

/// Seals something for one place, in hexadecimal digits.
pub(crate) async fn seal<T: Serialize>(
    house: &House,
    place: Place<'static>,
    content: &T,
) -> Result<String, Trouble> {
    let plain = serde_json::to_vec(content).map_err(|_| Refusal::Unfit { what: "sealed content" })?;
    let random = Arc::clone(house.random());
    let sealed = house.read("carried::seal", move |view| {
        Ok(seal::field::seal(view.house_key(), &place, &plain, &*random).map_err(store::Fault::from)?)
    });
    Ok(seal::hex(&sealed.await?))
}

/// Opens what came back; nothing when it was never sealed here, or for another place.
pub(crate) fn open<T: DeserializeOwned>(view: &View<'_>, place: &Place<'_>, sealed: &str) -> Option<T> {
    let bytes = (sealed.len() <= MOST_SEALED_CHARS).then(|| seal::unhex(sealed).ok()).flatten()?;
    let plain = view.open(view.house_key(), place, &bytes).ok()?;
    serde_json::from_slice(plain.reveal()).ok()
}
