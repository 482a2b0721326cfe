//! A report that one agency hands on to another: instead of itself, once the other one said yes, or beside itself. Until
//! then it is where it was. Each step names the version that it was made from, and leaves a record.

mod ordered;
mod steps;

use database::{FromRow, Row, Where, bind};
use domain::{
    AgencyId, CameBack, DeclineReason, DeliveryId, Id, Priority, RedisclosureCode, ReportId, TransferKind,
    TransferReason, TransferState, answer_within,
};
use house::sealed::{self, Cell};
use jiff::Timestamp;
use policy::Permit;
use policy::permit::Transfer as Transfers;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::agency;

use crate::news::{self, Back};
use crate::way_out::Parting;
use crate::{Act, Event, EventKind, Refusal, Result, View, column, holder, standing};
use casework::standing::Ranked;
pub use ordered::ordered;
pub use steps::{MOST_STEPS, Step, find, steps};

const INSERT: &str = "-- transfer::insert_offer
    INSERT INTO agency_transfer (id, report_id, from_agency, to_agency, kind, code, reason, sealed_words, state, urgency,
        offered_by, offered_at, due_at, decided_by, decided_at, delivery_id, version)
    VALUES (:id, :report, :agency, :to, :kind, :code, :reason, :words, :state, :urgency, :by, :now, :due_at, :decided_by,
        :decided_at, :delivery, 1)";

const OPEN: &str = "-- transfer::open
    SELECT id FROM agency_transfer WHERE report_id = :report AND from_agency = :agency AND state = 'offered'";

const LIST: &str = "-- transfer::list
    SELECT id, agency_transfer.report_id, from_agency, to_agency, kind, code, agency_transfer.reason, state,
        agency_transfer.urgency, offered_by, offered_at, agency_transfer.due_at, decided_by, decided_at, decline,
        delivery_id, agency_transfer.version, sealed_words, sealed_answer, incident_type, received_at, files
    FROM agency_transfer
    JOIN standing ON standing.agency_id = from_agency AND standing.report_id = agency_transfer.report_id
    WHERE (from_agency = :agency OR to_agency = :agency) /*where*/ ORDER BY offered_at DESC, id LIMIT :most";

const INCOMING: &str = "to_agency = :agency";
const OUTGOING: &str = "from_agency = :agency";
const OF_REPORT: &str = "agency_transfer.report_id = :report";
const ONE: &str = "id = :id";

const LOCK: &str = "-- transfer::lock
    SELECT id, report_id, from_agency, to_agency, state, due_at, version, code FROM agency_transfer
    WHERE id = :id AND (:agency = '' OR from_agency = :agency OR to_agency = :agency) {for_update}";

const DECIDE: &str = "-- transfer::decide
    UPDATE agency_transfer SET state = :state, decided_by = :by, decided_at = :now, decline = :decline,
        sealed_answer = :answer, delivery_id = :delivery, version = version + 1
    WHERE id = :id AND state = 'offered'";

const OVER: &str = "-- transfer::over
    SELECT id FROM agency_transfer WHERE state = 'offered' AND due_at <= :now ORDER BY due_at, id LIMIT :most";

const REFERRED_BY: &str = "-- transfer::referred_by
    SELECT from_agency FROM agency_transfer
    WHERE report_id = :report AND to_agency = :agency AND kind = 'referral' AND state = 'accepted'
    ORDER BY offered_at DESC, id LIMIT 1";

/// Rows of one list.
pub const MOST_LISTED: u32 = 500;
/// Letters of one answer.
pub const MOST_LETTERS: usize = 2_000;
/// Letters of what is on record for an exception, all of it together.
pub const MOST_ON_RECORD: usize = 10_000;
/// Conditions of one order.
pub const MOST_CONDITIONS: usize = 50;
/// The rules under which deliveries stand that agencies make happen.
const TRANSFERRED: (&str, &str) = ("agency-transfer", "Another agency handed it on, and this one took it.");
const REFERRED: (&str, &str) = ("agency-referral", "Another agency, which has it too, referred it.");

/// What is on record for the exception by which an agency passes a report on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "on", rename_all = "kebab-case")]
pub enum OnRecord {
    /// G2-iii: an attorney for the government found it necessary.
    FoundNecessary {
        /// The attorney.
        attorney: String,
        /// When.
        at: Timestamp,
    },
    /// G2-iv: the report shows an offence of a State.
    StateOffence {
        /// The State, as `US-MN`.
        state: String,
        /// The offence.
        offence: String,
    },
    /// G2-vii: a court ordered it.
    CourtOrder {
        /// Court and number.
        order: String,
        /// What the court wants kept; shown to everybody who looks later.
        conditions: Vec<String>,
    },
}

/// The words of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// What is on record for the exception.
    pub on: OnRecord,
    /// Words to the other agency.
    pub note: String,
}

impl Words {
    /// Whether each text is within its bound.
    fn fit(&self) -> bool {
        let letters = |text: &String| text.chars().count();
        let on = match &self.on {
            OnRecord::FoundNecessary { attorney, at: _ } => letters(attorney),
            OnRecord::StateOffence { state, offence } => letters(state) + letters(offence),
            OnRecord::CourtOrder { conditions, .. } if conditions.len() > MOST_CONDITIONS => return false,
            OnRecord::CourtOrder { order, conditions } => {
                letters(order) + conditions.iter().map(letters).sum::<usize>()
            }
        };
        letters(&self.note) <= MOST_LETTERS && on <= MOST_ON_RECORD
    }
}

/// A report that is to be handed on.
#[derive(Debug, Clone)]
pub struct NewTransfer {
    /// The report.
    pub report: ReportId,
    /// The version of its standing that somebody saw.
    pub version: u32,
    /// To whom.
    pub to: AgencyId,
    /// Whether the agency keeps it too.
    pub kind: TransferKind,
    /// The exception, as policy decided.
    pub code: RedisclosureCode,
    /// Why.
    pub reason: TransferReason,
    /// What is on record, and words.
    pub words: Words,
}

/// A report on its way from one agency to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Its name.
    pub id: String,
    /// The report.
    pub report: ReportId,
    /// Who hands it on.
    pub from: AgencyId,
    /// Who gets it.
    pub to: AgencyId,
    /// Whether the first keeps it.
    pub kind: TransferKind,
    /// By which exception.
    pub code: RedisclosureCode,
    /// Why.
    pub reason: TransferReason,
    /// With which priority.
    pub priority: Priority,
    /// Who offered it, as the ledger writes them.
    pub offered_by: String,
    /// When.
    pub offered_at: Timestamp,
    /// Until when the other agency answers.
    pub due_at: Timestamp,
    /// Who decided, and when.
    pub decided: Option<(String, Timestamp)>,
    /// Why it was not taken.
    pub decline: Option<DeclineReason>,
    /// The delivery that was made by it: the receipt of both.
    pub delivery: Option<DeliveryId>,
    /// Counts the changes.
    pub version: u32,
    /// What is on record, and words; only of one that is read by itself, and nothing once the report was destroyed.
    pub words: Option<Words>,
    /// Words of whoever decided; as those above.
    pub answer: Option<String>,
    /// Key of the report's incident type.
    pub incident_type: String,
    /// When its sender finished the report.
    pub received_at: Timestamp,
    /// Files in it.
    pub files: u32,
    state: TransferState,
}

impl Transfer {
    /// How it stands: an offer whose time is over is none any more, whether or not that was written down yet.
    #[must_use]
    pub fn state(&self, at: Timestamp) -> TransferState {
        if self.state == TransferState::Offered && self.due_at <= at {
            TransferState::Lapsed
        } else {
            self.state
        }
    }
}

/// Hands a report on, as somebody saw it: a transfer waits for the other agency's word, a referral is made at once. Answers
/// its name.
///
/// # Errors
/// [`Refusal::NotFound`] for a report that the agency does not have, [`Refusal::Conflict`] when somebody changed it since or
/// it is offered already or waits for the desk, [`Refusal::Closed`] once another agency holds it, [`Refusal::NotQualified`]
/// and [`Refusal::Disabled`] for an agency that may not receive, [`Refusal::Unfit`] for words that are too long.
pub fn offer(act: &Act<'_>, permit: &Permit<Transfers>, new: &NewTransfer) -> Result<String> {
    let own = crate::agency(permit)?;
    let found = standing::locked(act, own, new.report)?;
    let waits = holder::waits(act, new.report, own)? || open_of(act, own, new.report)?.is_some();
    if found.version != new.version || waits {
        return Err(Refusal::Conflict.into());
    }
    holder::must_hold(act, new.report, own)?;
    if new.to == *own || !new.words.fit() {
        return Err(Refusal::Unfit { what: "transfer" }.into());
    }
    agency::live(act, &new.to, act.now())?;
    let id = seal::hex(&act.chance::<16>()?);
    let priority = found.priority();
    let due_at = answer_within(priority).and_then(|span| act.now().checked_add(span).ok());
    let due_at = due_at.ok_or(Refusal::Unfit { what: "moment" })?;
    let referred = new.kind == TransferKind::Referral;
    let state = if referred { TransferState::Accepted } else { TransferState::Offered };
    let delivery = if referred { give(act, (new.report, &new.to), REFERRED)? } else { None };
    let (now, by) = (column::micros(act.now()), act.actor().text());
    let row = bind! {
        delivery: delivery.as_ref().map(Id::as_str), id: &id, report: new.report.get(), agency: own.as_str(), to: new.to.as_str(), kind: new.kind.as_str(),
        code: new.code.as_str(), reason: new.reason.as_str(), state: state.as_str(), urgency: priority.rank(),
        words: sealed::json(act, cell(new.report, &id, WORDS), &new.words)?, by: &by, now,
        due_at: column::micros(due_at), decided_by: referred.then_some(&by), decided_at: referred.then_some(now),
    };
    act.tx().execute(INSERT, &row)?;
    let kind = if referred { EventKind::ReportReferred } else { EventKind::AgencyTransferOffered };
    let (from, to, code, report) = (own.clone(), new.to.clone(), new.code, new.report);
    let made = Locked { id, report, from, to, code, state, due_at, version: 1 };
    let mut told = made.told();
    (told["due_at"], told["reason"]) = (json!(column::micros(due_at)), json!(new.reason));
    let again = referred && delivery.is_none();
    note(act, kind, &made, told, again.then_some((&new.to, CameBack::Again)))?;
    if !referred {
        // Whom it wakes there is ours to say, not a priority that the first agency gave it.
        casework::offered(act, &new.to, found.advised)?;
    }
    Ok(made.id)
}

/// The other agency takes it: the report is made available to it on the one way out, and from now on it holds the report. An
/// agency that recorded what came of it meanwhile keeps its word.
///
/// # Errors
/// [`Refusal::NotFound`] for one that was not offered to the agency, [`Refusal::Conflict`] when somebody changed it since,
/// [`Refusal::Closed`] once it was decided or its time is over, [`Refusal::NotQualified`].
pub fn accept(act: &Act<'_>, permit: &Permit<Transfers>, seen: (&str, u32)) -> Result<ReportId> {
    let own = crate::agency(permit)?;
    let open = locked(act, own, seen)?;
    if open.to != *own {
        return Err(Refusal::NotFound.into());
    }
    standing::locked(act, &open.from, open.report)?;
    let delivery = give(act, (open.report, own), TRANSFERRED)?;
    holder::hand_on(act, open.report, &open.from, own)?;
    holder::let_go(act, &open.from, open.report)?;
    decide(act, &open, (TransferState::Accepted, None), "", delivery.as_ref())?;
    let again = delivery.is_none().then_some((own, CameBack::Again));
    note(act, EventKind::AgencyTransferAccepted, &open, open.told(), again)?;
    Ok(open.report)
}

/// The other agency says no; the report is where it was.
///
/// # Errors
/// As [`accept`]; [`Refusal::Unfit`] for words that are too long.
pub fn decline(
    act: &Act<'_>,
    permit: &Permit<Transfers>,
    seen: (&str, u32),
    (reason, words): (DeclineReason, &str),
) -> Result<()> {
    let own = crate::agency(permit)?;
    let open = locked(act, own, seen)?;
    if open.to != *own {
        return Err(Refusal::NotFound.into());
    }
    decide(act, &open, (TransferState::Declined, Some(reason)), words, None)?;
    let mut told = open.told();
    told["declined"] = json!(reason);
    note(act, EventKind::AgencyTransferDeclined, &open, told, Some((&open.from, CameBack::Declined)))
}

/// The agency that offered it takes it back.
///
/// # Errors
/// As [`accept`].
pub fn withdraw(act: &Act<'_>, permit: &Permit<Transfers>, seen: (&str, u32)) -> Result<()> {
    let own = crate::agency(permit)?;
    let open = locked(act, own, seen)?;
    if open.from != *own {
        return Err(Refusal::NotFound.into());
    }
    decide(act, &open, (TransferState::Withdrawn, None), "", None)?;
    note(act, EventKind::AgencyTransferWithdrawn, &open, open.told(), None)
}

/// Writes down which offers nobody answered in time, at most so many, and answers how many: each report is where it was.
///
/// # Errors
/// A fault of the database.
pub fn lapse(act: &Act<'_>, most: u32) -> Result<usize> {
    let ids: Vec<String> = act.tx().rows(OVER, &bind! { now: column::micros(act.now()), most })?;
    for id in &ids {
        let open: Locked = act.tx().find(LOCK, &bind! { id, agency: "" })?.ok_or(Refusal::NotFound)?;
        decide(act, &open, (TransferState::Lapsed, None), "", None)?;
        note(act, EventKind::AgencyTransferLapsed, &open, open.told(), Some((&open.from, CameBack::Lapsed)))?;
    }
    Ok(ids.len())
}

/// Whether there are offers that nobody answered in time.
///
/// # Errors
/// A fault of the database.
pub fn any_over(view: &View<'_>) -> Result<bool> {
    let asked = bind! { now: column::micros(view.now()), most: 1_u32 };
    Ok(view.tx().find::<String>(OVER, &asked)?.is_some())
}

/// What other agencies hand on to the permit's agency, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn incoming(view: &View<'_>, permit: &Permit<Transfers>) -> Result<Vec<Transfer>> {
    listed(view, permit, Where::new().and_when(true, INCOMING))
}

/// What it hands on to others, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn outgoing(view: &View<'_>, permit: &Permit<Transfers>) -> Result<Vec<Transfer>> {
    listed(view, permit, Where::new().and_when(true, OUTGOING))
}

/// What of one report the permit's agency handed on or was handed.
///
/// # Errors
/// A fault of the database.
pub fn of_report(view: &View<'_>, permit: &Permit<Transfers>, report: ReportId) -> Result<Vec<Transfer>> {
    listed(view, permit, Where::new().and(OF_REPORT, "report", report.get()))
}

/// One of the permit's agency.
///
/// # Errors
/// [`Refusal::NotFound`] for one of others.
pub fn get(view: &View<'_>, permit: &Permit<Transfers>, id: &str) -> Result<Transfer> {
    one(view, crate::agency(permit)?, id)
}

fn one(view: &View<'_>, own: &AgencyId, id: &str) -> Result<Transfer> {
    let found = rows(view, own, Where::new().and(ONE, "id", id))?;
    found.into_iter().next().ok_or(Refusal::NotFound)?.opened(view, own)
}

/// Lists do without words: nothing is opened for them.
fn listed(view: &View<'_>, permit: &Permit<Transfers>, filter: Where) -> Result<Vec<Transfer>> {
    let own = crate::agency(permit)?;
    Ok(rows(view, own, filter)?.into_iter().map(|row| row.seen_by(own)).collect())
}

fn rows(view: &View<'_>, own: &AgencyId, filter: Where) -> Result<Vec<Sealed>> {
    let asked = bind! { agency: own.as_str(), most: MOST_LISTED };
    Ok(view.tx().rows_where(LIST, &filter, &asked)?)
}

/// The open offer of a report by an agency.
pub(crate) fn open_of(view: &View<'_>, agency: &AgencyId, report: ReportId) -> Result<Option<String>> {
    Ok(view.tx().find(OPEN, &bind! { report: report.get(), agency: agency.as_str() })?)
}

/// Who referred a report to an agency last.
pub(crate) fn referred_by(view: &View<'_>, agency: &AgencyId, report: ReportId) -> Result<Option<AgencyId>> {
    let asked = bind! { report: report.get(), agency: agency.as_str() };
    let found: Option<String> = view.tx().find(REFERRED_BY, &asked)?;
    Ok(found.and_then(|id| AgencyId::parse(&id).ok()))
}

/// The open offer of an agency is taken back, because its report goes elsewhere.
pub(crate) fn withdraw_open(act: &Act<'_>, agency: &AgencyId, report: ReportId) -> Result<()> {
    let Some(id) = open_of(act, agency, report)? else { return Ok(()) };
    let open: Locked = act.tx().find(LOCK, &bind! { id: &id, agency: "" })?.ok_or(Refusal::NotFound)?;
    decide(act, &open, (TransferState::Withdrawn, None), "", None)?;
    note(act, EventKind::AgencyTransferWithdrawn, &open, open.told(), None)
}

/// On the one way out; answers the delivery where the agency did not have the report before.
fn give(
    act: &Act<'_>,
    (report, agency): (ReportId, &AgencyId),
    (rule, says): (&str, &str),
) -> Result<Option<DeliveryId>> {
    let given = holder::give(act, &Parting { report, agency, rule, says, rule_set: "none", place: None })?;
    Ok(given.ok_or(Refusal::NotQualified)?.delivery)
}

/// An open one, as somebody saw it.
fn locked(act: &Act<'_>, own: &AgencyId, (id, version): (&str, u32)) -> Result<Locked> {
    let found: Option<Locked> = act.tx().find(LOCK, &bind! { id, agency: own.as_str() })?;
    let found = found.ok_or(Refusal::NotFound)?;
    if found.state != TransferState::Offered || found.due_at <= act.now() {
        return Err(Refusal::Closed.into());
    }
    if found.version != version {
        return Err(Refusal::Conflict.into());
    }
    Ok(found)
}

fn decide(
    act: &Act<'_>,
    open: &Locked,
    (state, decline): (TransferState, Option<DeclineReason>),
    words: &str,
    delivery: Option<&DeliveryId>,
) -> Result<()> {
    if words.chars().count() > MOST_LETTERS {
        return Err(Refusal::Unfit { what: "words" }.into());
    }
    let answer = (!words.is_empty()).then(|| sealed::json(act, cell(open.report, &open.id, ANSWER), words));
    let row = bind! {
        id: &open.id, state: state.as_str(), by: act.actor().text(), now: column::micros(act.now()),
        decline: decline.map(DeclineReason::as_str), answer: answer.transpose()?,
        delivery: delivery.map(Id::as_str),
    };
    if act.tx().execute(DECIDE, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    Ok(())
}

/// No event of the report: a certificate would show it to others who have the report. Both agencies' systems read it.
fn note(
    act: &Act<'_>,
    kind: EventKind,
    of: &Locked,
    details: serde_json::Value,
    back: Option<(&AgencyId, CameBack)>,
) -> Result<()> {
    let leaf = act.note(Event::of_house(kind).to(format!("transfer-{}", of.id)).with(details))?;
    let back = back.map(|(agency, how)| Back { report: of.report, agency, how });
    news::step(act, leaf, &of.id, [&of.from, &of.to], back)
}

const WORDS: &str = "sealed_words";
const ANSWER: &str = "sealed_answer";

fn cell<'a>(report: ReportId, id: &'a str, column: &'static str) -> Cell<'a> {
    Cell { report, table: "agency_transfer", row: id, column }
}

struct Locked {
    id: String,
    report: ReportId,
    from: AgencyId,
    to: AgencyId,
    code: RedisclosureCode,
    state: TransferState,
    due_at: Timestamp,
    version: u32,
}

impl Locked {
    fn told(&self) -> serde_json::Value {
        json!({ "code": self.code, "from": self.from, "report": self.report, "to": self.to })
    }
}

impl FromRow for Locked {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            id: row.get("id")?,
            report: column::report(row, "report_id")?,
            from: column::parsed(row, "from_agency")?,
            to: column::parsed(row, "to_agency")?,
            code: column::parsed(row, "code")?,
            state: column::parsed(row, "state")?,
            due_at: column::moment(row, "due_at")?,
            version: row.get("version")?,
        })
    }
}

/// A row before its words are opened.
struct Sealed {
    transfer: Transfer,
    words: Vec<u8>,
    answer: Option<Vec<u8>>,
}

impl Sealed {
    /// As one of the two agencies sees it, with its words.
    fn opened(mut self, view: &View<'_>, own: &AgencyId) -> Result<Transfer> {
        let (report, id) = (self.transfer.report, &self.transfer.id);
        let words = kept(sealed::open_json(view, cell(report, id, WORDS), &self.words))?;
        let answer =
            self.answer.as_ref().map(|sealed| sealed::open_json(view, cell(report, id, ANSWER), sealed));
        let answer = answer.map(kept).transpose()?.flatten();
        (self.transfer.words, self.transfer.answer) = (words, answer);
        Ok(self.seen_by(own))
    }

    /// Who of the other agency did something is not told.
    fn seen_by(self, own: &AgencyId) -> Transfer {
        let Self { mut transfer, .. } = self;
        if transfer.from != *own {
            transfer.offered_by = String::new();
        }
        let theirs = matches!(transfer.state, TransferState::Accepted | TransferState::Declined)
            && transfer.kind == TransferKind::Transfer;
        if let Some((by, _)) = transfer.decided.as_mut().filter(|_| theirs != (transfer.to == *own)) {
            by.clear();
        }
        transfer
    }
}

/// Words are gone with the report.
pub(crate) fn kept<T>(opened: Result<T>) -> Result<Option<T>> {
    match opened {
        Err(error) if error.refusal() == Some(Refusal::Destroyed) => Ok(None),
        opened => opened.map(Some),
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let decided_by: Option<String> = row.get("decided_by")?;
        let transfer = Transfer {
            id: row.get("id")?,
            report: column::report(row, "report_id")?,
            from: column::parsed(row, "from_agency")?,
            to: column::parsed(row, "to_agency")?,
            kind: column::parsed(row, "kind")?,
            code: column::parsed(row, "code")?,
            reason: column::parsed(row, "reason")?,
            priority: row.get::<Ranked>("urgency")?.0,
            offered_by: row.get("offered_by")?,
            offered_at: column::moment(row, "offered_at")?,
            due_at: column::moment(row, "due_at")?,
            decided: decided_by.zip(column::moment_option(row, "decided_at")?),
            decline: column::parsed_option(row, "decline")?,
            delivery: column::parsed_option(row, "delivery_id")?,
            version: row.get("version")?,
            words: None,
            answer: None,
            incident_type: row.get("incident_type")?,
            received_at: column::moment(row, "received_at")?,
            files: row.get("files")?,
            state: column::parsed(row, "state")?,
        };
        Ok(Self { transfer, words: row.get("sealed_words")?, answer: row.get("sealed_answer")? })
    }
}
