//! How an agency stands to the reports that it has: status, the agency's own priority, who has it, until when. The row
//! is made with the delivery; every change names the version that it was made from, and stays as a row of its own.

use database::{FromRow, FromValue, Mismatch, Row, ValueRef, bind};
use domain::{Actor, AgencyId, Id, PersonId, Priority, ReportId, Status, StatusReason};
use jiff::Timestamp;
use policy::permit::{Assign, Work};
use policy::{List, Permit};
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, agency, column};

const GET: &str = "-- standing::of_report
    SELECT report_id, status, reason, own_rank, urgency, person_id, unit, since_at, due_at, changed_at, version
    FROM standing WHERE agency_id = :agency AND report_id = :report";

const LOCK: &str = "-- standing::lock
    SELECT report_id, status, reason, own_rank, urgency, person_id, unit, since_at, due_at, changed_at, version
    FROM standing WHERE agency_id = :agency AND report_id = :report {for_update}";

const UPDATE: &str = "-- standing::update
    UPDATE standing SET status = :status, reason = :reason, own_rank = :own_rank, rank = COALESCE(:own_rank, urgency),
        person_id = :person, unit = :unit, since_at = :since_at, due_at = :due_at, changed_at = :now, version = :version
    WHERE agency_id = :agency AND report_id = :report AND version = :version - 1";

const INSERT_CHANGE: &str = "-- standing::insert_change
    INSERT INTO standing_change (agency_id, report_id, version, changed_at, changed_by, batch_id, status, reason, own_rank,
        person_id, unit, since_at, due_at)
    VALUES (:agency, :report, :version, :now, :by, :batch, :status, :reason, :own_rank, :person, :unit, :since_at, :due_at)";

const HISTORY: &str = "-- standing::history
    SELECT version, changed_at, changed_by, batch_id, status, reason, own_rank, person_id, unit, since_at, due_at
    FROM standing_change WHERE agency_id = :agency AND report_id = :report ORDER BY version DESC LIMIT :most";

const AT_VERSION: &str = "-- standing::at_version
    SELECT version, changed_at, changed_by, batch_id, status, reason, own_rank, person_id, unit, since_at, due_at
    FROM standing_change WHERE agency_id = :agency AND report_id = :report AND version = :version";

const DELIVERED_AT: &str = "-- standing::delivered_at
    SELECT available_at FROM standing WHERE agency_id = :agency AND report_id = :report";

const OF_BATCH: &str = "-- standing::of_batch
    SELECT report_id, version, changed_by FROM standing_change WHERE agency_id = :agency AND batch_id = :batch
    ORDER BY report_id LIMIT :most";

/// Reports that are changed together.
pub const MOST_TOGETHER: usize = 500;
/// Changes of one report that are shown.
const MOST_CHANGES: u32 = 200;
/// Letters of a unit's name.
pub const MOST_UNIT_LETTERS: usize = 64;

/// How an agency stands to one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The report.
    pub report: ReportId,
    /// What the agency said of it.
    pub said: Said,
    /// Our advisory priority.
    pub advised: Priority,
    /// Since when it is in its status.
    pub since_at: Timestamp,
    /// Until when somebody must take it on.
    pub due_at: Option<Timestamp>,
    /// When any of this was last changed.
    pub changed_at: Timestamp,
    /// Counts the changes. Whoever changes it says which version they saw.
    pub version: u32,
}

/// What an agency said of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// How far it is.
    pub status: Status,
    /// Why it waits or was closed.
    pub reason: Option<StatusReason>,
    /// How soon the agency itself wants to look; where it says nothing, ours counts.
    pub own_priority: Option<Priority>,
    /// Who has it.
    pub person: Option<PersonId>,
    /// Which unit has it.
    pub unit: Option<String>,
}

impl Said {
    /// What every report begins with.
    const NOTHING: Self =
        Self { status: Status::New, reason: None, own_priority: None, person: None, unit: None };
}

/// One earlier or present version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Which.
    pub version: u32,
    /// When it was made.
    pub changed_at: Timestamp,
    /// By whom, as the ledger writes them.
    pub changed_by: String,
    /// What was changed together with it.
    pub batch: String,
    /// What the agency said since then.
    pub said: Said,
    since_at: Timestamp,
    due_at: Option<Timestamp>,
}

impl Version {
    /// As people of an agency see it: whoever of another one, or of the clearinghouse, made it follow is not named. The
    /// ledger knows them.
    fn seen_by(mut self, own: &AgencyId) -> Self {
        let (person, system) = (format!(":{own}"), format!("agency:{own}:"));
        if !(self.changed_by.ends_with(&person) || self.changed_by.starts_with(&system)) {
            self.changed_by = Actor::House.text();
        }
        self
    }
}

/// What is to be changed; what is `None` stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// The status, with its reason.
    pub status: Option<(Status, Option<StatusReason>)>,
    /// The agency's own priority; the inner `None` takes it back.
    pub own_priority: Option<Option<Priority>>,
    /// Who has it; the inner `None` is nobody.
    pub person: Option<Option<PersonId>>,
    /// Which unit has it.
    pub unit: Option<Option<String>>,
}

impl Change {
    /// Somebody took notice.
    #[must_use]
    pub fn acknowledge() -> Self {
        Self { status: Some((Status::Acknowledged, None)), ..Self::default() }
    }

    /// Somebody has it from now on.
    #[must_use]
    pub fn give_to(person: PersonId) -> Self {
        Self { person: Some(Some(person)), ..Self::default() }
    }
}

impl Standing {
    /// The priority that counts in the agency's lists.
    #[must_use]
    pub fn priority(&self) -> Priority {
        self.said.own_priority.unwrap_or(self.advised)
    }

    /// Whether its time is over.
    #[must_use]
    pub fn is_late(&self, at: Timestamp) -> bool {
        self.due_at.is_some_and(|due| due <= at)
    }

    /// What it becomes by a change: the one rule of how statuses follow each other, for previews and for acts.
    ///
    /// # Errors
    /// [`Refusal::Unfit`] for a reason that is not of its status and for a unit without a name or too long.
    pub fn after(&self, change: &Change, now: Timestamp) -> Result<Self> {
        let mut next = self.clone();
        next.said.own_priority = change.own_priority.unwrap_or(self.said.own_priority);
        if let Some(person) = &change.person {
            next.said.person.clone_from(person);
        }
        if let Some(unit) = &change.unit {
            let fits = unit.as_ref().is_none_or(|name| {
                (1..=MOST_UNIT_LETTERS).contains(&name.chars().count()) && !name.chars().any(char::is_control)
            });
            fits.then_some(()).ok_or(Refusal::Unfit { what: "unit" })?;
            next.said.unit.clone_from(unit);
        }
        (next.said.status, next.said.reason) = self.status_after(change, &next.said)?;
        if next.said.status != self.said.status {
            next.since_at = now;
        }
        let lasts = next.said.status.lasts(next.priority());
        next.due_at = lasts.and_then(|span| next.since_at.checked_add(span).ok());
        next.changed_at = now;
        next.version += 1;
        Ok(next)
    }

    /// A status that was asked for, or the one that follows from who has the report now.
    fn status_after(&self, change: &Change, next: &Said) -> Result<(Status, Option<StatusReason>)> {
        if let Some((status, reason)) = change.status {
            let fits = match reason {
                Some(reason) => reason.is_of(status),
                None => !matches!(status, Status::Waiting | Status::Closed),
            };
            fits.then_some(()).ok_or(Refusal::Unfit { what: "reason" })?;
            return Ok((status, reason));
        }
        let held = next.person.is_some() || next.unit.is_some();
        Ok(match (self.said.status, held) {
            (Status::New | Status::Acknowledged, true) => (Status::Assigned, None),
            (Status::Assigned, false) => (Status::Acknowledged, None),
            (status, _) => (status, self.said.reason),
        })
    }
}

/// What became of a change of several reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// By this it is taken back.
    pub id: String,
    /// The reports that were changed.
    pub changed: Vec<ReportId>,
    /// Those that somebody else had changed since they were looked at: they are as they were.
    pub passed_over: Vec<ReportId>,
}

/// How the permit's agency stands to a report.
///
/// # Errors
/// [`Refusal::NotFound`] for a report that it does not have.
pub fn get<K>(view: &View<'_>, permit: &Permit<K>, report: ReportId) -> Result<Standing> {
    let asked = bind! { agency: agency(permit)?.as_str(), report: report.get() };
    Ok(view.tx().find(GET, &asked)?.ok_or(Refusal::NotFound)?)
}

/// How far an agency is with a report; nothing where it does not have it.
pub(crate) fn status(view: &View<'_>, of: &AgencyId, report: ReportId) -> Result<Option<Status>> {
    let asked = bind! { agency: of.as_str(), report: report.get() };
    Ok(view.tx().find::<Standing>(GET, &asked)?.map(|found| found.said.status))
}

/// What was changed of it, the newest first, by people of the agency or by nobody whom it may know. The beginning, when nobody
/// had said anything, is not in it.
///
/// # Errors
/// A fault of the database.
pub fn history(view: &View<'_>, permit: &Permit<List>, report: ReportId) -> Result<Vec<Version>> {
    let asked = bind! { agency: agency(permit)?.as_str(), report: report.get(), most: MOST_CHANGES };
    let rows: Vec<Version> = view.tx().rows(HISTORY, &asked)?;
    let own = agency(permit)?;
    Ok(rows.into_iter().map(|version| version.seen_by(own)).collect())
}

/// Changes one report as somebody saw it.
///
/// # Errors
/// [`Refusal::NotFound`] for a report that the agency does not have, [`Refusal::Conflict`] when it was changed since,
/// [`Refusal::Unfit`] as [`Standing::after`], [`Refusal::NotAllowed`] without the right to give it to somebody else.
pub fn change(
    act: &Act<'_>,
    permit: &Permit<Work>,
    (report, version): (ReportId, u32),
    what: &Change,
    assign: Option<&Permit<Assign>>,
) -> Result<Standing> {
    let batch = fresh(act)?;
    let found = locked(act, agency(permit)?, report)?;
    if found.version != version {
        return Err(Refusal::Conflict.into());
    }
    may_give(permit, what, assign)?;
    put(act, agency(permit)?, &batch, &found, what)
}

/// Changes several reports in one act; those that were changed since are passed over and said.
///
/// # Errors
/// As [`change`], but for what was changed since; [`Refusal::Unfit`] for none and for too many;
/// [`Refusal::Conflict`] when nothing was left to change.
pub fn change_many(
    act: &Act<'_>,
    permit: &Permit<Work>,
    seen: &[(ReportId, u32)],
    what: &Change,
    assign: Option<&Permit<Assign>>,
) -> Result<Batch> {
    if !(1..=MOST_TOGETHER).contains(&seen.len()) {
        return Err(Refusal::Unfit { what: "number of reports" }.into());
    }
    may_give(permit, what, assign)?;
    let mut batch = Batch { id: fresh(act)?, changed: Vec::new(), passed_over: Vec::new() };
    for &(report, version) in seen {
        let found = locked(act, agency(permit)?, report)?;
        if found.version == version {
            put(act, agency(permit)?, &batch.id, &found, what)?;
            batch.changed.push(report);
        } else {
            batch.passed_over.push(report);
        }
    }
    if batch.changed.is_empty() {
        return Err(Refusal::Conflict.into());
    }
    Ok(batch)
}

/// Takes a change back: every report of it that nobody has changed since becomes what it was before.
///
/// # Errors
/// [`Refusal::NotFound`] for no change of this agency; [`Refusal::NotAllowed`] for somebody else's without the right to
/// assign; [`Refusal::Conflict`] when everything was changed since.
pub fn undo(
    act: &Act<'_>,
    permit: &Permit<Work>,
    batch: &str,
    assign: Option<&Permit<Assign>>,
) -> Result<Batch> {
    let own = agency(permit)?;
    let asked = bind! { agency: own.as_str(), batch, most: MOST_TOGETHER };
    let rows: Vec<(u64, u32, String)> = act.tx().rows(OF_BATCH, &asked)?;
    let (_, _, by) = rows.first().ok_or(Refusal::NotFound)?;
    if *by != act.actor().text() && assign.is_none_or(|leave| leave.scope() != permit.scope()) {
        return Err(Refusal::NotAllowed.into());
    }
    let mut undone = Batch { id: fresh(act)?, changed: Vec::new(), passed_over: Vec::new() };
    for (number, version, _) in rows {
        let report = ReportId::try_from(number).map_err(|_| Refusal::NotFound)?;
        let found = locked(act, own, report)?;
        if found.version != version {
            undone.passed_over.push(report);
            continue;
        }
        let (said, since_at, due_at) = before(act, own, &found)?;
        let next = Standing { said, since_at, due_at, changed_at: act.now(), version: version + 1, ..found };
        keep(act, own, &undone.id, &next, EventKind::StandingUndone)?;
        undone.changed.push(report);
    }
    if undone.changed.is_empty() {
        return Err(Refusal::Conflict.into());
    }
    Ok(undone)
}

/// Taking a report oneself, or giving it back, needs no leave; giving it to another does.
///
/// # Errors
/// [`Refusal::NotAllowed`].
pub fn may_give(permit: &Permit<Work>, what: &Change, assign: Option<&Permit<Assign>>) -> Result<()> {
    let to_self =
        |person: &PersonId| matches!(permit.actor(), Actor::Person { person: own, .. } if own == person);
    let own = what.unit.is_none() && what.person.as_ref().is_none_or(|to| to.as_ref().is_none_or(to_self));
    let leave = assign.is_some_and(|leave| leave.scope() == permit.scope());
    if own || leave { Ok(()) } else { Err(Refusal::NotAllowed.into()) }
}

/// How an agency stands to a report of which nobody has said anything yet.
pub(crate) fn untouched(act: &Act<'_>, own: &AgencyId, report: ReportId) -> Result<Option<Standing>> {
    Ok(Some(locked(act, own, report)?).filter(|found| found.version == 1))
}

/// A change that a rule of the agency makes, not a person.
pub(crate) fn put_by_rule(act: &Act<'_>, own: &AgencyId, found: &Standing, what: &Change) -> Result<()> {
    put(act, own, &fresh(act)?, found, what).map(drop)
}

fn put(act: &Act<'_>, own: &AgencyId, batch: &str, found: &Standing, what: &Change) -> Result<Standing> {
    let next = found.after(what, act.now())?;
    keep(act, own, batch, &next, EventKind::StandingChanged)?;
    Ok(next)
}

/// What follows for an agency's report from where the report went: nobody of the agency has to see it first.
///
/// # Errors
/// [`Refusal::Unfit`] as [`Standing::after`]; [`Refusal::Conflict`] when it was changed since it was [`locked`].
pub fn follow(
    act: &Act<'_>,
    own: &AgencyId,
    found: &Standing,
    status: (Status, Option<StatusReason>),
) -> Result<()> {
    let next = found.after(&Change { status: Some(status), ..Change::default() }, act.now())?;
    keep(act, own, &fresh(act)?, &next, EventKind::StandingChanged)
}

fn keep(act: &Act<'_>, own: &AgencyId, batch: &str, next: &Standing, kind: EventKind) -> Result<()> {
    let row = bind! {
        agency: own.as_str(), report: next.report.get(), version: next.version, now: column::micros(act.now()),
        status: next.said.status.as_str(),
        reason: next.said.reason.map(StatusReason::as_str), own_rank: next.said.own_priority.map(Priority::rank),
        person: next.said.person.as_ref().map(Id::as_str), unit: next.said.unit.as_deref(),
        since_at: column::micros(next.since_at), due_at: next.due_at.map(column::micros),
    };
    if act.tx().execute(UPDATE, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    act.tx().put(INSERT_CHANGE, &row.with("by", act.actor().text()).with("batch", batch))?;
    let details = json!({
        "agency": own, "batch": batch, "own_priority": next.said.own_priority, "person": next.said.person,
        "reason": next.said.reason, "report": next.report, "status": next.said.status, "version": next.version,
    });
    act.note(about(act, kind, next.report).with(details))?;
    Ok(())
}

/// An event of a report, under whose key it is sealed; one whose key was destroyed is still worked to its end.
pub fn about(act: &Act<'_>, kind: EventKind, report: ReportId) -> Event {
    match act.report_key(report) {
        Ok(_) => Event::of_report(kind, report),
        Err(_) => Event::of_house(kind).to(format!("report-{report}")),
    }
}

/// What was said before the present version.
fn before(act: &Act<'_>, own: &AgencyId, found: &Standing) -> Result<(Said, Timestamp, Option<Timestamp>)> {
    let asked = bind! { agency: own.as_str(), report: found.report.get(), version: found.version - 1 };
    if let Some(earlier) = act.tx().find::<Version>(AT_VERSION, &asked)? {
        return Ok((earlier.said, earlier.since_at, earlier.due_at));
    }
    let asked = bind! { agency: own.as_str(), report: found.report.get() };
    let Moment(since_at) = act.tx().get(DELIVERED_AT, &asked)?;
    let lasts = Status::New.lasts(found.advised);
    Ok((Said::NOTHING, since_at, lasts.and_then(|span| since_at.checked_add(span).ok())))
}

/// How an agency stands to a report, which nobody else changes until the act is over.
///
/// # Errors
/// [`Refusal::NotFound`] for a report that it does not have.
pub fn locked(act: &Act<'_>, own: &AgencyId, report: ReportId) -> Result<Standing> {
    Ok(locked_if_there(act, own, report)?.ok_or(Refusal::NotFound)?)
}

/// As [`locked`]; nothing for a report that the agency does not have.
///
/// # Errors
/// A fault of the database.
pub fn locked_if_there(act: &Act<'_>, own: &AgencyId, report: ReportId) -> Result<Option<Standing>> {
    let asked = bind! { agency: own.as_str(), report: report.get() };
    Ok(act.tx().find(LOCK, &asked)?)
}

fn fresh(act: &Act<'_>) -> Result<String> {
    Ok(seal::hex(&act.chance::<16>()?))
}

struct Moment(Timestamp);

impl FromRow for Moment {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::moment(row, "available_at").map(Self)
    }
}

/// A priority by its rank.
pub struct Ranked(pub Priority);

impl FromValue for Ranked {
    fn from_value(value: ValueRef<'_>) -> std::result::Result<Self, Mismatch> {
        let rank = u8::from_value(value)?;
        let found = Priority::ALL.iter().find(|priority| priority.rank() == rank);
        found.copied().map(Self).ok_or_else(|| Mismatch::new("rank of a priority", value))
    }
}

impl FromRow for Said {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            status: column::parsed(row, "status")?,
            reason: column::parsed_option(row, "reason")?,
            own_priority: row.get::<Option<Ranked>>("own_rank")?.map(|ranked| ranked.0),
            person: column::parsed_option(row, "person_id")?,
            unit: row.get("unit")?,
        })
    }
}

impl FromRow for Standing {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            report: column::report(row, "report_id")?,
            said: Said::from_row(row)?,
            advised: row.get::<Ranked>("urgency")?.0,
            since_at: column::moment(row, "since_at")?,
            due_at: column::moment_option(row, "due_at")?,
            changed_at: column::moment(row, "changed_at")?,
            version: row.get("version")?,
        })
    }
}

impl FromRow for Version {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            version: row.get("version")?,
            changed_at: column::moment(row, "changed_at")?,
            changed_by: row.get("changed_by")?,
            batch: row.get("batch_id")?,
            said: Said::from_row(row)?,
            since_at: column::moment(row, "since_at")?,
            due_at: column::moment_option(row, "due_at")?,
        })
    }
}
