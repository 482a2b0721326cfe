//! Finished to sealed: every blob that the report names lies in the vault, whole.

use domain::Stage;
use store::Fault;

use super::{Record, StrideFault, Walk};

pub(super) async fn run(walk: &mut Walk) -> Result<Record, StrideFault> {
    let filed = walk.filed()?;
    for file in &filed.files {
        let Some(blob) = &file.blob else { continue };
        if blob.size_bytes != file.size_bytes {
            return Err(store::Error::from(Fault::BlobMissing).into());
        }
        walk.house.vault().check(blob).await?;
    }
    Ok(Record::new(Stage::Sealed, "sealing", |_| Ok(())))
}
