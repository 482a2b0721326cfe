//! A report of which an agency says that it is not its own. It goes to the next agency that the rules name, or to whoever
//! referred it; where nobody is left, or it came back too often, somebody at the desk says where it goes. Until another
//! agency has it, it is where it was.

use database::{FromRow, Row, Where, bind};
use domain::{AgencyId, CameBack, Id, NotOurs, Priority, ReportId, ReturnState, Status};
use house::sealed::{self, Cell};
use jiff::Timestamp;
use policy::Permit;
use policy::permit::{Route, Transfer};
use serde_json::json;

use crate::news::{self, Back};
use crate::transfer::{self, MOST_LETTERS};
use crate::way_out::Parting;
use crate::{Act, EventKind, Refusal, Result, View, column, desk, holder, standing};
use casework::standing::{Ranked, Standing};

const LAST: &str = "-- given_back::last
    SELECT COALESCE(MAX(number), 0) FROM report_return WHERE report_id = :report AND agency_id = :agency";

const INSERT: &str = "-- given_back::insert
    INSERT INTO report_return (report_id, agency_id, number, reason, sealed_words, urgency, said_by, said_at, state,
        went_to, version)
    VALUES (:report, :agency, :number, :reason, :words, :urgency, :by, :now, :state, :to, 1)";

const BY: &str = "-- given_back::by
    SELECT agency_id FROM report_return WHERE report_id = :report ORDER BY said_at, agency_id, number LIMIT :most";

const LIST: &str = "-- given_back::list
    SELECT report_return.report_id, report_return.agency_id, agency.name AS agency_name, number, report_return.reason,
        report_return.urgency, said_by, said_at, report_return.state, went_to, decided_by, decided_at, report_return.version,
        sealed_words, sealed_answer, incident_type
    FROM report_return
    JOIN standing ON standing.agency_id = report_return.agency_id AND standing.report_id = report_return.report_id
    JOIN agency ON agency.id = report_return.agency_id
    WHERE number > 0 /*where*/ ORDER BY report_return.urgency DESC, said_at, report_return.report_id LIMIT :most";

const RECENT: &str = "-- given_back::recent
    SELECT report_return.report_id, report_return.agency_id, agency.name AS agency_name, number, report_return.reason,
        report_return.urgency, said_by, said_at, report_return.state, went_to, decided_by, decided_at, report_return.version,
        sealed_words, sealed_answer, incident_type
    FROM report_return
    JOIN standing ON standing.agency_id = report_return.agency_id AND standing.report_id = report_return.report_id
    JOIN agency ON agency.id = report_return.agency_id
    WHERE report_return.state <> 'at-desk' ORDER BY said_at DESC, report_return.report_id LIMIT :most";

const AT_DESK: &str = "report_return.state = 'at-desk'";
const OF_AGENCY: &str = "report_return.agency_id = :agency AND report_return.report_id = :report";
const ONE: &str = "number = :number";

const WAITING: &str = "-- given_back::waiting
    SELECT COUNT(*) FROM report_return WHERE state = 'at-desk'";

const LOCK: &str = "-- given_back::lock
    SELECT version FROM report_return
    WHERE report_id = :report AND agency_id = :agency AND number = :number {for_update}";

const LEFT_WITH: &str = "-- given_back::left_with
    SELECT standing.report_id FROM standing JOIN report ON report.id = standing.report_id
    WHERE standing.agency_id = :agency AND standing.status <> 'closed' AND report.stage <> 'destroyed'
        AND NOT EXISTS (SELECT 1 FROM report_return WHERE report_return.report_id = standing.report_id
            AND report_return.agency_id = standing.agency_id AND report_return.state = 'at-desk')
    ORDER BY standing.rank DESC, standing.received_at, standing.report_id LIMIT :most";

const LEFT_BEHIND: &str = "-- given_back::left_behind
    SELECT id, name, (SELECT COUNT(*) FROM (SELECT 1 FROM standing
            JOIN report ON report.id = standing.report_id WHERE standing.agency_id = agency.id
            AND standing.status <> 'closed' AND report.stage <> 'destroyed'
            AND NOT EXISTS (SELECT 1 FROM report_return WHERE report_return.report_id = standing.report_id
                AND report_return.agency_id = standing.agency_id AND report_return.state = 'at-desk')
            LIMIT :most) AS held) AS held
    FROM agency WHERE disabled_at IS NOT NULL OR qualifying_fact IS NULL OR qualified_until <= :now ORDER BY id";

const DECIDE: &str = "-- given_back::decide
    UPDATE report_return SET state = :state, went_to = :to, decided_by = :by, decided_at = :now, sealed_answer = :answer,
        version = version + 1
    WHERE report_id = :report AND agency_id = :agency AND number = :number AND state = 'at-desk'";

/// Rows of one list.
const MOST_LISTED: u32 = 500;
/// Reports that are sent on together.
pub const MOST_TOGETHER: u32 = 100;
/// Reports of an agency that are counted.
pub const MOST_COUNTED: u32 = 1_000;
/// So often a report goes on by itself; then somebody looks.
pub const MOST_TIMES: usize = 3;
/// The rule under which a delivery stands that follows a return, and one that the desk makes.
const NEXT: &str = "given-back";
const BY_HAND: (&str, &str) =
    ("by-hand", "The clearinghouse sent it on after another agency said that it is not its own.");

/// An agency that the rules name for a report, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The agency.
    pub agency: AgencyId,
    /// Why, for the reader.
    pub says: String,
    /// The rule set.
    pub rule_set: String,
}

/// A return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenBack {
    /// The report.
    pub report: ReportId,
    /// Who said that it is not theirs.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: String,
    /// Counts that agency's returns of that report.
    pub number: u32,
    /// Why.
    pub reason: NotOurs,
    /// With which priority.
    pub priority: Priority,
    /// Who said so, as the ledger writes them; only their own agency sees it.
    pub said_by: Option<String>,
    /// When.
    pub said_at: Timestamp,
    /// What became of it.
    pub state: ReturnState,
    /// The agency that has it instead.
    pub went_to: Option<AgencyId>,
    /// When the desk decided.
    pub decided_at: Option<Timestamp>,
    /// Counts the changes.
    pub version: u32,
    /// Words of the agency; nothing once the report was destroyed.
    pub words: Option<String>,
    /// Words of the desk.
    pub answer: Option<String>,
    /// Key of the report's incident type.
    pub incident_type: String,
}

/// A report that somebody says is not theirs.
#[derive(Debug, Clone)]
pub struct NewReturn {
    /// The report.
    pub report: ReportId,
    /// The version of its standing that somebody saw.
    pub version: u32,
    /// Why.
    pub reason: NotOurs,
    /// Words to the clearinghouse.
    pub words: String,
}

/// Gives a report back, as somebody saw it, to the first of `next` that holds it or may get it. Answers which agency has it
/// instead; `None` when it waits for the desk, and stays where it is until then.
///
/// # Errors
/// [`Refusal::NotFound`] for a report that the agency does not have, [`Refusal::Conflict`] when somebody changed it since,
/// offered it to another agency, or gave it back already; [`Refusal::Closed`] once another agency holds it;
/// [`Refusal::Unfit`] for words that are too long.
pub fn give_back(
    act: &Act<'_>,
    permit: &Permit<Transfer>,
    new: &NewReturn,
    next: &[Next],
) -> Result<Option<AgencyId>> {
    let own = crate::agency(permit)?;
    let found = standing::locked(act, own, new.report)?;
    let waits = holder::waits(act, new.report, own)?;
    if found.version != new.version || waits || transfer::open_of(act, own, new.report)?.is_some() {
        return Err(Refusal::Conflict.into());
    }
    if new.words.chars().count() > MOST_LETTERS {
        return Err(Refusal::Unfit { what: "words" }.into());
    }
    moved(act, own, &found, (new.reason, &new.words), next)
}

/// Reports that an agency holds which may not receive any more, the most urgent first, without those that wait for the desk
/// or were destroyed.
///
/// # Errors
/// A fault of the database.
pub fn left_with(view: &View<'_>, _permit: &Permit<Route>, agency: &AgencyId) -> Result<Vec<ReportId>> {
    let asked = bind! { agency: agency.as_str(), most: MOST_TOGETHER };
    let numbers: Vec<u64> = view.tx().rows(LEFT_WITH, &asked)?;
    Ok(numbers.into_iter().filter_map(|number| number.try_into().ok()).collect())
}

/// Agencies that may not receive any more and still hold reports, with how many: at most [`MOST_COUNTED`] are counted, and
/// none that was destroyed or waits for the desk already.
///
/// # Errors
/// A fault of the database.
pub fn left_behind(view: &View<'_>, _permit: &Permit<Route>) -> Result<Vec<(AgencyId, String, u32)>> {
    let asked = bind! { now: column::micros(view.now()), most: MOST_COUNTED };
    let rows: Vec<(String, String, u32)> = view.tx().rows(LEFT_BEHIND, &asked)?;
    let held = rows.into_iter().filter(|(_, _, held)| *held > 0);
    Ok(held.filter_map(|(id, name, held)| Some((AgencyId::parse(&id).ok()?, name, held))).collect())
}

/// Sends on what an agency holds that may not receive any more, as if it had said of each report that it is not its own.
/// Answers how many went on; the others wait for the desk one by one.
///
/// # Errors
/// [`Refusal::Conflict`] for an agency that may receive, and when nothing was left to send on.
pub fn send_on(
    act: &Act<'_>,
    _permit: &Permit<Route>,
    agency: &AgencyId,
    reports: &[(ReportId, Vec<Next>)],
) -> Result<usize> {
    if store::agency::is_live(act, agency)? {
        return Err(Refusal::Conflict.into());
    }
    let (mut looked_at, mut went_on) = (0, 0);
    for (report, next) in reports {
        let Some(found) = standing::locked_if_there(act, agency, *report)? else { continue };
        let waits = holder::waits(act, *report, agency)?;
        if waits || !found.said.status.is_open() || holder::of(act, *report, agency)? != *agency {
            continue;
        }
        // One that was destroyed meanwhile keeps none of the others here.
        if is_gone(act, *report)? {
            continue;
        }
        transfer::withdraw_open(act, agency, *report)?;
        looked_at += 1;
        went_on += usize::from(moved(act, agency, &found, (NotOurs::Revoked, ""), next)?.is_some());
        desk::decided(act, *report)?;
    }
    if looked_at == 0 { Err(Refusal::Conflict.into()) } else { Ok(went_on) }
}

/// Whether nothing of a report can be opened, nor sealed, any more.
fn is_gone(act: &Act<'_>, report: ReportId) -> Result<bool> {
    Ok(transfer::kept(act.report_key(report))?.is_none())
}

/// A report leaves an agency whose standing is locked, for whoever has it instead or for the desk.
fn moved(
    act: &Act<'_>,
    own: &AgencyId,
    found: &Standing,
    (reason, words): (NotOurs, &str),
    next: &[Next],
) -> Result<Option<AgencyId>> {
    let report = found.report;
    holder::must_hold(act, report, own)?;
    let (to, had_it) =
        goes_to(act, own, report, next)?.map_or((None, false), |(to, had_it)| (Some(to), had_it));
    let number = act.tx().get::<u32>(LAST, &bind! { report: report.get(), agency: own.as_str() })? + 1;
    // The desk answers for both words, the agency's and ours, and goes by the more urgent one.
    let priority =
        if found.priority().rank() > found.advised.rank() { found.priority() } else { found.advised };
    let state = if to.is_some() { ReturnState::WentOn } else { ReturnState::AtDesk };
    let place = row(own, number);
    let row = bind! {
        report: report.get(), agency: own.as_str(), number, reason: reason.as_str(),
        words: sealed::json(act, cell(report, &place, WORDS), words)?, urgency: priority.rank(),
        by: act.actor().text(), now: column::micros(act.now()), state: state.as_str(), to: to.as_ref().map(Id::as_str),
    };
    act.tx().execute(INSERT, &row)?;
    match &to {
        Some(to) => {
            holder::hand_on(act, report, own, to)?;
            holder::let_go(act, own, report)?;
        }
        None if found.said.status.is_open() => {
            standing::follow(act, own, found, holder::WAITING)?;
            desk::waits(act, report, priority)?;
        }
        None => desk::waits(act, report, priority)?,
    }
    let details = json!({ "agency": own, "reason": reason, "report": report, "went_to": to });
    let leaf = act.note(standing::about(act, EventKind::ReportReturned, report).with(details))?;
    if let Some(agency) = to.as_ref().filter(|_| had_it) {
        news::came_back(act, leaf, Back { report, agency, how: CameBack::GivenBack })?;
    }
    Ok(to)
}

/// Who has it instead, and whether they had it before: whoever referred it and holds it still; else the first agency that
/// the rules name, never one that gave it back or handed it on itself, or that is done with it. Nobody, once it went on by
/// itself too often.
fn goes_to(
    act: &Act<'_>,
    own: &AgencyId,
    report: ReportId,
    next: &[Next],
) -> Result<Option<(AgencyId, bool)>> {
    if let Some(first) = transfer::referred_by(act, own, report)? {
        let holds = holder::of(act, report, &first)?;
        if holds != *own && works(act, &holds, report)? == Some(true) {
            return Ok(Some((holds, true)));
        }
    }
    let before: Vec<String> = act.tx().rows(BY, &bind! { report: report.get(), most: MOST_LISTED })?;
    if before.len() >= MOST_TIMES {
        return Ok(None);
    }
    for one in next {
        let is_out = one.agency == *own || before.iter().any(|id| id == one.agency.as_str());
        if is_out || holder::of(act, report, &one.agency)? != one.agency {
            continue;
        }
        let parting = Parting {
            report,
            agency: &one.agency,
            rule: NEXT,
            says: &one.says,
            rule_set: &one.rule_set,
            place: None,
        };
        match works(act, &one.agency, report)? {
            Some(true) => return Ok(Some((one.agency.clone(), true))),
            Some(false) => {}
            None if holder::give(act, &parting)?.is_some() => return Ok(Some((one.agency.clone(), false))),
            None => {}
        }
    }
    Ok(None)
}

/// Whether an agency that may receive still works the report; `None` where it never had it.
fn works(act: &Act<'_>, agency: &AgencyId, report: ReportId) -> Result<Option<bool>> {
    let found = standing::locked_if_there(act, agency, report)?;
    let live = store::agency::is_live(act, agency)?;
    Ok(found.map(|found| live && found.said.status.is_open()))
}

/// What waits for the desk, the most urgent first.
///
/// # Errors
/// A fault of the database.
pub fn at_desk(view: &View<'_>, _permit: &Permit<Route>) -> Result<Vec<GivenBack>> {
    listed(view, Where::new().and_when(true, AT_DESK), None)
}

/// How many wait for the desk.
///
/// # Errors
/// A fault of the database.
pub fn waiting(view: &View<'_>, _permit: &Permit<Route>) -> Result<u32> {
    Ok(view.tx().get(WAITING, &bind! {})?)
}

/// What went on or was decided, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn recent(view: &View<'_>, _permit: &Permit<Route>) -> Result<Vec<GivenBack>> {
    let rows: Vec<Sealed> = view.tx().rows(RECENT, &bind! { most: MOST_LISTED })?;
    rows.into_iter().map(|row| row.opened(view, None)).collect()
}

/// How often the permit's agency gave a report back, and what became of it.
///
/// # Errors
/// A fault of the database.
pub fn of_report(view: &View<'_>, permit: &Permit<Transfer>, report: ReportId) -> Result<Vec<GivenBack>> {
    let own = crate::agency(permit)?;
    let of = Where::new().and(OF_AGENCY, "report", report.get());
    listed(view, of, Some(own))
}

/// Which return: the report, the agency, and which of its returns.
pub type Which<'a> = (ReportId, &'a AgencyId, u32);

/// One return.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(view: &View<'_>, _permit: &Permit<Route>, which: Which<'_>) -> Result<GivenBack> {
    one(view, which)
}

fn one(view: &View<'_>, (report, agency, number): Which<'_>) -> Result<GivenBack> {
    let of = Where::new().and(OF_AGENCY, "report", report.get()).and(ONE, "number", number);
    let asked = bind! { agency: agency.as_str(), most: MOST_LISTED };
    let rows: Vec<Sealed> = view.tx().rows_where(LIST, &of, &asked)?;
    rows.into_iter().next().ok_or(Refusal::NotFound)?.opened(view, None)
}

fn listed(view: &View<'_>, filter: Where, own: Option<&AgencyId>) -> Result<Vec<GivenBack>> {
    let asked = bind! { most: MOST_LISTED };
    let asked = match own {
        Some(own) => asked.with("agency", own.as_str()),
        None => asked,
    };
    let rows: Vec<Sealed> = view.tx().rows_where(LIST, &filter, &asked)?;
    rows.into_iter().map(|row| row.opened(view, own)).collect()
}

/// Somebody of the clearinghouse says where it goes: to another agency, or nowhere. The report is where it was until another
/// agency has it. One that stays waits there no longer for another agency, unless its people moved it on meanwhile. One that
/// was destroyed stays as it is, and there is no key that would keep the reason.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Closed`] once it was decided, and to another agency once that agency does not hold it
/// itself; [`Refusal::Conflict`] when somebody decided since, [`Refusal::NotQualified`] for an agency that may not receive,
/// [`Refusal::Unfit`] without a reason and for the agency that gave it back, [`Refusal::Destroyed`] to another agency.
pub fn decide(
    act: &Act<'_>,
    _permit: &Permit<Route>,
    (which, version): (Which<'_>, u32),
    to: Option<&AgencyId>,
    words: &str,
) -> Result<()> {
    let (report, agency, number) = which;
    let place = row(agency, number);
    let asked = bind! { report: report.get(), agency: agency.as_str(), number };
    act.tx().find::<u32>(LOCK, &asked)?.ok_or(Refusal::NotFound)?;
    let found = one(act, which)?;
    if found.version != version {
        return Err(Refusal::Conflict.into());
    }
    if found.state != ReturnState::AtDesk {
        return Err(Refusal::Closed.into());
    }
    if !(1..=MOST_LETTERS).contains(&words.trim().chars().count()) || to == Some(agency) {
        return Err(Refusal::Unfit { what: "decision" }.into());
    }
    let before = standing::locked(act, agency, report)?;
    let gone = is_gone(act, report)?;
    let mut back = (!gone && to.is_none()).then_some((agency, CameBack::Stays));
    match to {
        Some(_) if gone => return Err(Refusal::Destroyed.into()),
        Some(to) => back = send(act, report, (agency, to))?.then_some((to, CameBack::Again)),
        None if !gone && (before.said.status, before.said.reason) == holder::WAITING => {
            standing::follow(act, agency, &before, (Status::New, None))?;
            casework::arrived_again(act, agency, report)?;
        }
        None => {}
    }
    let answer = (!gone).then(|| sealed::json(act, cell(report, &place, ANSWER), words.trim()));
    let state = if to.is_some() { ReturnState::SentOn } else { ReturnState::Stays };
    let row = asked
        .with("state", state.as_str())
        .with("to", to.map(Id::as_str))
        .with("by", act.actor().text())
        .with("now", column::micros(act.now()))
        .with("answer", answer.transpose()?);
    if act.tx().execute(DECIDE, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    desk::decided(act, report)?;
    let details = json!({ "agency": agency, "report": report, "went_to": to });
    let leaf = act.note(standing::about(act, EventKind::ReturnDecided, report).with(details))?;
    back.map_or(Ok(()), |(agency, how)| news::came_back(act, leaf, Back { report, agency, how }))
}

/// From the agency that gave it back, and holds it still, to another one by hand. Answers whether that one had it before.
fn send(act: &Act<'_>, report: ReportId, (agency, to): (&AgencyId, &AgencyId)) -> Result<bool> {
    holder::must_hold(act, report, agency)?;
    let (rule, says) = BY_HAND;
    let parting = Parting { report, agency: to, rule, says, rule_set: "none", place: None };
    let given = holder::give(act, &parting)?.ok_or(Refusal::NotQualified)?;
    transfer::withdraw_open(act, agency, report)?;
    holder::hand_on(act, report, agency, to)?;
    holder::let_go(act, agency, report)?;
    Ok(given.delivery.is_none())
}

const WORDS: &str = "sealed_words";
const ANSWER: &str = "sealed_answer";

fn row(agency: &AgencyId, number: u32) -> String {
    format!("{agency}/{number}")
}

fn cell<'a>(report: ReportId, row: &'a str, column: &'static str) -> Cell<'a> {
    Cell { report, table: "report_return", row, column }
}

/// A row before its words are opened.
struct Sealed {
    given_back: GivenBack,
    words: Vec<u8>,
    answer: Option<Vec<u8>>,
}

impl Sealed {
    fn opened(self, view: &View<'_>, own: Option<&AgencyId>) -> Result<GivenBack> {
        let Self { mut given_back, words, answer } = self;
        let (report, place) = (given_back.report, row(&given_back.agency, given_back.number));
        given_back.words = transfer::kept(sealed::open_json(view, cell(report, &place, WORDS), &words))?;
        let answer = answer.map(|sealed| sealed::open_json(view, cell(report, &place, ANSWER), &sealed));
        given_back.answer = answer.map(transfer::kept).transpose()?.flatten();
        if own != Some(&given_back.agency) {
            given_back.said_by = None;
        }
        Ok(given_back)
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let given_back = GivenBack {
            report: column::report(row, "report_id")?,
            agency: column::parsed(row, "agency_id")?,
            agency_name: row.get("agency_name")?,
            number: row.get("number")?,
            reason: column::parsed(row, "reason")?,
            priority: row.get::<Ranked>("urgency")?.0,
            said_by: row.get("said_by")?,
            said_at: column::moment(row, "said_at")?,
            state: column::parsed(row, "state")?,
            went_to: column::parsed_option(row, "went_to")?,
            decided_at: column::moment_option(row, "decided_at")?,
            version: row.get("version")?,
            words: None,
            answer: None,
            incident_type: row.get("incident_type")?,
        };
        Ok(Self { given_back, words: row.get("sealed_words")?, answer: row.get("sealed_answer")? })
    }
}
