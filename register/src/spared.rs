//! What a person chose not to be shown. Nobody asks why, nobody else is told which, and it can be changed at any time.

use database::{FromRow, Row, bind};
use domain::portal::Spared;
use domain::{Actor, Id, PersonId};
use policy::Permit;
use policy::permit::ViewMedia;

use crate::{Act, Event, EventKind, Refusal, Result, View, column};

const OF: &str = "-- spared::of
    SELECT category FROM spared_category WHERE person_id = :person ORDER BY category";

const CLEAR: &str = "-- spared::clear
    DELETE FROM spared_category WHERE person_id = :person";

const PUT: &str = "-- spared::put
    INSERT INTO spared_category (person_id, category, chosen_at) VALUES (:person, :category, :now)";

/// What the permit's person is spared.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &View<'_>, permit: &Permit<ViewMedia>) -> Result<Vec<Spared>> {
    let rows: Vec<Chosen> = view.tx().rows(OF, &bind! { person: person(permit)?.as_str() })?;
    Ok(rows.into_iter().map(|Chosen(category)| category).collect())
}

/// The permit's person chooses what to be spared from now on. The ledger says that they chose, and not what.
///
/// # Errors
/// A fault of the database.
pub fn choose(act: &Act<'_>, permit: &Permit<ViewMedia>, categories: &[Spared]) -> Result<()> {
    let person = person(permit)?.as_str();
    act.tx().execute(CLEAR, &bind! { person })?;
    for category in Spared::ALL.iter().filter(|one| categories.contains(one)) {
        let row = bind! { person, category: category.as_str(), now: column::micros(act.now()) };
        act.tx().execute(PUT, &row)?;
    }
    act.note(Event::of_house(EventKind::WellnessChosen))?;
    Ok(())
}

fn person(permit: &Permit<ViewMedia>) -> Result<&PersonId> {
    match permit.actor() {
        Actor::Person { person, .. } => Ok(person),
        _ => Err(Refusal::NotFound.into()),
    }
}

struct Chosen(Spared);

impl FromRow for Chosen {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::parsed(row, "category").map(Self)
    }
}
