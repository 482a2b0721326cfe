//! Each stage of a report with its stride. A stride reads, then performs without a transaction, then records stage,
//! rows, leaf and next work in one act, or none of them. A stride that is repeated after a crash finds the stage moved
//! and does nothing twice.

mod correlate;
mod disclose;
mod enrich;
mod retain;
mod route;
mod sealing;
mod triage;

use std::sync::Arc;

use domain::{Finding, ReportId, Stage, Submission};
use geo::Atlas;
use jiff::SignedDuration;
use policy::{RuleFault, RuleSet, access};
use store::evidence::{self, File};
use store::work::{self, Lease};
use store::{Act, House, finding, report};
use tokio::sync::OnceCell;

/// How long a worker holds a report after each stride before another may take it.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_secs(20);

/// What strides work with besides the house: dated tables and rules.
#[derive(Clone)]
pub struct Tools {
    /// The tables that look-ups ask.
    pub atlas: Atlas,
    /// The rules that judge.
    pub rules: Arc<RuleSet>,
}

/// Why a stride did not come to its end. The work is tried again, and given up visibly in the end.
#[derive(Debug, thiserror::Error)]
pub enum StrideFault {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The rules say nothing where they must.
    #[error(transparent)]
    Rules(#[from] RuleFault),
    /// No agency that counts could receive the report: somebody must look.
    #[error("no agency that counts could receive the report")]
    NoRecipient,
    /// A stage was asked for that the report has not come to.
    #[error("the report has not been {0}")]
    Missing(&'static str),
    /// A thread that computed for a stride ended early.
    #[error("a stride's own thread ended early")]
    Stopped,
}

/// One worker's way with one report. What was submitted is read once: nothing of a finished report changes any more.
pub(crate) struct Walk {
    pub house: House,
    pub tools: Tools,
    pub lease: Lease,
    filed: OnceCell<Arc<Filed>>,
    findings: OnceCell<Arc<Vec<Finding>>>,
}

/// Takes a report one stage on. Every stage has its line; a new stage does not compile until it has one.
///
/// # Errors
/// [`StrideFault`]; nothing was recorded then.
pub(crate) async fn stride(walk: &Walk, at: Stage) -> Result<Stage, StrideFault> {
    match at {
        Stage::Finished => sealing::run(walk).await,
        Stage::Sealed => enrich::run(walk).await,
        Stage::Enriched => correlate::run(walk).await,
        Stage::Correlated => triage::run(walk).await,
        Stage::Triaged => route::run(walk).await,
        Stage::Routed => disclose::run(walk).await,
        Stage::Available => retain::run(walk).await,
        Stage::Open | Stage::Retained | Stage::Destroyed | Stage::Retracted | Stage::Expired => Ok(at),
    }
}

impl Walk {
    pub fn new(house: &House, tools: &Tools, lease: &Lease) -> Self {
        let (house, tools, lease) = (house.clone(), tools.clone(), lease.clone());
        Self { house, tools, lease, filed: OnceCell::new(), findings: OnceCell::new() }
    }

    fn report(&self) -> ReportId {
        self.lease.report
    }

    /// The report as submitted.
    async fn filed(&self) -> Result<Arc<Filed>, StrideFault> {
        let report = self.report();
        let read = self.filed.get_or_try_init(|| async {
            let permit = access::pipeline_read();
            let filed = self.house.read("journey::filed", move |view| {
                Ok(Filed {
                    summary: report::get(view, &permit, report)?,
                    submission: report::submission(view, &permit, report)?,
                    files: evidence::files(view, &permit, report)?,
                })
            });
            Ok::<_, StrideFault>(Arc::new(filed.await?))
        });
        Ok(Arc::clone(read.await?))
    }

    /// What the tables said, once the report is enriched.
    async fn findings(&self) -> Result<Arc<Vec<Finding>>, StrideFault> {
        let report = self.report();
        let read = self.findings.get_or_try_init(|| async {
            let permit = access::pipeline_read();
            let findings =
                self.house.read("journey::findings", move |view| finding::of_report(view, &permit, report));
            Ok::<_, StrideFault>(Arc::new(findings.await?))
        });
        Ok(Arc::clone(read.await?))
    }
}

/// Moves a report one stage on and holds on to it for longer, or neither: a worker whose lease ran out records
/// nothing, because another one may be on its way with the report.
fn move_on(act: &Act<'_>, lease: &Lease, from: Stage, to: Stage) -> store::Result<()> {
    report::move_on(act, lease.report, from, to)?;
    work::renew(act, lease, LEASE)?;
    Ok(())
}

/// What several strides read: the report as submitted.
pub(crate) struct Filed {
    summary: report::Summary,
    submission: Submission,
    files: Vec<File>,
}

impl Filed {
    /// The instant by which rules and lists are in force.
    fn at(&self) -> jiff::Timestamp {
        self.summary.finished_at.unwrap_or(self.summary.opened_at)
    }

    fn statements(&self) -> impl Iterator<Item = &domain::FileStatement> {
        self.files.iter().filter_map(|file| file.statement.as_ref())
    }
}
