//! Finished to sealed: every blob that the report names lies in the vault, whole.

use domain::{Actor, Purpose, Stage};
use store::Fault;

use super::{StrideFault, Walk, move_on};

pub(super) async fn run(walk: &mut Walk) -> Result<Stage, StrideFault> {
    let filed = walk.filed()?;
    for file in &filed.files {
        let Some(blob) = &file.blob else { continue };
        if blob.size_bytes != file.size_bytes {
            return Err(store::Error::from(Fault::BlobMissing).into());
        }
        walk.house.vault().check(blob).await?;
    }
    let lease = walk.lease.clone();
    let recorded = walk.house.act(Actor::House, Purpose::Pipeline, "sealing", move |act| {
        move_on(act, &lease, Stage::Finished, Stage::Sealed)
    });
    recorded.await?;
    Ok(Stage::Sealed)
}
