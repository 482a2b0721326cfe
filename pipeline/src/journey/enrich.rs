//! Sealed to enriched: addresses and postcodes looked up in dated tables. No network is asked.

use domain::{Actor, Purpose, Stage};
use store::finding;

use super::{StrideFault, Walk, move_on};
use crate::enrichers::{Subjects, look_up};

pub(super) async fn run(walk: &Walk) -> Result<Stage, StrideFault> {
    let filed = walk.filed().await?;
    let subjects = Subjects::of(&filed.submission, filed.statements());
    let findings = look_up(&subjects, &walk.tools.atlas);
    let lease = walk.lease.clone();
    let recorded = walk.house.act(Actor::House, Purpose::Pipeline, "enrich", move |act| {
        move_on(act, &lease, Stage::Sealed, Stage::Enriched)?;
        finding::record(act, lease.report, &findings)
    });
    recorded.await?;
    Ok(Stage::Enriched)
}
