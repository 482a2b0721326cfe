//! The dated tables that look-ups ask: taken in from a file.

use domain::{Actor, Purpose};
use geo::{Hints, Imported, Kind};
use store::House;
use store::dataset::{self, NewDataset};

use crate::outcome::{Doing, Result};

pub use pipeline::tables::load;

/// Checks a table whole, keeps its bytes and records it. What is wrong with it is said before anything is kept.
pub async fn add_table(house: &House, kind: Kind, bytes: Vec<u8>, hints: &Hints<'_>) -> Result<Imported> {
    let sha256 = seal::sha256(&bytes);
    let digest = seal::hex(&sha256);
    let size_bytes = bytes.len() as u64;
    let imported =
        geo::import(kind, bytes.clone(), &Hints { sha256: &digest, ..*hints }).doing("take in the table")?;
    store::dataset::keep(house, bytes).await.doing("keep the table")?;
    let info = imported.info.clone();
    let new = NewDataset {
        kind: kind.as_str().to_owned(),
        name: info.name,
        as_of: info.as_of,
        sha256,
        source: info.source,
        licence: info.licence,
        attribution: [Some(info.attribution), info.attribution_link]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
        // Its first bytes say how it is read.
        format: String::new(),
        size_bytes,
    };
    let added = house
        .act(Actor::Operator, Purpose::Administration, "dataset-add", move |act| dataset::add(act, &new));
    added.await.doing("record the table")?;
    Ok(imported)
}
