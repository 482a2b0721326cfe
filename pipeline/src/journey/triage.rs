//! Correlated to triaged: links to the reports that share a selector, our advisory priority with every reason, and how
//! much of what is needed the report holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Actor, Purpose, ReportId, Selector, SelectorKind, Stage};
use policy::{Permit, Read, access, triage as judge};
use store::View;
use store::quality::{self as good, Judged};
use store::selector::{self, Link};
use store::triage::{self, TriageRecord};

use super::{StrideFault, Walk, move_on};
use crate::{facts, places, quality};

pub(super) async fn run(walk: &mut Walk) -> Result<Stage, StrideFault> {
    let Compared { selectors, links, earlier } = compared(walk).await?;
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
        selector::link(act, report, &links)?;
        good::record(act, report, &judged, rules.quality().all())?;
        triage::record(act, report, &record)
    });
    recorded.await?;
    walk.priority = Some(priority);
    Ok(Stage::Triaged)
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
        let related = selector::related(view, &permit, report)?;
        let earlier = related.iter().filter(|other| other.report < report).count();
        Ok(Compared { links: links(view, &permit, report, &selectors)?, selectors, earlier })
    });
    Ok(read.await?)
}

/// Links to other reports, counted kind by kind.
fn links(
    view: &View<'_>,
    permit: &Permit<Read>,
    report: ReportId,
    selectors: &[Selector],
) -> store::Result<Vec<Link>> {
    let mut by_kind: BTreeMap<SelectorKind, Vec<Selector>> = BTreeMap::new();
    for selector in selectors {
        by_kind.entry(selector.kind).or_default().push(selector.clone());
    }
    let mut links = Vec::new();
    for (kind, selectors) in by_kind {
        let related = selector::sharing(view, permit, report, &selectors)?;
        links.extend(related.into_iter().map(|other| Link {
            other: other.report,
            kind,
            shared: other.shared,
        }));
    }
    Ok(links)
}
