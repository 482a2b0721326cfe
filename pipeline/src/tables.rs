//! The dated tables that look-ups ask, out of the house that keeps them.

use geo::{Atlas, Hints, Kind, TableInfo};
use store::House;
use store::dataset::{self, Dataset, NewDataset};

use crate::journey::Tools;

/// Names of counties, part of the program: routing cannot do without them.
const COUNTIES: &[u8] = include_bytes!("../../datasets/us-counties.csv");
const COUNTIES_NAME: &str = "us-counties";

/// Why the tables are not there to be asked.
#[derive(Debug, thiserror::Error)]
pub enum NotLoaded {
    /// The house did not hand them out.
    #[error("cannot load the tables")]
    Store(#[from] store::Error),
    /// One of them is not understood.
    #[error("cannot read the tables")]
    Unread(#[from] geo::Refusal),
    /// The thread that read them ended early.
    #[error("the reading of the tables ended early")]
    Stopped,
}

/// What strides work with: the tables of the house.
///
/// # Errors
/// [`NotLoaded`].
pub async fn load(house: &House) -> Result<Tools, NotLoaded> {
    Ok(Tools { atlas: atlas(house).await? })
}

async fn atlas(house: &House) -> Result<Atlas, NotLoaded> {
    let mut tables = vec![counties()?];
    for Dataset { what, .. } in house.read("datasets", dataset::list).await? {
        if let Some(kind) = Kind::parse(&what.kind) {
            let bytes = store::dataset::bytes(house, &what.sha256).await?;
            tables.push((info(kind, what), bytes));
        }
    }
    // Large tables are read and checked: not on a thread that answers requests.
    let loaded = tokio::task::spawn_blocking(move || Atlas::load(tables)).await;
    Ok(loaded.map_err(|_| NotLoaded::Stopped)??)
}

fn counties() -> Result<(TableInfo, Vec<u8>), NotLoaded> {
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
