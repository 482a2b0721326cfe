//! What strides work with besides the house and the rules in force: the dated tables that were added.

use domain::{Actor, Purpose};
use geo::{Atlas, Hints, Imported, Kind, TableInfo};
use pipeline::Tools;
use store::House;
use store::dataset::{self, Dataset, NewDataset};

use crate::outcome::{Doing, Result};

/// Names of counties, part of the program: routing cannot do without them.
const COUNTIES: &[u8] = include_bytes!("../../datasets/us-counties.csv");
const COUNTIES_NAME: &str = "us-counties";

/// The tables of the house.
pub(crate) async fn load(house: &House) -> Result<Tools> {
    let atlas = atlas(house).await.doing("load the tables")?;
    Ok(Tools { atlas })
}

async fn atlas(house: &House) -> Result<Atlas> {
    let mut tables = vec![counties()?];
    for Dataset { what, .. } in house.read("datasets", dataset::list).await? {
        if let Some(kind) = Kind::parse(&what.kind) {
            let bytes = store::dataset::bytes(house, &what.sha256).await?;
            tables.push((info(kind, what), bytes));
        }
    }
    // Large tables are read and checked: not on a thread that answers requests.
    let loaded = tokio::task::spawn_blocking(move || Atlas::load(tables)).await;
    Ok(loaded.doing("read the tables")??)
}

fn counties() -> Result<(TableInfo, Vec<u8>)> {
    let sha256 = seal::hex(&seal::sha256(COUNTIES));
    let hints = Hints { name: COUNTIES_NAME, sha256: &sha256, ..Hints::default() };
    let imported = geo::import(Kind::CountyNames, COUNTIES.to_vec(), &hints)?;
    Ok((imported.info, COUNTIES.to_vec()))
}

/// What a table says about itself, as it stands in the rows: its link comes after its words.
fn info(kind: Kind, what: NewDataset) -> TableInfo {
    let (attribution, attribution_link) = match what.attribution.rsplit_once(' ') {
        Some((words, link)) if link.starts_with("https://") => (words.to_owned(), Some(link.to_owned())),
        _ => (what.attribution, None),
    };
    TableInfo {
        kind,
        name: what.name,
        as_of: what.as_of,
        sha256: seal::hex(&what.sha256),
        source: what.source,
        licence: what.licence,
        attribution,
        attribution_link,
    }
}

/// Checks a table whole, keeps its bytes and records it. What is wrong with it is said before anything is kept.
pub(crate) async fn add_table(
    house: &House,
    kind: Kind,
    bytes: Vec<u8>,
    hints: &Hints<'_>,
) -> Result<Imported> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_of_a_licence_survives_the_rows() {
        let what = NewDataset {
            kind: "ip-place".to_owned(),
            name: "cities".to_owned(),
            as_of: "2026-11-01".to_owned(),
            sha256: [0; 32],
            source: "Example".to_owned(),
            licence: "CC-BY-4.0".to_owned(),
            attribution: "By Example https://tables.example/".to_owned(),
            format: String::new(),
            size_bytes: 0,
        };
        let info = info(Kind::IpPlace, what);
        assert_eq!(info.attribution, "By Example");
        assert_eq!(info.attribution_link.as_deref(), Some("https://tables.example/"));
    }

    #[test]
    fn the_counties_of_the_program_are_a_table() {
        let (info, bytes) = counties().unwrap();
        assert!(Atlas::load(vec![(info, bytes)]).unwrap().has(Kind::CountyNames));
    }
}
