//! Hashes that an agency asks about, thousands at once.

use domain::{Purpose, ReportId};
use office::Trouble;
use policy::{List, Viewer, access};
use store::{House, Refusal};

pub use casework::hash::{Answer, Known, MOST_HASHES, MOST_REPORTS};

/// What is known of each hash, given in hexadecimal digits, in their order, written as it leaves. It is recorded before it
/// is answered, with the bytes that `write` says that it has.
///
/// # Errors
/// [`Refusal::Unfit`] for what is no hash and for too many; a denial; a fault.
pub async fn check<T>(
    house: &House,
    viewer: &Viewer,
    (hashes, before): (Vec<String>, Option<ReportId>),
    write: impl FnOnce(&[Known]) -> (T, u64),
) -> Result<T, Trouble> {
    let permit = access::permit::<List>(viewer)?;
    let digests: Vec<Vec<u8>> = hashes
        .iter()
        .map(|hash| seal::unhex(hash).map_err(|_| Refusal::Unfit { what: "hash" }))
        .collect::<Result<_, _>>()?;
    let seeing = permit.clone();
    let found =
        house.read("hash::find", move |view| casework::hash::find(view, &seeing, &digests, before)).await?;
    let (written, bytes) = write(&found);
    let noted = house.act(viewer.actor.clone(), Purpose::Investigation, "hash::note", move |act| {
        casework::hash::note(act, &permit, &found, bytes)
    });
    noted.await?;
    Ok(written)
}
