//! Each stage of a report with its stride. A stride reads, then performs without a transaction, and says what is to be
//! recorded: stage, rows, leaf and next work, in one act with the strides before and after it, or none of them. A stride
//! that is repeated after a crash finds the stage moved and does nothing twice.

mod correlate;
mod disclose;
mod enrich;
mod record;
mod retain;
mod route;
mod sealing;
mod triage;

use std::sync::Arc;

use domain::{Finding, Priority, ReportId, Selector, Stage, Submission};
use geo::Atlas;
use jiff::SignedDuration;
use policy::{RuleFault, access};
use store::evidence::{self, File};
use store::route::RouteRecord;
use store::work::Lease;
use store::{House, View, finding, report};

use record::Record;

/// How long a worker holds a report after each act before another may take it.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_secs(20);
/// Strides that took longer than this are recorded before the next one.
const TOGETHER: SignedDuration = SignedDuration::from_secs(2);

/// What strides work with besides the house and the rules in force: dated tables.
#[derive(Clone)]
pub struct Tools {
    /// The tables that look-ups ask.
    pub atlas: Atlas,
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

/// The stride of a stage that has a way to go. Every stage has its line; a new stage does not compile until it has one.
async fn stride(walk: &mut Walk, at: Stage) -> Result<Record, StrideFault> {
    match at {
        Stage::Finished => sealing::run(walk).await,
        Stage::Sealed => enrich::run(walk).await,
        Stage::Enriched => correlate::run(walk).await,
        Stage::Correlated => triage::run(walk).await,
        Stage::Triaged => route::run(walk).await,
        Stage::Routed => disclose::run(walk).await,
        Stage::Available => retain::run(walk).await,
        Stage::Open | Stage::Retained | Stage::Destroyed | Stage::Retracted | Stage::Expired => {
            Err(StrideFault::Missing("finished"))
        }
    }
}

impl Walk {
    /// Finds where the report stands and, if it has a way to go, what was submitted.
    pub async fn begin(house: &House, tools: &Tools, lease: &Lease) -> Result<Self, StrideFault> {
        let report = lease.report;
        let read = house.read("journey::begin", move |view| {
            report::foresee(view, report)?;
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
        if self.at.is_moving() {
            let record = stride(self, self.at).await?;
            self.keep(vec![record]).await?;
        }
        Ok(self.at)
    }

    /// Takes the report as far on as can be recorded in one act, and answers where it stands now.
    ///
    /// # Errors
    /// [`StrideFault`]; what came before the stride that failed was recorded.
    pub async fn stretch(&mut self) -> Result<Stage, StrideFault> {
        let (began, mut at, mut records) = (self.house.now(), self.at, Vec::new());
        let failed = loop {
            match stride(self, at).await {
                Ok(record) => records.push(record),
                Err(fault) => break Some(fault),
            }
            at = records.last().map_or(at, |record| record.to);
            let took = self.house.now().duration_since(began);
            if !at.is_moving() || is_to_be_seen(at) || took > TOGETHER {
                break None;
            }
        };
        if !records.is_empty() {
            self.keep(records).await?;
        }
        failed.map_or(Ok(self.at), Err)
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

/// Whether others must see that a report has come here before it goes on. Of two reports that walk at once, whichever asks
/// last sees the other: who shares its selectors is asked once they are committed, and which agencies hold related reports
/// once its deliveries are.
const fn is_to_be_seen(at: Stage) -> bool {
    matches!(at, Stage::Correlated | Stage::Available)
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
