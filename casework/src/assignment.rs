//! Assignment by rule: units with their people, and rules that give a report that just came to a unit, and there to whoever
//! is next. What a rule gave is a change like any other: it stands in the history, and can be taken back.

use database::{FromRow, Row, bind};
use domain::{AgencyId, Id, PersonId, Priority, ReportId};
use policy::permit::Assign;
use policy::{List, Permit};
use serde_json::json;

use crate::standing::{self, Change, MOST_UNIT_LETTERS};
use crate::{Act, Event, EventKind, Refusal, Result, View, agency, column};

const RULES: &str = "-- assignment::rules
    SELECT position, incident_type, place, rank, unit, in_turn FROM assign_rule
    WHERE agency_id = :agency AND removed_at IS NULL ORDER BY position LIMIT :most";

/// The numbers of rules that were taken away count: none is given out again.
const LAST_RULE: &str = "-- assignment::last_rule
    SELECT COALESCE(MAX(position), 0) FROM assign_rule WHERE agency_id = :agency";

const INSERT_RULE: &str = "-- assignment::insert_rule
    INSERT INTO assign_rule (agency_id, position, incident_type, place, rank, unit, in_turn, changed_by, changed_at)
    VALUES (:agency, :position, :incident_type, :place, :rank, :unit, :in_turn, :by, :now)";

const REMOVE_RULE: &str = "-- assignment::remove_rule
    UPDATE assign_rule SET removed_at = :now
    WHERE agency_id = :agency AND position = :position AND removed_at IS NULL";

const MEMBERS: &str = "-- assignment::members
    SELECT unit, person_id FROM unit_member WHERE agency_id = :agency ORDER BY unit, person_id LIMIT :most";

const INSERT_MEMBER: &str = "-- assignment::insert_member
    INSERT INTO unit_member (agency_id, unit, person_id, turn) VALUES (:agency, :unit, :person, 0)
    ON CONFLICT (agency_id, unit, person_id) DO NOTHING";

const REMOVE_MEMBER: &str = "-- assignment::remove_member
    DELETE FROM unit_member WHERE agency_id = :agency AND unit = :unit AND person_id = :person";

const RULED: &str = "-- assignment::ruled
    SELECT agency_id FROM delivery WHERE report_id = :report
    AND EXISTS (SELECT 1 FROM assign_rule WHERE assign_rule.agency_id = delivery.agency_id AND removed_at IS NULL)
    ORDER BY agency_id";

const FACTS: &str = "-- assignment::facts
    SELECT incident_type, place FROM standing WHERE agency_id = :agency AND report_id = :report";

// Somebody who was switched off gets nothing, however long ago it was their turn.
const NEXT: &str = "-- assignment::next
    SELECT person_id, turn FROM unit_member WHERE agency_id = :agency AND unit = :unit
    AND EXISTS (SELECT 1 FROM person WHERE person.id = unit_member.person_id AND disabled_at IS NULL)
    ORDER BY turn, person_id LIMIT 1 {for_update}";

const LAST_TURN: &str = "-- assignment::last_turn
    SELECT COALESCE(MAX(turn), 0) FROM unit_member WHERE agency_id = :agency AND unit = :unit";

const TOOK: &str = "-- assignment::took
    UPDATE unit_member SET turn = :turn WHERE agency_id = :agency AND unit = :unit AND person_id = :person";

/// Rules of an agency.
pub const MOST_RULES: u32 = 100;
/// People in units of an agency.
pub const MOST_MEMBERS: u32 = 2_000;
/// Letters of a place.
const MOST_PLACE_LETTERS: usize = 120;

/// To which unit what goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its place in the order in which rules are asked.
    pub position: u32,
    /// Its terms.
    pub terms: Terms,
}

/// What a rule asks for, and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Only this incident type, by its key.
    pub incident_type: Option<String>,
    /// Only this place, in the words of the inbox.
    pub place: Option<String>,
    /// Only this priority or a more urgent one.
    pub least: Option<Priority>,
    /// The unit that gets it.
    pub unit: String,
    /// Whether one of its people gets it, in turn.
    pub in_turn: bool,
}

impl Terms {
    fn fits(&self, facts: &Facts, priority: Priority) -> bool {
        self.incident_type.as_ref().is_none_or(|kind| *kind == facts.incident_type)
            && self.place.as_ref().is_none_or(|place| Some(place) == facts.place.as_ref())
            && self.least.is_none_or(|least| priority.rank() >= least.rank())
    }
}

/// Somebody in a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The unit.
    pub unit: String,
    /// The person.
    pub person: PersonId,
}

/// The rules of the permit's agency, in the order in which they are asked.
///
/// # Errors
/// [`Refusal::NotFound`] for a permit that is not an agency's.
pub fn rules(view: &View<'_>, permit: &Permit<List>) -> Result<Vec<Rule>> {
    of(view, agency(permit)?)
}

/// Adds a rule behind the others.
///
/// # Errors
/// [`Refusal::Unfit`] for a unit or a place without words or with too many, and for too many rules.
pub fn add_rule(act: &Act<'_>, permit: &Permit<Assign>, terms: &Terms) -> Result<()> {
    let own = agency(permit)?;
    named(&terms.unit, MOST_UNIT_LETTERS).then_some(()).ok_or(Refusal::Unfit { what: "unit" })?;
    let placed = terms.place.as_ref().is_none_or(|place| named(place, MOST_PLACE_LETTERS));
    placed.then_some(()).ok_or(Refusal::Unfit { what: "place" })?;
    if of(act, own)?.len() >= MOST_RULES as usize {
        return Err(Refusal::Unfit { what: "number of rules" }.into());
    }
    let last: u32 = act.tx().get(LAST_RULE, &bind! { agency: own.as_str() })?;
    let row = bind! {
        agency: own.as_str(), position: last + 1, incident_type: terms.incident_type.as_deref(), place: terms.place.as_deref(),
        rank: terms.least.map(Priority::rank), unit: &terms.unit, in_turn: i64::from(terms.in_turn),
        by: act.actor().text(), now: column::micros(act.now()),
    };
    act.tx().execute(INSERT_RULE, &row)?;
    note(act, EventKind::AssignRuleChanged, own, &terms.unit)
}

/// Removes a rule; what it gave stays as it is, and its number is never given out again.
///
/// # Errors
/// [`Refusal::NotFound`] for none at this place.
pub fn remove_rule(act: &Act<'_>, permit: &Permit<Assign>, position: u32) -> Result<()> {
    let own = agency(permit)?;
    let row = bind! { agency: own.as_str(), position, now: column::micros(act.now()) };
    if act.tx().execute(REMOVE_RULE, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    note(act, EventKind::AssignRuleChanged, own, "")
}

/// Who is in which unit.
///
/// # Errors
/// [`Refusal::NotFound`] for a permit that is not an agency's.
pub fn members(view: &View<'_>, permit: &Permit<List>) -> Result<Vec<Member>> {
    let asked = bind! { agency: agency(permit)?.as_str(), most: MOST_MEMBERS };
    Ok(view.tx().rows(MEMBERS, &asked)?)
}

/// Takes somebody into a unit; whoever calls made sure that they are one of the agency's people. They are next.
///
/// # Errors
/// [`Refusal::Unfit`] for a unit without a name or with too long a one, and for too many people.
pub fn add_member(act: &Act<'_>, permit: &Permit<Assign>, member: &Member) -> Result<()> {
    let own = agency(permit)?;
    named(&member.unit, MOST_UNIT_LETTERS).then_some(()).ok_or(Refusal::Unfit { what: "unit" })?;
    let asked = bind! { agency: own.as_str(), most: MOST_MEMBERS };
    if act.tx().rows::<Member>(MEMBERS, &asked)?.len() >= MOST_MEMBERS as usize {
        return Err(Refusal::Unfit { what: "number of people" }.into());
    }
    act.tx().execute(INSERT_MEMBER, &row(own, member))?;
    note(act, EventKind::UnitChanged, own, &member.unit)
}

/// Takes somebody out of a unit.
///
/// # Errors
/// [`Refusal::NotFound`] for who is not in it.
pub fn remove_member(act: &Act<'_>, permit: &Permit<Assign>, member: &Member) -> Result<()> {
    let own = agency(permit)?;
    if act.tx().execute(REMOVE_MEMBER, &row(own, member))? == 0 {
        return Err(Refusal::NotFound.into());
    }
    note(act, EventKind::UnitChanged, own, &member.unit)
}

/// Says that [`arrived`] will be called in this act.
pub(crate) fn foresee(act: &Act<'_>, report: ReportId) -> Result<()> {
    Ok(act.tx().ahead(&[(RULED, bind! { report: report.get() })])?)
}

/// Gives a report that was just made available to whom the rules of each of its agencies name. What somebody has said
/// something of already is left alone, so that nothing is done twice.
///
/// # Errors
/// A fault of the database.
pub(crate) fn arrived(act: &Act<'_>, report: ReportId) -> Result<()> {
    for Ruled(own) in act.tx().rows::<Ruled>(RULED, &bind! { report: report.get() })? {
        let facts: Facts = act.tx().get(FACTS, &bind! { agency: own.as_str(), report: report.get() })?;
        let untouched = standing::untouched(act, &own, report)?;
        let Some(found) = untouched else { continue };
        let rules = of(act, &own)?;
        let Some(rule) = rules.iter().find(|rule| rule.terms.fits(&facts, found.priority())) else {
            continue;
        };
        let person = if rule.terms.in_turn { next(act, &own, &rule.terms.unit)? } else { None };
        let unit = Some(Some(rule.terms.unit.clone()));
        let change = Change { person: person.map(Some), unit, ..Change::default() };
        standing::put_by_rule(act, &own, &found, &change)?;
    }
    Ok(())
}

/// Whoever of a unit got something longest ago; it is somebody else's turn then.
fn next(act: &Act<'_>, own: &AgencyId, unit: &str) -> Result<Option<PersonId>> {
    let asked = bind! { agency: own.as_str(), unit };
    let Some(Turn(person)) = act.tx().find(NEXT, &asked)? else { return Ok(None) };
    let last: i64 = act.tx().get(LAST_TURN, &asked)?;
    act.tx().execute(TOOK, &asked.with("person", person.as_str()).with("turn", last + 1))?;
    Ok(Some(person))
}

fn of(view: &View<'_>, own: &AgencyId) -> Result<Vec<Rule>> {
    Ok(view.tx().rows(RULES, &bind! { agency: own.as_str(), most: MOST_RULES })?)
}

fn row(own: &AgencyId, member: &Member) -> database::Args {
    bind! { agency: own.as_str(), unit: &member.unit, person: member.person.as_str() }
}

fn named(name: &str, most: usize) -> bool {
    (1..=most).contains(&name.chars().count()) && !name.chars().any(char::is_control)
}

fn note(act: &Act<'_>, kind: EventKind, own: &AgencyId, unit: &str) -> Result<()> {
    act.note(Event::of_house(kind).with(json!({ "agency": own, "unit": unit })))?;
    Ok(())
}

struct Ruled(AgencyId);

impl FromRow for Ruled {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::parsed(row, "agency_id").map(Self)
    }
}

struct Turn(PersonId);

impl FromRow for Turn {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::parsed(row, "person_id").map(Self)
    }
}

struct Facts {
    incident_type: String,
    place: Option<String>,
}

impl FromRow for Facts {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self { incident_type: row.get("incident_type")?, place: row.get("place")? })
    }
}

impl FromRow for Member {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self { unit: row.get("unit")?, person: column::parsed(row, "person_id")? })
    }
}

impl FromRow for Rule {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let terms = Terms {
            incident_type: row.get("incident_type")?,
            place: row.get("place")?,
            least: row.get::<Option<standing::Ranked>>("rank")?.map(|ranked| ranked.0),
            unit: row.get("unit")?,
            in_turn: row.get::<i64>("in_turn")? == 1,
        };
        Ok(Self { position: row.get("position")?, terms })
    }
}
