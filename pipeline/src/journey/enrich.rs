//! Sealed to enriched: addresses and postcodes looked up in dated tables. No network is asked.

use std::sync::Arc;

use domain::{Actor, Finding, Purpose, Stage};
use store::finding;

use super::{StrideFault, Walk, move_on};
use crate::enrichers::{Subjects, look_up};

pub(super) async fn run(walk: &mut Walk) -> Result<Stage, StrideFault> {
    let filed = walk.filed()?;
    let subjects = Subjects::of(&filed.submission, filed.statements());
    let findings = Arc::new(in_order(look_up(&subjects, &walk.tools.atlas)));
    let (lease, found) = (walk.lease.clone(), Arc::clone(&findings));
    let recorded = walk.house.act(Actor::House, Purpose::Pipeline, "enrich", move |act| {
        move_on(act, &lease, Stage::Sealed, Stage::Enriched)?;
        finding::record(act, lease.report, &found)
    });
    recorded.await?;
    walk.findings = Some(findings);
    Ok(Stage::Enriched)
}

/// Table by table, as the rows hold them: whoever reads them back judges them in the same order.
fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|one, other| table(one).cmp(&table(other)));
    findings
}

fn table(of: &Finding) -> (&str, &str, &str) {
    (&of.enricher, &of.table, &of.as_of)
}
