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

use domain::{Finding, Priority, ReportId, Selector, Stage, Submission};
use geo::Atlas;
use jiff::SignedDuration;
use policy::{RuleFault, RuleSet, access};
use store::evidence::{self, File};
use store::route::RouteRecord;
use store::work::{self, Lease};
use store::{Act, House, View, finding, report};

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

impl StrideFault {
    /// Whether the vault is away or full: no report's own failure, and it passes. A report is not given up for it.
    pub(crate) fn is_of_the_vault(&self) -> bool {
        matches!(self, Self::Store(store::Error::Fault(store::Fault::Depot(fault))) if fault.is_passing())
    }
}

/// One worker's way with one report. What a stride read or recorded is carried to the next, so that only the first
/// stride after taking the lease reads its report; a worker that takes over finds the same in the rows. What is carried
/// cannot go stale: a finished report does not change, and a stride records nothing once the lease is another's.
pub(crate) struct Walk {
    pub house: House,
    pub tools: Tools,
    pub lease: Lease,
    at: Stage,
    filed: Option<Arc<Filed>>,
    findings: Option<Arc<Vec<Finding>>>,
    selectors: Option<Arc<Vec<Selector>>>,
    priority: Option<Priority>,
    routed: Option<RouteRecord>,
}

/// Takes a report one stage on. Every stage has its line; a new stage does not compile until it has one.
async fn stride(walk: &mut Walk, at: Stage) -> Result<Stage, StrideFault> {
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
    /// Finds where the report stands and, if it has a way to go, what was submitted.
    pub async fn begin(house: &House, tools: &Tools, lease: &Lease) -> Result<Self, StrideFault> {
        let report = lease.report;
        let read = house.read("journey::begin", move |view| {
            let summary = report::get(view, &access::pipeline_read(), report)?;
            let at = summary.stage;
            let filed = if at.is_moving() { Some(Arc::new(Filed::read(view, summary)?)) } else { None };
            Ok((at, filed))
        });
        let (at, filed) = read.await?;
        let (house, tools, lease) = (house.clone(), tools.clone(), lease.clone());
        Ok(Self {
            house,
            tools,
            lease,
            at,
            filed,
            findings: None,
            selectors: None,
            priority: None,
            routed: None,
        })
    }

    /// Where the report stands.
    pub const fn at(&self) -> Stage {
        self.at
    }

    /// Takes the report one stage on and answers where it stands now.
    ///
    /// # Errors
    /// [`StrideFault`]; nothing was recorded then.
    pub async fn step(&mut self) -> Result<Stage, StrideFault> {
        self.at = stride(self, self.at).await?;
        Ok(self.at)
    }

    fn report(&self) -> ReportId {
        self.lease.report
    }

    /// The report as submitted.
    fn filed(&self) -> Result<Arc<Filed>, StrideFault> {
        self.filed.clone().ok_or(StrideFault::Missing("finished"))
    }

    /// What the tables said, once the report is enriched.
    async fn findings(&mut self) -> Result<Arc<Vec<Finding>>, StrideFault> {
        if let Some(carried) = &self.findings {
            return Ok(Arc::clone(carried));
        }
        let (permit, report) = (access::pipeline_read(), self.report());
        let read =
            self.house.read("journey::findings", move |view| finding::of_report(view, &permit, report));
        let findings = Arc::new(read.await?);
        self.findings = Some(Arc::clone(&findings));
        Ok(findings)
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
    fn read(view: &View<'_>, summary: report::Summary) -> store::Result<Self> {
        let (permit, report) = (access::pipeline_read(), summary.report);
        let submission = report::submission(view, &permit, report)?;
        let files = evidence::files(view, &permit, report)?;
        Ok(Self { summary, submission, files })
    }

    /// The instant by which rules and lists are in force.
    fn at(&self) -> jiff::Timestamp {
        self.summary.finished_at.unwrap_or(self.summary.opened_at)
    }

    fn statements(&self) -> impl Iterator<Item = &domain::FileStatement> {
        self.files.iter().filter_map(|file| file.statement.as_ref())
    }
}
