//! Correlated to triaged: our advisory priority, with every reason, and how much of what is needed the report holds.

use std::sync::Arc;

use domain::{Actor, Purpose, Selector, Stage};
use policy::{access, triage as judge};
use store::quality::{self as good, Judged};
use store::selector;
use store::triage::{self, TriageRecord};

use super::{StrideFault, Walk, move_on};
use crate::{facts, places, quality};

pub(super) async fn run(walk: &mut Walk) -> Result<Stage, StrideFault> {
    let (selectors, earlier) = compared(walk).await?;
    let (filed, findings, report) = (walk.filed()?, walk.findings().await?, walk.report());
    let evidence = places::evidence(&filed.submission, filed.statements(), &findings);
    let said: Vec<facts::Said<'_>> = filed.files.iter().map(|file| file.statement.as_ref()).collect();
    let facts = facts::triage(filed.at(), &filed.submission, &said, &selectors, &evidence, earlier);
    let verdict = judge::decide(&facts, walk.tools.rules.triage());
    let judged = Judged {
        provider: filed.summary.provider.clone(),
        finished_at: filed.at(),
        quality: quality::of(filed.at(), &filed.submission, &said, &walk.tools.rules),
    };
    let rules = Arc::clone(&walk.tools.rules);
    let record = TriageRecord { facts, verdict, rule_set: walk.tools.rules.id().to_string() };
    let (lease, priority) = (walk.lease.clone(), record.verdict.priority);
    let recorded = walk.house.act(Actor::House, Purpose::Pipeline, "triage", move |act| {
        move_on(act, &lease, Stage::Correlated, Stage::Triaged)?;
        good::record(act, report, &judged, rules.quality().all())?;
        triage::record(act, report, &record)
    });
    recorded.await?;
    walk.priority = Some(priority);
    Ok(Stage::Triaged)
}

/// What identifies somebody or something in the report, and how many earlier reports share it. These are always
/// counted anew: of reports that came together, some were recorded only after this one looked for its links.
async fn compared(walk: &mut Walk) -> Result<(Arc<Vec<Selector>>, usize), StrideFault> {
    let (permit, report, carried) = (access::pipeline_read(), walk.report(), walk.selectors.take());
    let read = walk.house.read("triage::read", move |view| {
        let selectors = match &carried {
            Some(carried) => Arc::clone(carried),
            None => Arc::new(selector::of_report(view, &permit, report)?),
        };
        let related = selector::related(view, &permit, report)?;
        Ok((selectors, related.iter().filter(|other| other.report < report).count()))
    });
    Ok(read.await?)
}
