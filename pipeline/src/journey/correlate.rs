//! Enriched to correlated: what identifies somebody or something, in normal form. Which reports share it is asked in the
//! next stride: only what is committed is seen by those who come at the same moment.

use std::sync::Arc;

use domain::{Selector, Stage};
use store::selector;
use tokio::task::spawn_blocking;

use super::{Filed, Record, StrideFault, Walk};
use crate::selectors::{FileKnown, extract};

pub(super) async fn run(walk: &mut Walk) -> Result<Record, StrideFault> {
    let filed = walk.filed()?;
    // Long texts are mined for selectors: not on a thread that others wait for.
    let selectors = spawn_blocking(move || selectors(&filed)).await.map_err(|_| StrideFault::Stopped)?;
    let selectors = Arc::new(selectors);
    let report = walk.report();
    walk.selectors = Some(Arc::clone(&selectors));
    Ok(Record::new(Stage::Correlated, "correlate", move |act| selector::record(act, report, &selectors)))
}

fn selectors(filed: &Filed) -> Vec<Selector> {
    let digests: Vec<String> = filed.files.iter().map(|file| seal::hex(&file.sha256)).collect();
    let known = filed.files.iter().zip(&digests);
    let known: Vec<FileKnown<'_>> =
        known.map(|(file, sha256)| FileKnown { sha256, statement: file.statement.as_ref() }).collect();
    extract(&filed.submission, &known, &filed.summary.provider)
}
