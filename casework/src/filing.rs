//! Reports in cases, and the standing query: what identifies somebody in a case's reports, asked of every report that
//! the agency gets later. It outlives the closing of the case, and a report that it meets opens the case again.

use std::collections::{BTreeMap, BTreeSet};

use database::{Args, FromRow, Row, bind};
use domain::{AgencyId, CaseId, Id, MemberLevel, ReportId, SelectorKind, Status};
use jiff::Timestamp;
use serde_json::json;

use crate::casefile::{REOPEN, note};
use crate::keeper::Keeper;
use crate::{Act, EventKind, Refusal, Result, View, column, turn};

const HELD: &str = "-- filing::held
    SELECT 1 FROM standing WHERE agency_id = :agency AND report_id = :report";

const INSERT: &str = "-- filing::insert
    INSERT INTO case_report (number, report_id, added_by, added_at) VALUES (:number, :report, :by, :now)
    ON CONFLICT (number, report_id) DO NOTHING";

const WATCH: &str = "-- filing::watch
    INSERT INTO case_selector (digest, agency_id, number, report_id) VALUES (:digest, :agency, :number, :report)
    ON CONFLICT DO NOTHING";

const REMOVE: &str = "-- filing::remove
    DELETE FROM case_report WHERE number = :number AND report_id = :report";

const FORGET: &str = "-- filing::forget
    DELETE FROM case_selector WHERE number = :number AND report_id = :report";

const OF_CASE: &str = "-- filing::of_case
    SELECT case_report.report_id, added_by, added_at, status, incident_type, received_at, files,
        (SELECT code FROM outcome WHERE outcome.report_id = case_report.report_id
            AND outcome.agency_id = standing.agency_id AND superseded_at IS NULL) AS code
    FROM case_report JOIN standing ON standing.report_id = case_report.report_id AND standing.agency_id = :agency
    WHERE number = :number ORDER BY added_at, case_report.report_id LIMIT :most";

const CASES_OF: &str = "-- filing::cases_of
    SELECT casefile.number FROM case_report JOIN casefile ON casefile.number = case_report.number
    WHERE case_report.report_id = :report AND agency_id = :agency ORDER BY casefile.number LIMIT :most";

const SELECTORS: &str = "-- filing::selectors
    SELECT digest, kind FROM selector WHERE report_id = :report ORDER BY digest LIMIT :most";

const WATCHING: &str = "-- filing::watching
    SELECT agency_id, number FROM case_selector WHERE digest = :digest
    AND EXISTS (SELECT 1 FROM standing WHERE standing.agency_id = case_selector.agency_id
        AND standing.report_id = :report)
    ORDER BY agency_id, number LIMIT :most";

const SHARING: &str = "-- filing::sharing
    SELECT sharing.report_id FROM (
        SELECT report_id FROM selector WHERE digest = :digest AND report_id <> :report
        ORDER BY digest DESC, report_id DESC LIMIT :most
    ) AS sharing JOIN standing ON standing.agency_id = :agency AND standing.report_id = sharing.report_id
    ORDER BY sharing.report_id DESC";

const HIT: &str = "-- filing::hit
    INSERT INTO case_hit (number, report_id, shared, found_at, reopened)
    SELECT :number, :report, :shared, :now, 0 WHERE NOT EXISTS (
        SELECT 1 FROM case_report WHERE number = :number AND report_id = :report)
    ON CONFLICT (number, report_id) DO NOTHING";

const HIT_REOPENED: &str = "-- filing::hit_reopened
    UPDATE case_hit SET reopened = 1 WHERE number = :number AND report_id = :report";

const HITS: &str = "-- filing::hits
    SELECT case_hit.report_id, shared, found_at, reopened, incident_type, received_at
    FROM case_hit JOIN standing ON standing.report_id = case_hit.report_id AND standing.agency_id = :agency
    WHERE number = :number AND settled_at IS NULL ORDER BY found_at DESC, case_hit.report_id DESC LIMIT :most";

const SETTLE: &str = "-- filing::settle
    UPDATE case_hit SET settled_by = :by, settled_at = :now, taken = :taken
    WHERE number = :number AND report_id = :report AND settled_at IS NULL";

/// Reports of one case.
pub const MOST_REPORTS: u32 = 2_000;
/// Selectors of one report that are asked about.
const MOST_SELECTORS: u32 = 1_000;
/// Cases, or reports, that one selector leads to: what everybody shares tells nothing.
const MOST_SHARING: u32 = 100;
/// Hits that are listed.
const MOST_HITS: u32 = 200;

pub(crate) type Digest = [u8; 16];

/// A report of a case; nothing private stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// Which.
    pub report: ReportId,
    /// Who took it in, as the ledger writes them.
    pub added_by: String,
    /// When.
    pub added_at: Timestamp,
    /// How far the agency is with it.
    pub status: Status,
    /// Key of its incident type.
    pub incident_type: String,
    /// When its sender finished it.
    pub received_at: Timestamp,
    /// Files in it.
    pub files: u32,
    /// What came of it.
    pub outcome: Option<domain::Outcome>,
}

/// A report that the standing query met and nobody has decided on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Which.
    pub report: ReportId,
    /// How many selectors it shares with the case.
    pub shared: u32,
    /// When it was found.
    pub found_at: Timestamp,
    /// Whether it opened the case again.
    pub reopened: bool,
    /// Key of its incident type.
    pub incident_type: String,
    /// When its sender finished it.
    pub received_at: Timestamp,
}

/// Takes a report into a case. What identifies somebody in it is asked of every later report, and of those that the
/// agency has already.
///
/// # Errors
/// [`Refusal::NotFound`] out of reach and for a report that the agency does not have, [`Refusal::NotAllowed`],
/// [`Refusal::Closed`], [`Refusal::Conflict`] for one that is in it, [`Refusal::Unfit`] for too many.
pub fn add(act: &Act<'_>, keeper: &Keeper, number: CaseId, report: ReportId) -> Result<()> {
    keeper.write(act, number, MemberLevel::Works)?;
    let agency = keeper.agency()?;
    let held = bind! { agency: agency.as_str(), report: report.get() };
    act.tx().find::<i64>(HELD, &held)?.ok_or(Refusal::NotFound)?;
    if of_case(act, keeper, number)?.len() >= MOST_REPORTS as usize {
        return Err(Refusal::Unfit { what: "number of reports" }.into());
    }
    let row = bind! {
        number: number.get(), report: report.get(), by: act.actor().text(), now: column::micros(act.now()),
    };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    settle(act, number, report, true)?;
    let selectors = telling(act, report)?;
    turn::alone(act, &selectors)?;
    let watch = |digest: &Digest| {
        bind! { digest, agency: agency.as_str(), number: number.get(), report: report.get() }
    };
    act.tx().many(WATCH, &selectors.iter().map(watch).collect::<Vec<_>>())?;
    look_back(act, agency, (number, report), &selectors)?;
    note(act, EventKind::CaseFiled, number, json!({ "report": report, "taken": true }))
}

/// Takes a report out of a case; what identified somebody in it is asked no more.
///
/// # Errors
/// As [`add`]; [`Refusal::NotFound`] for one that is not in it.
pub fn remove(act: &Act<'_>, keeper: &Keeper, number: CaseId, report: ReportId) -> Result<()> {
    keeper.write(act, number, MemberLevel::Works)?;
    let row = bind! { number: number.get(), report: report.get() };
    act.tx().execute(FORGET, &row)?;
    if act.tx().execute(REMOVE, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    note(act, EventKind::CaseFiled, number, json!({ "report": report, "taken": false }))
}

/// Leaves a report that the standing query met outside the case.
///
/// # Errors
/// As [`add`]; [`Refusal::NotFound`] for none that waits.
pub fn leave(act: &Act<'_>, keeper: &Keeper, number: CaseId, report: ReportId) -> Result<()> {
    keeper.write(act, number, MemberLevel::Works)?;
    if settle(act, number, report, false)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    note(act, EventKind::CaseFiled, number, json!({ "report": report, "taken": false, "met": true }))
}

/// The reports of a case, in the order in which they were taken in.
///
/// # Errors
/// As [`crate::casefile::get`].
pub fn of_case(view: &View<'_>, keeper: &Keeper, number: CaseId) -> Result<Vec<Filed>> {
    keeper.reach(view, number, MemberLevel::Reads)?;
    let asked = bind! { agency: keeper.agency()?.as_str(), number: number.get(), most: MOST_REPORTS };
    Ok(view.tx().rows(OF_CASE, &asked)?)
}

/// What the standing query met and nobody has decided on.
///
/// # Errors
/// As [`of_case`].
pub fn hits(view: &View<'_>, keeper: &Keeper, number: CaseId) -> Result<Vec<Hit>> {
    keeper.reach(view, number, MemberLevel::Reads)?;
    let asked = bind! { agency: keeper.agency()?.as_str(), number: number.get(), most: MOST_HITS };
    Ok(view.tx().rows(HITS, &asked)?)
}

/// The cases within reach that a report is in.
///
/// # Errors
/// A fault of the database.
pub fn cases_of(view: &View<'_>, keeper: &Keeper, report: ReportId) -> Result<Vec<CaseId>> {
    let asked = bind! { agency: keeper.agency()?.as_str(), report: report.get(), most: MOST_SHARING };
    let numbers: Vec<u64> = view.tx().rows(CASES_OF, &asked)?;
    let mut within = Vec::new();
    for number in numbers {
        let case = CaseId::from(ReportId::try_from(number).map_err(|_| Refusal::NotFound)?);
        if keeper.reach(view, case, MemberLevel::Reads).is_ok() {
            within.push(case);
        }
    }
    Ok(within)
}

/// Says that [`arrived`] will be called in this act, in its turn, and answers by what the report is found.
pub(crate) fn foresee(act: &Act<'_>, report: ReportId) -> Result<Vec<Digest>> {
    act.tx().ahead(&[(SELECTORS, selectors(report))])?;
    let digests = telling(act, report)?;
    turn::foresee(act, &digests)?;
    act.tx().ahead(&digests.iter().map(|digest| watching(report, *digest)).collect::<Vec<_>>())?;
    Ok(digests)
}

fn selectors(report: ReportId) -> Args {
    bind! { report: report.get(), most: MOST_SELECTORS }
}

fn watching(report: ReportId, digest: Digest) -> (&'static str, Args) {
    (WATCHING, bind! { digest, report: report.get(), most: MOST_SHARING })
}

/// Asks every standing query about a report that agencies were just given, and opens closed cases that it meets.
/// Asked twice it does nothing twice.
///
/// # Errors
/// A fault of the database.
pub fn arrived(act: &Act<'_>, report: ReportId) -> Result<()> {
    let mut met: BTreeMap<u64, u32> = BTreeMap::new();
    let asked: Vec<_> = telling(act, report)?.into_iter().map(|digest| watching(report, digest)).collect();
    for cases in act.tx().rows_all::<(String, u64)>(&asked)? {
        let numbers: BTreeSet<u64> = cases.into_iter().map(|(_, number)| number).collect();
        numbers.into_iter().for_each(|number| *met.entry(number).or_default() += 1);
    }
    for (number, shared) in met {
        let case = CaseId::from(ReportId::try_from(number).map_err(|_| Refusal::NotFound)?);
        if !hit(act, (case, report), shared)? {
            continue;
        }
        let reopened = act.tx().execute(REOPEN, &bind! { number, now: column::micros(act.now()) })? > 0;
        note(act, EventKind::CaseMet, case, json!({ "report": report, "shared": shared }))?;
        if reopened {
            act.tx().execute(HIT_REOPENED, &bind! { number, report: report.get() })?;
            note(act, EventKind::CaseReopened, case, json!({ "by": "standing query", "report": report }))?;
        }
    }
    Ok(())
}

/// What names somebody in a report: the digests by which others are asked about it.
pub(crate) fn telling(view: &View<'_>, report: ReportId) -> Result<Vec<Digest>> {
    let rows: Vec<Told> = view.tx().rows(SELECTORS, &selectors(report))?;
    Ok(rows.into_iter().filter(|told| told.kind.names_somebody()).map(|told| told.digest).collect())
}

/// Reports that the agency has already and that share something with one that was just taken in.
fn look_back(
    act: &Act<'_>,
    agency: &AgencyId,
    (number, report): (CaseId, ReportId),
    selectors: &[Digest],
) -> Result<()> {
    let mut found: BTreeMap<u64, u32> = BTreeMap::new();
    let agency = agency.as_str();
    let ask = |digest: &Digest| (SHARING, bind! { digest, agency, report: report.get(), most: MOST_SHARING });
    let asked: Vec<_> = selectors.iter().map(ask).collect();
    for others in act.tx().rows_all::<u64>(&asked)? {
        others.into_iter().for_each(|other| *found.entry(other).or_default() += 1);
    }
    for (other, shared) in found {
        let other = ReportId::try_from(other).map_err(|_| Refusal::NotFound)?;
        hit(act, (number, other), shared)?;
    }
    Ok(())
}

/// Records a hit once; false for a report that is in the case or was met before.
fn hit(act: &Act<'_>, (number, report): (CaseId, ReportId), shared: u32) -> Result<bool> {
    let now = column::micros(act.now());
    let row = bind! { number: number.get(), report: report.get(), shared, now };
    Ok(act.tx().execute(HIT, &row)? > 0)
}

fn settle(act: &Act<'_>, number: CaseId, report: ReportId, taken: bool) -> Result<u64> {
    let row = bind! {
        number: number.get(), report: report.get(), by: act.actor().text(), now: column::micros(act.now()),
        taken: i64::from(taken),
    };
    Ok(act.tx().execute(SETTLE, &row)?)
}

struct Told {
    digest: Digest,
    kind: SelectorKind,
}

impl FromRow for Told {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self { digest: row.get("digest")?, kind: column::parsed(row, "kind")? })
    }
}

impl FromRow for Filed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            report: column::report(row, "report_id")?,
            added_by: row.get("added_by")?,
            added_at: column::moment(row, "added_at")?,
            status: column::parsed(row, "status")?,
            incident_type: row.get("incident_type")?,
            received_at: column::moment(row, "received_at")?,
            files: row.get("files")?,
            outcome: column::parsed_option(row, "code")?,
        })
    }
}

impl FromRow for Hit {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            report: column::report(row, "report_id")?,
            shared: row.get("shared")?,
            found_at: column::moment(row, "found_at")?,
            reopened: row.get::<i64>("reopened")? == 1,
            incident_type: row.get("incident_type")?,
            received_at: column::moment(row, "received_at")?,
        })
    }
}
