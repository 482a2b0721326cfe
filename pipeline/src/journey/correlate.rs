//! Enriched to correlated: what identifies somebody or something, in normal form. Which reports share it is asked in the
//! next stride: only what is committed is seen by those who come at the same moment.

use std::sync::Arc;

use domain::{Actor, Purpose, Selector, Stage};
use store::selector;
use tokio::task::spawn_blocking;

use super::{Filed, StrideFault, Walk, move_on};
use crate::selectors::{FileKnown, extract};

pub(super) async fn run(walk: &mut Walk) -> Result<Stage, StrideFault> {
    let filed = walk.filed()?;
    // Long texts are mined for selectors: not on a thread that others wait for.
    let selectors = spawn_blocking(move || selectors(&filed)).await.map_err(|_| StrideFault::Stopped)?;
    let selectors = Arc::new(selectors);
    let (lease, found) = (walk.lease.clone(), Arc::clone(&selectors));
    let recorded = walk.house.act(Actor::House, Purpose::Pipeline, "correlate", move |act| {
        move_on(act, &lease, Stage::Enriched, Stage::Correlated)?;
        selector::record(act, lease.report, &found)
    });
    recorded.await?;
    walk.selectors = Some(selectors);
    Ok(Stage::Correlated)
}

fn selectors(filed: &Filed) -> Vec<Selector> {
    let digests: Vec<String> = filed.files.iter().map(|file| seal::hex(&file.sha256)).collect();
    let known = filed.files.iter().zip(&digests);
    let known: Vec<FileKnown<'_>> =
        known.map(|(file, sha256)| FileKnown { sha256, statement: file.statement.as_ref() }).collect();
    extract(&filed.submission, &known, &filed.summary.provider)
}
