//! Cases: opened, shared inside their agency, closed for a coded reason, opened again.

use database::{FromRow, Row, Where, bind};
use domain::{CaseId, Id, MemberLevel, PersonId, ReportId, StatusReason};
use jiff::Timestamp;
use policy::{List, Permit};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::keeper::Keeper;
use crate::{Act, Event, EventKind, Refusal, Result, View, agency, column, member, text};

const INSERT: &str = "-- casefile::insert
    INSERT INTO casefile (number, agency_id, opened_by, opened_at, version, changed_at)
    VALUES (:number, :agency, :person, :now, 1, :now)";

const GET: &str = "-- casefile::get
    SELECT number, opened_by, opened_at, version, changed_at, shared_at, closed_at, closed_by, reason, reopened_at
    FROM casefile WHERE number = :number";

const OPEN: &str = "-- casefile::open
    SELECT number, opened_by, opened_at, version, changed_at, shared_at, closed_at, closed_by, reason, reopened_at
    FROM casefile WHERE agency_id = :agency AND closed_at IS NULL /*where*/
    ORDER BY changed_at DESC, number DESC LIMIT :most";

const CLOSED: &str = "-- casefile::closed
    SELECT number, opened_by, opened_at, version, changed_at, shared_at, closed_at, closed_by, reason, reopened_at
    FROM casefile WHERE agency_id = :agency AND closed_at IS NOT NULL /*where*/
    ORDER BY changed_at DESC, number DESC LIMIT :most";

const SHARED: &str = "-- casefile::shared
    SELECT number, opened_at, changed_at, closed_at, reason FROM casefile
    WHERE agency_id = :agency AND shared_at IS NOT NULL AND number > :after ORDER BY number LIMIT :most";

const REPORTS: &str = "-- casefile::reports
    SELECT report_id FROM case_report WHERE number = :number ORDER BY report_id LIMIT :most";

const WITHIN_REACH: &str = "shared_at IS NOT NULL OR EXISTS (SELECT 1 FROM case_member
    WHERE case_member.number = casefile.number AND person_id = :person AND removed_at IS NULL)";

const UPDATE: &str = "-- casefile::update
    UPDATE casefile SET version = :version WHERE number = :number AND version = :version - 1";

const SHARE: &str = "-- casefile::share
    UPDATE casefile SET shared_at = :shared_at WHERE number = :number";

const CLOSE: &str = "-- casefile::close
    UPDATE casefile SET closed_at = :now, closed_by = :person, reason = :reason WHERE number = :number";

pub(crate) const REOPEN: &str = "-- casefile::reopen
    UPDATE casefile SET closed_at = NULL, closed_by = NULL, reason = NULL, reopened_at = :now, changed_at = :now
    WHERE number = :number AND closed_at IS NOT NULL";

/// Cases that are listed.
pub const MOST_LISTED: u32 = 200;
/// Shared cases that are listed together.
pub const MOST_SHARED: u32 = 100;
/// Reports that are named of one.
pub const MOST_OF_CASE: u32 = 1_000;
/// Letters of a title.
pub const MOST_TITLE_LETTERS: usize = 200;
/// Letters of any text in a case.
pub const MOST_LETTERS: usize = 20_000;

/// What a case is about, in its agency's words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CaseWords {
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub summary: String,
}

/// A case, as somebody within its reach sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its number.
    pub number: CaseId,
    /// What it is about.
    pub words: CaseWords,
    /// Who opened it.
    pub opened_by: String,
    /// When.
    pub opened_at: Timestamp,
    /// Counts the versions of its words.
    pub version: u32,
    /// When anything in it last changed.
    pub changed_at: Timestamp,
    /// Since when everybody of the agency may read it.
    pub shared_at: Option<Timestamp>,
    /// How it was closed.
    pub closed: Option<Closing>,
    /// When it was last opened again.
    pub reopened_at: Option<Timestamp>,
}

/// How a case was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: StatusReason,
}

/// A case that everybody of its agency may read, without its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// Its number.
    pub number: CaseId,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When anything in it last changed.
    pub changed_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Why.
    pub reason: Option<StatusReason>,
    /// Its reports.
    pub reports: Vec<ReportId>,
}

/// Cases that everybody of the permit's agency may read, by number.
///
/// # Errors
/// A fault of the database.
pub fn shared(view: &View<'_>, permit: &Permit<List>, after: u64) -> Result<Vec<Shared>> {
    let after = after.min(i64::MAX.unsigned_abs());
    let asked = bind! { agency: agency(permit)?.as_str(), after, most: MOST_SHARED };
    let mut found: Vec<Shared> = view.tx().rows(SHARED, &asked)?;
    for case in &mut found {
        let rows: Vec<u64> =
            view.tx().rows(REPORTS, &bind! { number: case.number.get(), most: MOST_OF_CASE })?;
        let reports = rows.into_iter().map(ReportId::try_from).collect::<std::result::Result<_, _>>();
        case.reports = reports.map_err(|_| Refusal::NotFound)?;
    }
    Ok(found)
}

impl FromRow for Shared {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            number: column::report(row, "number")?.into(),
            opened_at: column::moment(row, "opened_at")?,
            changed_at: column::moment(row, "changed_at")?,
            closed_at: column::moment_option(row, "closed_at")?,
            reason: column::parsed_option(row, "reason")?,
            reports: Vec::new(),
        })
    }
}

/// Opens a case under a number that was taken for it. Whoever opens it leads it.
///
/// # Errors
/// [`Refusal::Unfit`] without a title or with too many letters.
pub fn open(act: &Act<'_>, keeper: &Keeper, number: CaseId, words: &CaseWords) -> Result<()> {
    let person = keeper.person()?;
    insert(act, keeper, (number, person.as_str()), words)?;
    member::put(act, number, (person, MemberLevel::Leads), "opened the case")
}

/// The same by the agency's own system: somebody of the agency leads the case, and the whole agency may read it, because a
/// system is a member of none. The caller saw that they are of the agency.
///
/// # Errors
/// As [`open`].
pub fn open_for(
    act: &Act<'_>,
    keeper: &Keeper,
    number: CaseId,
    words: &CaseWords,
    leads: &PersonId,
) -> Result<()> {
    let by = act.actor().text();
    insert(act, keeper, (number, by.as_str()), words)?;
    member::put(act, number, (leads, MemberLevel::Leads), "named by a system of the agency")?;
    act.tx().execute(SHARE, &bind! { number: number.get(), shared_at: column::micros(act.now()) })?;
    note(
        act,
        EventKind::CaseChanged,
        number,
        json!({ "everybody_reads": true, "code": "G2-ii", "leads": leads }),
    )
}

fn insert(act: &Act<'_>, keeper: &Keeper, (number, by): (CaseId, &str), words: &CaseWords) -> Result<()> {
    check(words)?;
    let agency = keeper.agency()?;
    act.new_report_key(number.key())?;
    let row = bind! {
        number: number.get(), agency: agency.as_str(), person: by, now: column::micros(act.now()),
    };
    act.tx().execute(INSERT, &row)?;
    let details = text::put(act, (number, ""), 1, words, json!({ "agency": agency }))?;
    note(act, EventKind::CaseOpened, number, details)
}

/// A case within reach. Whoever reads it is noted by [`read`].
///
/// # Errors
/// [`Refusal::NotFound`] out of reach, [`Refusal::Destroyed`] without its key.
pub fn get(view: &View<'_>, keeper: &Keeper, number: CaseId) -> Result<Case> {
    keeper.reach(view, number, MemberLevel::Reads)?;
    let found = view.tx().rows(GET, &bind! { number: number.get() })?;
    Ok(opened(view, found)?.pop().ok_or(Refusal::NotFound)?)
}

/// Notes that somebody reads a case, before they do.
///
/// # Errors
/// As [`get`].
pub fn read(act: &Act<'_>, keeper: &Keeper, number: CaseId) -> Result<()> {
    keeper.reach(act, number, MemberLevel::Reads)?;
    note(act, EventKind::CaseRead, number, json!({ "agency": keeper.agency()? }))
}

/// What the keeper may do in a case.
///
/// # Errors
/// As [`get`].
pub fn level(view: &View<'_>, keeper: &Keeper, number: CaseId) -> Result<MemberLevel> {
    Ok(keeper.reach(view, number, MemberLevel::Reads)?.level)
}

/// The cases within reach, open or closed, those that changed last first.
///
/// # Errors
/// A fault of the database, or of a key.
pub fn list(view: &View<'_>, keeper: &Keeper, closed: bool) -> Result<Vec<Case>> {
    let mut filter = Where::new();
    if !keeper.oversees() {
        filter = filter.and(WITHIN_REACH, "person", keeper.person()?.as_str());
    }
    let asked = bind! { agency: keeper.agency()?.as_str(), most: MOST_LISTED };
    let rows: Vec<Bare> = view.tx().rows_where(if closed { CLOSED } else { OPEN }, &filter, &asked)?;
    opened(view, rows)
}

/// The cases within reach that hold every one of these words, in any of their texts: whole words, the newest case first.
///
/// # Errors
/// As [`list`].
pub fn holding(view: &View<'_>, keeper: &Keeper, words: &str) -> Result<Vec<Case>> {
    let mut within = Vec::new();
    for number in text::holding(view, keeper.agency()?, words)? {
        if within.len() == MOST_LISTED as usize {
            break;
        }
        let number = CaseId::from(ReportId::try_from(number).map_err(|_| Refusal::NotFound)?);
        match get(view, keeper, number) {
            Ok(case) => within.push(case),
            Err(error) if error.refusal().is_some() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(within)
}

/// Writes the words of a case anew, as somebody saw them.
///
/// # Errors
/// As [`get`]; [`Refusal::Conflict`] when somebody else wrote them since, [`Refusal::Closed`], [`Refusal::Unfit`].
pub fn rewrite(act: &Act<'_>, keeper: &Keeper, seen: (CaseId, u32), words: &CaseWords) -> Result<()> {
    check(words)?;
    let (number, version) = seen;
    if keeper.write(act, number, MemberLevel::Works)?.version != version {
        return Err(Refusal::Conflict.into());
    }
    act.tx().execute(UPDATE, &bind! { number: number.get(), version: version + 1 })?;
    let details = text::put(act, (number, ""), version + 1, words, json!({ "version": version + 1 }))?;
    note(act, EventKind::CaseChanged, number, details)
}

/// Lets everybody of the agency read a case, or only its members again.
///
/// # Errors
/// As [`rewrite`]; [`Refusal::NotAllowed`] for whoever does not lead it.
pub fn share(act: &Act<'_>, keeper: &Keeper, number: CaseId, everybody: bool) -> Result<()> {
    keeper.write(act, number, MemberLevel::Leads)?;
    let shared_at = everybody.then(|| column::micros(act.now()));
    act.tx().execute(SHARE, &bind! { number: number.get(), shared_at })?;
    note(act, EventKind::CaseChanged, number, json!({ "everybody_reads": everybody, "code": "G2-ii" }))
}

/// Closes a case for a coded reason. Its standing query goes on.
///
/// # Errors
/// As [`share`]; [`Refusal::Unfit`] for a reason for which nothing is closed.
pub fn close(act: &Act<'_>, keeper: &Keeper, number: CaseId, reason: StatusReason) -> Result<()> {
    keeper.write(act, number, MemberLevel::Leads)?;
    if !reason.is_of(domain::Status::Closed) {
        return Err(Refusal::Unfit { what: "reason" }.into());
    }
    let row = bind! {
        number: number.get(), now: column::micros(act.now()), person: keeper.person()?.as_str(),
        reason: reason.as_str(),
    };
    act.tx().execute(CLOSE, &row)?;
    note(act, EventKind::CaseClosed, number, json!({ "reason": reason }))
}

/// Opens a closed case again.
///
/// # Errors
/// As [`get`]; [`Refusal::NotAllowed`] for whoever may only read, [`Refusal::Conflict`] for one that is open.
pub fn reopen(act: &Act<'_>, keeper: &Keeper, number: CaseId) -> Result<()> {
    keeper.reach(act, number, MemberLevel::Works)?;
    let row = bind! { number: number.get(), now: column::micros(act.now()) };
    if act.tx().execute(REOPEN, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    note(act, EventKind::CaseReopened, number, json!({ "by": "hand" }))
}

/// Tells the ledger of something in a case; no word of it.
pub(crate) fn note(act: &Act<'_>, kind: EventKind, number: CaseId, details: serde_json::Value) -> Result<()> {
    act.note(Event::of_house(kind).to(format!("case-{number}")).with(details))?;
    Ok(())
}

fn check(words: &CaseWords) -> Result<()> {
    let title = words.title.trim().chars().count();
    let fits = (1..=MOST_TITLE_LETTERS).contains(&title) && words.summary.chars().count() <= MOST_LETTERS;
    if fits { Ok(()) } else { Err(Refusal::Unfit { what: "title or summary" }.into()) }
}

/// A case without its words.
struct Bare(Case);

fn opened(view: &View<'_>, bare: Vec<Bare>) -> Result<Vec<Case>> {
    let asked: Vec<_> = bare.iter().map(|Bare(case)| ((case.number, ""), case.version)).collect();
    let words = text::get_all(view, &asked)?;
    Ok(bare.into_iter().zip(words).map(|(Bare(case), words)| Case { words, ..case }).collect())
}

impl FromRow for Bare {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let (closed_at, closed_by) = (column::moment_option(row, "closed_at")?, row.get("closed_by")?);
        let closed = match (closed_at, closed_by, column::parsed_option(row, "reason")?) {
            (Some(at), Some(by), Some(reason)) => Some(Closing { at, by, reason }),
            _ => None,
        };
        Ok(Self(Case {
            number: column::report(row, "number")?.into(),
            words: CaseWords::default(),
            opened_by: row.get("opened_by")?,
            opened_at: column::moment(row, "opened_at")?,
            version: row.get("version")?,
            changed_at: column::moment(row, "changed_at")?,
            shared_at: column::moment_option(row, "shared_at")?,
            closed,
            reopened_at: column::moment_option(row, "reopened_at")?,
        }))
    }
}
