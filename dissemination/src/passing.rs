//! Criminal justice information on its way out of an agency: one labelled entry of a case at a time, to an agency whose
//! standing is verified, and never without a record of who asked for it, who gets it in the end, and why. Only
//! added to. Deliberately absent: any other way out of such an entry.

use casework::{Keeper, casefile, entry};
use database::{FromRow, Row, bind};
use domain::{AgencyClass, AgencyId, CaseId, Id, MemberLevel};
use house::sealed::{self, Cell};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::agency::{self, Agency};

use crate::{Act, Event, EventKind, Refusal, Result, View, column};

const INSERT: &str = "-- passing::insert
    INSERT INTO case_passing (number, id, entry_id, version, receiver_id, passed_by, passed_at, sealed_words)
    VALUES (:number, :id, :entry, :version, :receiver, :by, :now, :sealed_words)";

const OF_ENTRY: &str = "-- passing::of_entry
    SELECT id, version, receiver_id, passed_by, passed_at, sealed_words FROM case_passing
    WHERE number = :number AND entry_id = :entry ORDER BY passed_at DESC, id LIMIT :most";

/// Letters of one answer.
pub const MOST_LETTERS: usize = 2_000;
/// Of one entry, so many are listed: those that were passed on last.
pub const MOST_LISTED: u32 = 500;

/// What must be on record of a passing, beside the agency that gets it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Words {
    /// Who of that agency asked for it.
    pub requester: String,
    /// Who gets it from them: the secondary recipient, or the requester again.
    pub recipient: String,
    /// Why.
    pub reason: String,
}

impl Words {
    /// Whether everything is said, each within its bound.
    fn fit(&self) -> bool {
        let said = |text: &String| (1..=MOST_LETTERS).contains(&text.trim().chars().count());
        [&self.requester, &self.recipient, &self.reason].into_iter().all(said)
    }
}

/// What somebody wants to pass on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPassing {
    /// The case.
    pub case: CaseId,
    /// The entry.
    pub entry: String,
    /// Its version, as they saw it.
    pub version: u32,
    /// The agency that gets it.
    pub receiver: AgencyId,
    /// Everything else that must be on record.
    pub words: Words,
}

/// That an entry was passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passing {
    /// Its name within the case.
    pub id: String,
    /// In which version.
    pub version: u32,
    /// The agency that got it.
    pub receiver: AgencyId,
    /// Who passed it on, as the ledger writes them.
    pub passed_by: String,
    /// When.
    pub passed_at: Timestamp,
    /// Everything else that must be on record.
    pub words: Words,
}

/// The agencies to which it may be passed on: the keeper's own and those of the country whose qualifying fact holds now.
///
/// # Errors
/// A fault of the database.
pub fn receivers(view: &View<'_>) -> Result<Vec<Agency>> {
    let mut all = agency::list(view)?;
    all.retain(|agency| agency.disabled_at.is_none() && is_requester(agency, view.now()));
    Ok(all)
}

/// What the exchange with FBI CJIS systems is open to: agencies of the country. A foreign one has its own way to ask.
fn is_requester(agency: &Agency, at: Timestamp) -> bool {
    agency.class != AgencyClass::Foreign && agency.is_qualified(at)
}

/// Whether somebody may pass it on, with the entry and the agency that would get it.
///
/// # Errors
/// [`Refusal::NotFound`] out of reach, for no such entry and for whoever is no person; [`Refusal::NotAllowed`] for whoever may
/// only read; [`Refusal::Conflict`] when somebody wrote it anew since; [`Refusal::Unfit`] for an entry without the label, and
/// where something is missing or too long; [`Refusal::NotQualified`] for whoever is no validated requester: an agency
/// without a qualifying fact in force or switched off, a foreign one, and whatever is no agency of the register.
pub fn judge(view: &View<'_>, keeper: &Keeper, new: &NewPassing) -> Result<(entry::Entry, Agency)> {
    keeper.person()?;
    let found = entry::get(view, keeper, new.case, &new.entry)?;
    if casefile::level(view, keeper, new.case)? < MemberLevel::Works {
        return Err(Refusal::NotAllowed.into());
    }
    if found.cji_at.is_none() {
        return Err(Refusal::Unfit { what: "entry without the label" }.into());
    }
    let receiver = validated(view, &new.receiver)?;
    if !new.words.fit() {
        return Err(Refusal::Unfit { what: "requester, recipient or reason" }.into());
    }
    if found.version != new.version {
        return Err(Refusal::Conflict.into());
    }
    Ok((found, receiver))
}

fn validated(view: &View<'_>, id: &AgencyId) -> Result<Agency> {
    match agency::live(view, id, view.now()) {
        Ok(agency) if is_requester(&agency, view.now()) => Ok(agency),
        Err(error) if error.refusal().is_none() => Err(error),
        Ok(_) | Err(_) => Err(Refusal::NotQualified.into()),
    }
}

/// Records that an entry leaves, with so many bytes. Answers the name of the record.
///
/// # Errors
/// As [`judge`].
pub fn record(act: &Act<'_>, keeper: &Keeper, new: &NewPassing, bytes: u64) -> Result<String> {
    judge(act, keeper, new)?;
    let id = seal::hex(&act.chance::<8>()?);
    let row = bind! {
        number: new.case.get(), id: &id, entry: &new.entry, version: new.version, receiver: new.receiver.as_str(),
        by: act.actor().text(), now: column::micros(act.now()),
        sealed_words: sealed::json(act, cell(new.case, &id), &new.words)?,
    };
    act.tx().execute(INSERT, &row)?;
    let told = json!({ "entry": new.entry, "version": new.version, "receiver": new.receiver, "passing": id });
    act.note(event(EventKind::CjiPassedOn, new).with(told).taking(bytes))?;
    Ok(id)
}

/// Records that an entry was not passed on, and under which code.
///
/// # Errors
/// [`Refusal::NotFound`] for what the keeper does not reach.
pub fn refused(act: &Act<'_>, keeper: &Keeper, new: &NewPassing, code: &str) -> Result<()> {
    let found = entry::get(act, keeper, new.case, &new.entry)?;
    // Nothing that somebody made up: an agency of the register, or none.
    let receiver = agency::get(act, &new.receiver).ok().map(|agency| agency.id);
    let told = json!({ "entry": found.id, "version": new.version, "receiver": receiver });
    act.note(event(EventKind::CjiRefused, new).with(told).refused(code))?;
    Ok(())
}

fn event(kind: EventKind, new: &NewPassing) -> Event {
    Event::of_house(kind).to(format!("case-{}", new.case))
}

/// Each time that an entry was passed on, the last one first.
///
/// # Errors
/// [`Refusal::NotFound`] for a case out of reach.
pub fn of_entry(view: &View<'_>, keeper: &Keeper, (case, entry): (CaseId, &str)) -> Result<Vec<Passing>> {
    casefile::level(view, keeper, case)?;
    let asked = bind! { number: case.get(), entry, most: MOST_LISTED };
    let rows: Vec<Sealed> = view.tx().rows(OF_ENTRY, &asked)?;
    let opened = rows.into_iter().map(|Sealed(passing, sealed)| {
        let words = sealed::open_json(view, cell(case, &passing.id), &sealed)?;
        Ok(Passing { words, ..passing })
    });
    opened.collect()
}

fn cell(case: CaseId, row: &str) -> Cell<'_> {
    Cell { report: case.key(), table: "case_passing", row, column: "sealed_words" }
}

/// A passing without its words, and those.
struct Sealed(Passing, Vec<u8>);

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let passing = Passing {
            id: row.get("id")?,
            version: row.get("version")?,
            receiver: column::parsed(row, "receiver_id")?,
            passed_by: row.get("passed_by")?,
            passed_at: column::moment(row, "passed_at")?,
            words: Words::default(),
        };
        Ok(Self(passing, row.get("sealed_words")?))
    }
}
