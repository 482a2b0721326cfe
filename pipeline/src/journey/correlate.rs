//! Enriched to correlated: what identifies somebody or something, in normal form, and which reports share it.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Actor, Purpose, Selector, SelectorKind, Stage};
use policy::access;
use store::selector::{self, Link};
use tokio::task::spawn_blocking;

use super::{Filed, StrideFault, Walk, move_on};
use crate::selectors::{FileKnown, extract};

pub(super) async fn run(walk: &mut Walk) -> Result<Stage, StrideFault> {
    let filed = walk.filed()?;
    // Long texts are mined for selectors: not on a thread that others wait for.
    let selectors = spawn_blocking(move || selectors(&filed)).await.map_err(|_| StrideFault::Stopped)?;
    let selectors = Arc::new(selectors);
    let links = links(walk, Arc::clone(&selectors)).await?;
    let (lease, found) = (walk.lease.clone(), Arc::clone(&selectors));
    let recorded = walk.house.act(Actor::House, Purpose::Pipeline, "correlate", move |act| {
        move_on(act, &lease, Stage::Enriched, Stage::Correlated)?;
        selector::record(act, lease.report, &found)?;
        selector::link(act, lease.report, &links)
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

/// Links to other reports, counted kind by kind. Of two reports that walk at once, whichever is correlated last sees
/// the other, be its number higher or lower.
async fn links(walk: &Walk, selectors: Arc<Vec<Selector>>) -> Result<Vec<Link>, StrideFault> {
    let (permit, report) = (access::pipeline_read(), walk.report());
    let found = walk.house.read("correlate::links", move |view| {
        let mut by_kind: BTreeMap<SelectorKind, Vec<Selector>> = BTreeMap::new();
        for selector in selectors.iter() {
            by_kind.entry(selector.kind).or_default().push(selector.clone());
        }
        let mut links = Vec::new();
        for (kind, selectors) in by_kind {
            let related = selector::sharing(view, &permit, report, &selectors)?;
            links.extend(related.into_iter().map(|other| Link {
                other: other.report,
                kind,
                shared: other.shared,
            }));
        }
        Ok(links)
    });
    Ok(found.await?)
}
