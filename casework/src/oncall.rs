//! The on-call ladder: for a report of the highest priority one person after the other is called until somebody says that
//! they have it. Whose turn it is stands on steps that are dated, so that a rota can be written down ahead. An agency has
//! one for its reports, the clearinghouse for what waits at its own desk: rows whose agency is empty.

use database::{FromRow, Row, bind};
use domain::{AgencyId, Id, PersonId, Priority, ReportId, Status};
use jiff::{SignedDuration, Timestamp};
use policy::Permit;
use policy::permit::{Assign, Work};
use serde_json::json;

use crate::message::{self, Kind};
use crate::standing::{self, Change};
use crate::{Act, Event, EventKind, Refusal, Result, View, agency_of, at_home, column, home, word};

const INSERT_STEP: &str = "-- oncall::insert_step
    INSERT INTO oncall_step (id, agency_id, place, person_id, minutes, from_at, until_at, added_by, added_at)
    VALUES (:id, :agency, :place, :person, :minutes, :from_at, :until_at, :by, :now)";

const REMOVE_STEP: &str = "-- oncall::remove_step
    UPDATE oncall_step SET removed_at = :now, removed_by = :by
    WHERE agency_id = :agency AND id = :id AND removed_at IS NULL";

const STEPS: &str = "-- oncall::steps
    SELECT id, place, person_id, minutes, from_at, until_at FROM oncall_step
    WHERE agency_id = :agency AND removed_at IS NULL AND (until_at IS NULL OR until_at > :now)
        AND EXISTS (SELECT 1 FROM person WHERE person.id = oncall_step.person_id AND person.disabled_at IS NULL
            AND (oncall_step.agency_id <> '' OR person.role IN ('analyst', 'supervisor')))
    ORDER BY place, from_at, id LIMIT :most";

/// Commanders of an agency, or supervisors of the clearinghouse, who can be written to: whom a call goes to where nobody's
/// turn is written down.
const COMMANDERS: &str = "-- oncall::commanders
    SELECT person.id FROM person JOIN message_wish ON message_wish.person_id = person.id
    WHERE message_wish.confirmed_at IS NOT NULL AND message_wish.agency_id = :agency AND person.disabled_at IS NULL
        AND person.role = CASE WHEN message_wish.agency_id = '' THEN 'supervisor' ELSE 'commander' END
    ORDER BY person.id LIMIT :most";

/// A report of the highest priority was made available: a call for each agency that has it.
const RAISE: &str = "-- oncall::raise
    INSERT INTO oncall_call (agency_id, report_id, raised_at, place, rounds, next_at)
    SELECT agency_id, report_id, :now, 0, 0, :now FROM delivery WHERE report_id = :report AND urgency = :rank
    ON CONFLICT (agency_id, report_id) DO NOTHING";

/// It is there again: whoever had it then does not have it now.
const RAISE_AGAIN: &str = "-- oncall::raise_again
    INSERT INTO oncall_call (agency_id, report_id, raised_at, place, rounds, next_at)
    SELECT agency_id, report_id, :now, 0, 0, :now FROM delivery
    WHERE report_id = :report AND agency_id = :agency AND urgency = :rank
    ON CONFLICT (agency_id, report_id) DO UPDATE SET raised_at = excluded.raised_at, place = 0, rounds = 0, called = NULL,
        next_at = excluded.next_at, answered_at = NULL, answered_by = NULL";

const DUE: &str = "-- oncall::due
    SELECT agency_id, report_id, raised_at, place, rounds, called, next_at, answered_at, answered_by FROM oncall_call
    WHERE next_at IS NOT NULL AND next_at <= :now ORDER BY next_at LIMIT :most";

const OPEN: &str = "-- oncall::open
    SELECT agency_id, report_id, raised_at, place, rounds, called, next_at, answered_at, answered_by FROM oncall_call
    WHERE agency_id = :agency AND answered_at IS NULL AND (agency_id = '' OR EXISTS (SELECT 1 FROM standing
        WHERE standing.agency_id = oncall_call.agency_id AND standing.report_id = oncall_call.report_id
            AND standing.status = 'new'))
    ORDER BY raised_at DESC LIMIT :most";

/// Whoever takes it first has it.
const CALL: &str = "-- oncall::call
    UPDATE oncall_call SET place = :place, rounds = :rounds, called = :called, next_at = :next_at
    WHERE agency_id = :agency AND report_id = :report AND next_at = :seen AND answered_at IS NULL";

const ANSWER: &str = "-- oncall::answer
    UPDATE oncall_call SET answered_at = :now, answered_by = :by, next_at = NULL
    WHERE agency_id = :agency AND report_id = :report AND answered_at IS NULL";

/// Places of a ladder.
pub const MOST_PLACES: u32 = 9;
/// Minutes that a step waits for an answer, at most.
pub const MOST_MINUTES: u32 = 120;
/// Steps of one agency that are not over.
const MOST_STEPS: u32 = 200;
/// Calls that are listed.
pub const MOST_LISTED: u32 = 100;
/// Commanders that are called together.
const MOST_COMMANDERS: u32 = 10;
/// Minutes after which somebody is called again where no step says how many.
const OTHERWISE_MINUTES: u32 = 10;
/// After so many rounds nobody is called any more; the inbox still shows it. Rounds of the desk in which there was nobody to
/// call do not end it: there is nobody behind the desk.
const MOST_ROUNDS: u32 = 48;

/// A step of a ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub id: String,
    /// Its place, from 1.
    pub place: u32,
    /// Who is called.
    pub person: PersonId,
    /// Minutes that they have before the next one is called.
    pub minutes: u32,
    /// From when on.
    pub from_at: Timestamp,
    /// Until when; for good where nothing is said.
    pub until_at: Option<Timestamp>,
}

/// A step that is to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStep {
    /// Its place, from 1.
    pub place: u32,
    /// Who is called.
    pub person: PersonId,
    /// Minutes that they have.
    pub minutes: u32,
    /// From when on.
    pub from_at: Timestamp,
    /// Until when.
    pub until_at: Option<Timestamp>,
}

/// A report for which people are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Whose; `None` is the clearinghouse's own desk.
    pub agency: Option<AgencyId>,
    /// The report.
    pub report: ReportId,
    /// Since when.
    pub raised_at: Timestamp,
    /// The place that was called last.
    pub place: u32,
    /// How often the ladder began anew.
    pub rounds: u32,
    /// Who was called last, with commas between them.
    pub called: Option<String>,
    /// When the next one is called.
    pub next_at: Option<Timestamp>,
    /// When somebody said that they have it.
    pub answered_at: Option<Timestamp>,
    /// Who.
    pub answered_by: Option<String>,
}

/// Writes a step down.
///
/// # Errors
/// [`Refusal::Unfit`] for a place, a time or days that cannot be, [`Refusal::Conflict`] when there are as many as may be.
pub fn add(act: &Act<'_>, permit: &Permit<Assign>, new: &NewStep) -> Result<String> {
    let own = at_home(permit)?;
    let fits = (1..=MOST_PLACES).contains(&new.place)
        && (1..=MOST_MINUTES).contains(&new.minutes)
        && new.until_at.is_none_or(|until| new.from_at < until && act.now() < until);
    fits.then_some(()).ok_or(Refusal::Unfit { what: "step" })?;
    if of(act, own)?.len() >= MOST_STEPS as usize {
        return Err(Refusal::Conflict.into());
    }
    let id = format!("oc-{}", seal::hex(&act.chance::<8>()?));
    let row = bind! {
        id: &id, agency: word(own), place: new.place, person: new.person.as_str(), minutes: new.minutes,
        from_at: column::micros(new.from_at), until_at: new.until_at.map(column::micros), by: act.actor().text(),
        now: column::micros(act.now()),
    };
    act.tx().execute(INSERT_STEP, &row)?;
    note(
        act,
        EventKind::LadderChanged,
        json!({ "added": id, "agency": own, "person": new.person, "place": new.place }),
    )?;
    Ok(id)
}

/// Takes a step away.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn remove(act: &Act<'_>, permit: &Permit<Assign>, id: &str) -> Result<()> {
    let own = at_home(permit)?;
    let row = bind! { agency: word(own), id, now: column::micros(act.now()), by: act.actor().text() };
    if act.tx().execute(REMOVE_STEP, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    note(act, EventKind::LadderChanged, json!({ "agency": own, "removed": id }))
}

/// The steps of the permit's agency, or of the desk, that are not over.
///
/// # Errors
/// A fault of the database.
pub fn steps(view: &View<'_>, permit: &Permit<Work>) -> Result<Vec<Step>> {
    of(view, at_home(permit)?)
}

fn of(view: &View<'_>, own: Option<&AgencyId>) -> Result<Vec<Step>> {
    let asked = bind! { agency: word(own), now: column::micros(view.now()), most: MOST_STEPS };
    Ok(view.tx().rows(STEPS, &asked)?)
}

/// The calls of the permit's agency, or of the desk, that nobody answered, for reports of which nobody took notice either.
///
/// # Errors
/// A fault of the database.
pub fn open(view: &View<'_>, permit: &Permit<Work>) -> Result<Vec<Call>> {
    Ok(view.tx().rows(OPEN, &bind! { agency: home(permit)?, most: MOST_LISTED })?)
}

/// A report was made available. Asked twice it does nothing twice.
pub(crate) fn arrived(act: &Act<'_>, report: ReportId) -> Result<()> {
    let rank = Priority::Immediate.rank();
    act.tx().put(RAISE, &bind! { report: report.get(), rank, now: column::micros(act.now()) })?;
    Ok(())
}

/// A report is there again as new.
pub(crate) fn arrived_again(act: &Act<'_>, own: &AgencyId, report: ReportId) -> Result<()> {
    let (rank, now) = (Priority::Immediate.rank(), column::micros(act.now()));
    act.tx().put(RAISE_AGAIN, &bind! { agency: own.as_str(), report: report.get(), rank, now })?;
    Ok(())
}

/// Writes to whoever's turn is first, a while after their last call at the earliest, and once for all that other agencies
/// offer until then: what the agency does not have yet, nobody can say that they have.
pub(crate) fn tell_first(act: &Act<'_>, own: Option<&AgencyId>) -> Result<()> {
    let people = match whose(&of(act, own)?, 0, act.now()) {
        Some((_, _, people, _)) => people,
        None => commanders(act, own)?,
    };
    people.iter().try_for_each(|person| message::make_apart(act, own, person))
}

/// Calls whose next turn has come.
///
/// # Errors
/// A fault of the database.
pub fn due(view: &View<'_>, most: u32) -> Result<Vec<Call>> {
    Ok(view.tx().rows(DUE, &bind! { now: column::micros(view.now()), most })?)
}

/// Calls whoever's turn it is and answers whom; nothing where somebody took notice of the report meanwhile, which ends it.
///
/// # Errors
/// [`Refusal::LeaseLost`] when another process just did.
pub fn turn(act: &Act<'_>, call: &Call) -> Result<Option<Vec<PersonId>>> {
    if !is_new(act, call)? {
        answered(act, call.agency.as_ref(), call.report, "taken notice of")?;
        return Ok(None);
    }
    let ladder = of(act, call.agency.as_ref())?;
    let next = whose(&ladder, call.place, act.now());
    let (place, again, people, minutes) = match next {
        Some(next) => next,
        None => (0, true, commanders(act, call.agency.as_ref())?, OTHERWISE_MINUTES),
    };
    let rounds = call.rounds + u32::from(again);
    let next_at = act
        .now()
        .checked_add(SignedDuration::from_mins(minutes.into()))
        .ok()
        .filter(|_| rounds <= MOST_ROUNDS || (call.agency.is_none() && people.is_empty()));
    let called = people.iter().map(PersonId::as_str).collect::<Vec<_>>().join(",");
    let row = bind! {
        agency: word(call.agency.as_ref()), report: call.report.get(), place, rounds, called: &called,
        next_at: next_at.map(column::micros), seen: call.next_at.map(column::micros),
    };
    if act.tx().execute(CALL, &row)? == 0 {
        return Err(Refusal::LeaseLost.into());
    }
    for person in &people {
        message::make(act, call.agency.as_ref(), person, Kind::Immediate)?;
    }
    let details = json!({ "agency": call.agency, "people": people, "place": place, "report": call.report, "round": rounds });
    act.note(about(act, call.agency.as_ref(), EventKind::CallMade, call.report).with(details))?;
    Ok(Some(people))
}

/// The place after this one at which somebody's turn is now, whether the ladder began anew for it, who, and for how long.
fn whose(ladder: &[Step], after: u32, now: Timestamp) -> Option<(u32, bool, Vec<PersonId>, u32)> {
    let live: Vec<&Step> = ladder
        .iter()
        .filter(|step| step.from_at <= now && step.until_at.is_none_or(|until| now < until))
        .collect();
    let first = live.iter().map(|step| step.place).min()?;
    let next = live.iter().map(|step| step.place).filter(|place| *place > after).min();
    let (place, again) = next.map_or((first, true), |place| (place, false));
    let at: Vec<&&Step> = live.iter().filter(|step| step.place == place).collect();
    let minutes = at.iter().map(|step| step.minutes).min()?;
    let mut people: Vec<PersonId> = at.iter().map(|step| step.person.clone()).collect();
    people.sort();
    people.dedup();
    Some((place, again, people, minutes))
}

fn commanders(view: &View<'_>, of: Option<&AgencyId>) -> Result<Vec<PersonId>> {
    let rows: Vec<String> = view.tx().rows(COMMANDERS, &bind! { agency: word(of), most: MOST_COMMANDERS })?;
    rows.iter().map(|id| Ok(PersonId::parse(id).map_err(|_| Refusal::NotFound)?)).collect()
}

/// Whether nobody of the agency has taken notice of the report yet. What waits at the desk, `dissemination` knows.
fn is_new(view: &View<'_>, call: &Call) -> Result<bool> {
    let Some(agency) = &call.agency else { return Ok(true) };
    let status = standing::status(view, agency, call.report)?;
    Ok(status.is_some_and(|status| status == Status::New))
}

/// Somebody says that they have it: nobody else is called, and at an agency the report is taken notice of.
///
/// # Errors
/// [`Refusal::NotFound`] without an open call.
pub fn answer(act: &Act<'_>, permit: &Permit<Work>, report: ReportId) -> Result<()> {
    let own = at_home(permit)?;
    answered(act, own, report, &act.actor().text())?;
    if own.is_none() {
        return Ok(());
    }
    let now = standing::get(act, permit, report)?;
    if now.said.status == Status::New {
        standing::change(act, permit, (report, now.version), &Change::acknowledge(), None)?;
    }
    Ok(())
}

/// Ends a call, by whoever has the report or by what was done with it.
///
/// # Errors
/// [`Refusal::NotFound`] without an open call.
pub fn answered(act: &Act<'_>, own: Option<&AgencyId>, report: ReportId, by: &str) -> Result<()> {
    let row = bind! { agency: word(own), report: report.get(), by, now: column::micros(act.now()) };
    if act.tx().execute(ANSWER, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let details = json!({ "agency": own, "by": by, "report": report });
    act.note(about(act, own, EventKind::CallAnswered, report).with(details))?;
    Ok(())
}

/// Who works at the desk is between it and the ledger: no event of the report, which a certificate would show to whoever has
/// it.
fn about(act: &Act<'_>, own: Option<&AgencyId>, kind: EventKind, report: ReportId) -> Event {
    match own {
        Some(_) => standing::about(act, kind, report),
        None => Event::of_house(kind).to(format!("report-{report}")),
    }
}

fn note(act: &Act<'_>, kind: EventKind, details: serde_json::Value) -> Result<()> {
    act.note(Event::of_house(kind).with(details))?;
    Ok(())
}

impl FromRow for Step {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            id: row.get("id")?,
            place: row.get("place")?,
            person: column::parsed(row, "person_id")?,
            minutes: row.get("minutes")?,
            from_at: column::moment(row, "from_at")?,
            until_at: column::moment_option(row, "until_at")?,
        })
    }
}

impl FromRow for Call {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            agency: agency_of(row, "agency_id")?,
            report: column::report(row, "report_id")?,
            raised_at: column::moment(row, "raised_at")?,
            place: row.get("place")?,
            rounds: row.get("rounds")?,
            called: row.get("called")?,
            next_at: column::moment_option(row, "next_at")?,
            answered_at: column::moment_option(row, "answered_at")?,
            answered_by: row.get("answered_by")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(place: u32, person: &str, (from, until): (i64, Option<i64>)) -> Step {
        let at = |second| Timestamp::from_second(second).unwrap();
        let (id, person) = (format!("oc-{place}-{person}"), PersonId::parse(person).unwrap());
        Step { id, place, person, minutes: place * 5, from_at: at(from), until_at: until.map(at) }
    }

    #[test]
    fn turns_follow_the_places_and_the_days_and_begin_anew_at_the_end() {
        let ladder = [
            step(1, "ann", (0, Some(100))),
            step(1, "bob", (100, None)),
            step(3, "cyd", (0, None)),
            step(3, "dan", (50, Some(60))),
        ];
        let turn = |after, second| {
            let (place, again, people, minutes) =
                whose(&ladder, after, Timestamp::from_second(second).unwrap()).unwrap();
            (place, again, people.iter().map(ToString::to_string).collect::<Vec<_>>().join("+"), minutes)
        };
        assert_eq!(turn(0, 10), (1, false, "ann".to_owned(), 5));
        assert_eq!(turn(0, 100), (1, false, "bob".to_owned(), 5));
        assert_eq!(turn(1, 55), (3, false, "cyd+dan".to_owned(), 15));
        assert_eq!(turn(3, 70), (1, true, "ann".to_owned(), 5));
        assert_eq!(whose(&[], 0, Timestamp::UNIX_EPOCH), None);
        assert_eq!(whose(&ladder[1..2], 0, Timestamp::UNIX_EPOCH), None);
    }
}
