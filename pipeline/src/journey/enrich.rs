//! Sealed to enriched: addresses and postcodes looked up in dated tables. No network is asked.

use std::sync::Arc;

use domain::{Finding, Stage};
use store::finding;

use super::{Record, StrideFault, Walk};
use crate::enrichers::{Subjects, look_up};

pub(super) async fn run(walk: &mut Walk) -> Result<Record, StrideFault> {
    let filed = walk.filed()?;
    let subjects = Subjects::of(&filed.submission, filed.statements());
    let findings = Arc::new(in_order(look_up(&subjects, &walk.tools.atlas)));
    let report = walk.report();
    walk.findings = Some(Arc::clone(&findings));
    let recorded = Record::new(Stage::Enriched, "enrich", move |act| finding::record(act, report, &findings));
    Ok(recorded.foreseeing(move |act| finding::foresee(act, report)))
}

/// Table by table, as the rows hold them: whoever reads them back judges them in the same order.
fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|one, other| table(one).cmp(&table(other)));
    findings
}

fn table(of: &Finding) -> (&str, &str, &str) {
    (&of.enricher, &of.table, &of.as_of)
}
