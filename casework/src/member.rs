//! Who of an agency reaches a case, and why they need to.

use database::{FromRow, Row, bind};
use domain::{CaseId, Id, MemberLevel, PersonId};
use house::sealed::{self, Cell};
use jiff::Timestamp;
use serde_json::json;

use crate::casefile::{MOST_LETTERS, note};
use crate::keeper::Keeper;
use crate::{Act, EventKind, Refusal, Result, View, column};

const INSERT: &str = "-- member::insert
    INSERT INTO case_member (number, person_id, position, level, added_by, added_at, sealed_need)
    VALUES (:number, :person, :position, :level, :by, :now, :sealed_need)";

const NEXT: &str = "-- member::next
    SELECT COUNT(*) + 1 FROM case_member WHERE number = :number AND person_id = :person";

const REMOVE: &str = "-- member::remove
    UPDATE case_member SET removed_by = :by, removed_at = :now
    WHERE number = :number AND person_id = :person AND removed_at IS NULL";

const LEADERS: &str = "-- member::leaders
    SELECT COUNT(*) FROM case_member
    WHERE number = :number AND level = 'leads' AND removed_at IS NULL AND person_id <> :person";

const OF_CASE: &str = "-- member::of_case
    SELECT person_id, position, level, added_by, added_at, removed_at, sealed_need FROM case_member
    WHERE number = :number ORDER BY added_at, person_id, position";

/// A member of a case, present or past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// What they may.
    pub level: MemberLevel,
    /// Who took them in, as the ledger writes them.
    pub added_by: String,
    /// When.
    pub added_at: Timestamp,
    /// Until when they were a member.
    pub removed_at: Option<Timestamp>,
    /// Why they need to know.
    pub need: String,
}

/// Takes a person into a case, or changes what they may. The caller saw that they are of the agency.
///
/// # Errors
/// [`Refusal::NotFound`] out of reach, [`Refusal::NotAllowed`] for whoever does not lead the case, [`Refusal::Closed`],
/// [`Refusal::Unfit`] without a reason, [`Refusal::Conflict`] where nobody would be left to lead it.
pub fn add(
    act: &Act<'_>,
    keeper: &Keeper,
    number: CaseId,
    who: (&PersonId, MemberLevel),
    need: &str,
) -> Result<()> {
    keeper.write(act, number, MemberLevel::Leads)?;
    if !(1..=MOST_LETTERS).contains(&need.trim().chars().count()) {
        return Err(Refusal::Unfit { what: "reason" }.into());
    }
    let (person, level) = who;
    if level != MemberLevel::Leads {
        others_lead(act, number, person)?;
    }
    end(act, number, person)?;
    put(act, number, who, need)?;
    let details = json!({ "person": person, "level": level, "code": "G2-ii" });
    note(act, EventKind::CaseChanged, number, details)
}

/// Takes a person out of a case.
///
/// # Errors
/// As [`add`]; [`Refusal::NotFound`] for whoever is no member.
pub fn remove(act: &Act<'_>, keeper: &Keeper, number: CaseId, person: &PersonId) -> Result<()> {
    keeper.write(act, number, MemberLevel::Leads)?;
    others_lead(act, number, person)?;
    if end(act, number, person)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    note(act, EventKind::CaseChanged, number, json!({ "person": person, "level": null }))
}

/// Everybody who is or was a member of a case.
///
/// # Errors
/// As [`crate::casefile::get`].
pub fn of_case(view: &View<'_>, keeper: &Keeper, number: CaseId) -> Result<Vec<Member>> {
    keeper.reach(view, number, MemberLevel::Reads)?;
    let rows: Vec<Sealed> = view.tx().rows(OF_CASE, &bind! { number: number.get() })?;
    rows.into_iter().map(|row| row.opened(view, number)).collect()
}

/// Writes a member.
pub(crate) fn put(
    act: &Act<'_>,
    number: CaseId,
    (person, level): (&PersonId, MemberLevel),
    need: &str,
) -> Result<()> {
    let asked = bind! { number: number.get(), person: person.as_str() };
    let position: u32 = act.tx().get(NEXT, &asked)?;
    let cell_row = format!("{person}/{position}");
    let row = asked
        .with("position", position)
        .with("level", level.as_str())
        .with("by", act.actor().text())
        .with("now", column::micros(act.now()))
        .with("sealed_need", sealed::json(act, cell(number, &cell_row), need.trim())?);
    act.tx().execute(INSERT, &row)?;
    Ok(())
}

/// INVARIANT: an open case has somebody who leads it.
fn others_lead(act: &Act<'_>, number: CaseId, person: &PersonId) -> Result<()> {
    let others: u32 = act.tx().get(LEADERS, &bind! { number: number.get(), person: person.as_str() })?;
    if others > 0 { Ok(()) } else { Err(Refusal::Conflict.into()) }
}

fn end(act: &Act<'_>, number: CaseId, person: &PersonId) -> Result<u64> {
    let row = bind! {
        number: number.get(), person: person.as_str(), by: act.actor().text(), now: column::micros(act.now()),
    };
    Ok(act.tx().execute(REMOVE, &row)?)
}

fn cell(number: CaseId, row: &str) -> Cell<'_> {
    Cell { report: number.key(), table: "case_member", row, column: "sealed_need" }
}

struct Sealed {
    member: Member,
    position: u32,
    need: Vec<u8>,
}

impl Sealed {
    fn opened(self, view: &View<'_>, number: CaseId) -> Result<Member> {
        let row = format!("{}/{}", self.member.person, self.position);
        Ok(Member { need: sealed::open_json(view, cell(number, &row), &self.need)?, ..self.member })
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            member: Member {
                person: column::parsed(row, "person_id")?,
                level: column::parsed(row, "level")?,
                added_by: row.get("added_by")?,
                added_at: column::moment(row, "added_at")?,
                removed_at: column::moment_option(row, "removed_at")?,
                need: String::new(),
            },
            position: row.get("position")?,
            need: row.get("sealed_need")?,
        })
    }
}
