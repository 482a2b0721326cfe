//! What came of a report, as an agency says by a code. The clearinghouse sees the codes, and a sender sees counts of them
//! in which no small number stands.

use std::collections::BTreeMap;

use database::{FromRow, Row, bind};
use domain::{AgencyId, Id, Outcome, ProviderId, ReportId};
use jiff::Timestamp;
use policy::permit::Work;
use policy::{List, Permit, Scope};
use serde_json::json;

use crate::standing::{self, Change};
use crate::{Act, EventKind, Refusal, Result, View, agency, column};

const SUPERSEDE: &str = "-- outcome::supersede
    UPDATE outcome SET superseded_at = :now
    WHERE report_id = :report AND agency_id = :agency AND superseded_at IS NULL";

const INSERT: &str = "-- outcome::insert
    INSERT INTO outcome (agency_id, report_id, position, code, provider_id, recorded_by, recorded_at)
    SELECT agency_id, report_id,
        (SELECT COUNT(*) + 1 FROM outcome WHERE outcome.report_id = :report AND outcome.agency_id = :agency),
        :code, provider_id, :by, :now
    FROM standing WHERE agency_id = :agency AND report_id = :report";

const OF_REPORT: &str = "-- outcome::of_report
    SELECT outcome.agency_id, agency.name AS agency_name, position, code, recorded_by, recorded_at, superseded_at
    FROM outcome JOIN agency ON agency.id = outcome.agency_id
    WHERE report_id = :report AND (:agency = '' OR outcome.agency_id = :agency)
    ORDER BY recorded_at, outcome.agency_id, position LIMIT :most";

const COUNTS: &str = "-- outcome::counts
    SELECT code, COUNT(*) FROM outcome WHERE provider_id = :provider AND superseded_at IS NULL GROUP BY code";

/// Outcomes of one report that are listed.
pub const MOST_LISTED: u32 = 500;
/// Fewer than this is not told, and no count finer than this.
pub const SMALLEST_CELL: u64 = 10;

/// An outcome of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Whose.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Who recorded it, as the ledger writes them; the clearinghouse does not see it.
    pub recorded_by: Option<String>,
    /// When.
    pub recorded_at: Timestamp,
    /// Since when another one of the same agency counts.
    pub superseded_at: Option<Timestamp>,
}

/// How often an outcome came of a sender's reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// So few that a number could point to one case.
    Few,
    /// This many or a few more: rounded down, so that no single case moves it visibly.
    AtLeast(u64),
}

impl Count {
    /// The number, where one may be told.
    #[must_use]
    pub const fn at_least(self) -> Option<u64> {
        match self {
            Self::Few => None,
            Self::AtLeast(number) => Some(number),
        }
    }

    /// A number as it may be told.
    #[must_use]
    pub const fn of(number: u64) -> Self {
        if number < SMALLEST_CELL { Self::Few } else { Self::AtLeast(number - number % SMALLEST_CELL) }
    }
}

/// Records what came of a report and closes it for the agency. An outcome is a fact: it stands whatever became of the
/// report meanwhile, and a later one takes its place without erasing it. Only the closing names the version that
/// somebody saw; where the report was changed since, it stays as it is, and `false` is answered.
///
/// # Errors
/// [`Refusal::NotFound`] for a report that the agency does not have.
pub fn record(
    act: &Act<'_>,
    permit: &Permit<Work>,
    (report, version): (ReportId, u32),
    outcome: Outcome,
) -> Result<bool> {
    let own = agency(permit)?;
    let found = standing::get(act, permit, report)?;
    let row = bind! { agency: own.as_str(), report: report.get(), now: column::micros(act.now()) };
    act.tx().execute(SUPERSEDE, &row)?;
    let row = row.with("code", outcome.as_str()).with("by", act.actor().text());
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let details = json!({ "agency": own, "outcome": outcome, "report": report });
    act.note(standing::about(act, EventKind::OutcomeRecorded, report).with(details))?;
    let closed = (domain::Status::Closed, Some(outcome.closes_as()));
    if found.version != version {
        return Ok(false);
    }
    if (found.said.status, found.said.reason) != closed {
        let what = Change { status: Some(closed), ..Change::default() };
        standing::change(act, permit, (report, version), &what, None)?;
    }
    Ok(true)
}

/// The outcomes of a report: an agency sees its own with who recorded them, the house the codes of all.
///
/// # Errors
/// [`Refusal::NotFound`] for a provider, and for a report that the agency does not have.
pub fn of_report(view: &View<'_>, permit: &Permit<List>, report: ReportId) -> Result<Vec<Recorded>> {
    let own = match permit.scope() {
        Scope::Agency(agency) => {
            standing::get(view, permit, report)?;
            agency.as_str()
        }
        Scope::House => "",
        Scope::Provider(_) => return Err(Refusal::NotFound.into()),
    };
    let asked = bind! { report: report.get(), agency: own, most: MOST_LISTED };
    let mut rows: Vec<Recorded> = view.tx().rows(OF_REPORT, &asked)?;
    if own.is_empty() {
        rows.iter_mut().for_each(|row| row.recorded_by = None);
    }
    Ok(rows)
}

/// How often each outcome came of what a provider sent; neither which agency said so, nor of which report.
///
/// # Errors
/// [`Refusal::NotFound`] for a permit that is not a provider's.
pub fn counts(view: &View<'_>, permit: &Permit<List>) -> Result<BTreeMap<Outcome, Count>> {
    let Scope::Provider(provider) = permit.scope() else { return Err(Refusal::NotFound.into()) };
    counted(view, provider)
}

fn counted(view: &View<'_>, provider: &ProviderId) -> Result<BTreeMap<Outcome, Count>> {
    let rows: Vec<(String, u64)> = view.tx().rows(COUNTS, &bind! { provider: provider.as_str() })?;
    let of = |outcome: &Outcome| {
        let found = rows.iter().find(|(code, _)| code == outcome.as_str());
        (*outcome, Count::of(found.map_or(0, |(_, number)| *number)))
    };
    Ok(Outcome::ALL.iter().map(of).collect())
}

impl FromRow for Recorded {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            agency: column::parsed(row, "agency_id")?,
            agency_name: row.get("agency_name")?,
            outcome: column::parsed(row, "code")?,
            recorded_by: row.get("recorded_by")?,
            recorded_at: column::moment(row, "recorded_at")?,
            superseded_at: column::moment_option(row, "superseded_at")?,
        })
    }
}
