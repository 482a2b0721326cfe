//! Correlated to triaged: links to the reports that share a selector, our advisory priority with every reason, and how
//! much of what is needed the report holds.

use std::sync::Arc;

use domain::{Selector, Stage};
use policy::{RuleSet, access, triage as judge};
use store::quality::{self as good, Judged};
use store::selector::{self, Link};
use store::triage::{self, TriageRecord};

use super::{Record, StrideFault, Walk};
use crate::{facts, places, quality};

pub(super) async fn run(walk: &mut Walk) -> Result<Record, StrideFault> {
    let Compared { selectors, links, earlier } = compared(walk).await?;
    let (filed, findings, report) = (walk.filed()?, walk.findings().await?, walk.report());
    let evidence = places::evidence(&filed.submission, filed.statements(), &findings);
    let said: Vec<facts::Said<'_>> = filed.files.iter().map(|file| file.statement.as_ref()).collect();
    let facts = facts::triage(filed.at(), &filed.submission, &said, &selectors, &evidence, earlier);
    let rules = RuleSet::in_force();
    let verdict = judge::decide(&facts, rules.triage());
    let judged = Judged {
        provider: filed.summary.provider.clone(),
        finished_at: filed.at(),
        quality: quality::of(filed.at(), &filed.submission, &said, rules),
    };
    let record = TriageRecord { facts, verdict, rule_set: rules.id().to_string() };
    let priority = record.verdict.priority;
    walk.priority = Some(priority);
    let recorded = Record::new(Stage::Triaged, "triage", move |act| {
        selector::link(act, report, &links)?;
        triage::record(act, report, &record)
    });
    let rule_set = judged.quality.rule_set.clone();
    let recorded = recorded.giving(priority).foreseeing(move |act| {
        triage::foresee(act, report)?;
        good::foresee(act, report, &rule_set)
    });
    // Other reports of the same sender are counted in the same rows.
    Ok(recorded.and_last(move |act| good::record(act, report, &judged, rules.quality().all())))
}

/// What a report is held against.
struct Compared {
    selectors: Arc<Vec<Selector>>,
    links: Vec<Link>,
    /// How many earlier reports are related.
    earlier: usize,
}

/// What identifies somebody or something in the report, and which others share it. It is asked once the report's own
/// selectors are committed: of two reports that walk at once, whichever asks last sees the other, be its number higher
/// or lower.
async fn compared(walk: &mut Walk) -> Result<Compared, StrideFault> {
    let (permit, report, carried) = (access::pipeline_read(), walk.report(), walk.selectors.take());
    let read = walk.house.read("triage::read", move |view| {
        let selectors = match &carried {
            Some(carried) => Arc::clone(carried),
            None => Arc::new(selector::of_report(view, &permit, report)?),
        };
        let (related, links) = selector::compared(view, &permit, report, &selectors)?;
        let earlier = related.iter().filter(|other| other.report < report).count();
        Ok(Compared { links, selectors, earlier })
    });
    Ok(read.await?)
}
