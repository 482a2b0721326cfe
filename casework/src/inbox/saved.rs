//! Questions to the inbox under a name: each person's own, and those that a commander gives to everybody of the agency.

use database::{FromRow, Row, bind};
use domain::{Id, PersonId};
use policy::permit::Assign;
use policy::{List, Permit};
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, agency, column, person};

const LIST: &str = "-- inbox::views
    SELECT id, person_id, name, question, shared FROM saved_view
    WHERE agency_id = :agency AND (person_id = :person OR shared = 1) ORDER BY name, id LIMIT :most";

const COUNT: &str = "-- inbox::count_views
    SELECT COUNT(*) FROM saved_view WHERE agency_id = :agency AND person_id = :person AND name <> :name";

const PUT: &str = "-- inbox::save_view
    INSERT INTO saved_view (id, agency_id, person_id, name, question, shared, saved_at)
    VALUES (:id, :agency, :person, :name, :question, :shared, :now)
    ON CONFLICT (agency_id, person_id, name) DO UPDATE SET question = excluded.question, shared = excluded.shared,
        saved_at = excluded.saved_at";

const REMOVE: &str = "-- inbox::remove_view
    DELETE FROM saved_view WHERE id = :id AND agency_id = :agency AND person_id = :person";

/// Views of one person.
pub const MOST_VIEWS: u32 = 50;
/// Views that are listed: one's own and those of others.
const MOST_LISTED: u32 = 200;
/// Letters of a name.
const MOST_NAME_LETTERS: usize = 60;
/// Letters of a question.
const MOST_QUESTION_LETTERS: usize = 1_000;

/// A question under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// By this it is removed.
    pub id: String,
    /// Who saved it.
    pub person: PersonId,
    /// What they call it.
    pub name: String,
    /// The question, as the address of a page writes it.
    pub question: String,
    /// Whether everybody of the agency finds it.
    pub shared: bool,
}

/// A question that is to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewView {
    /// What it is called; a view of the same name is written over.
    pub name: String,
    /// The question.
    pub question: String,
    /// Whether everybody of the agency shall find it.
    pub shared: bool,
}

/// The views that the permit's person finds.
///
/// # Errors
/// [`Refusal::NotFound`] for who is no person of an agency.
pub fn views(view: &View<'_>, permit: &Permit<List>) -> Result<Vec<SavedView>> {
    let asked = bind! {
        agency: agency(permit)?.as_str(), person: person(permit)?.as_str(), most: MOST_LISTED,
    };
    Ok(view.tx().rows(LIST, &asked)?)
}

/// Saves a question.
///
/// # Errors
/// As [`views`]; [`Refusal::Unfit`] for a name or a question that is too long or empty, and for too many views;
/// [`Refusal::NotAllowed`] for one to be shared without the right to assign.
pub fn save_view(
    act: &Act<'_>,
    permit: &Permit<List>,
    new: &NewView,
    assign: Option<&Permit<Assign>>,
) -> Result<()> {
    let (own, who) = (agency(permit)?, person(permit)?);
    let named = (1..=MOST_NAME_LETTERS).contains(&new.name.chars().count());
    let plain = !new.name.chars().chain(new.question.chars()).any(char::is_control);
    (named && plain).then_some(()).ok_or(Refusal::Unfit { what: "name" })?;
    (new.question.len() <= MOST_QUESTION_LETTERS).then_some(()).ok_or(Refusal::Unfit { what: "question" })?;
    if new.shared && assign.is_none_or(|leave| leave.scope() != permit.scope()) {
        return Err(Refusal::NotAllowed.into());
    }
    let held: u32 =
        act.tx().get(COUNT, &bind! { agency: own.as_str(), person: who.as_str(), name: &new.name })?;
    if held >= MOST_VIEWS {
        return Err(Refusal::Unfit { what: "number of views" }.into());
    }
    let row = bind! {
        id: seal::hex(&act.chance::<16>()?), agency: own.as_str(), person: who.as_str(), name: &new.name,
        question: &new.question, shared: i64::from(new.shared), now: column::micros(act.now()),
    };
    act.tx().execute(PUT, &row)?;
    act.note(Event::of_house(EventKind::ViewSaved).with(json!({ "agency": own, "shared": new.shared })))?;
    Ok(())
}

/// Removes a view of the permit's person.
///
/// # Errors
/// As [`views`]; [`Refusal::NotFound`] for one that is not theirs.
pub fn remove_view(act: &Act<'_>, permit: &Permit<List>, id: &str) -> Result<()> {
    let own = agency(permit)?;
    let asked = bind! { id, agency: own.as_str(), person: person(permit)?.as_str() };
    if act.tx().execute(REMOVE, &asked)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    act.note(Event::of_house(EventKind::ViewRemoved).with(json!({ "agency": own })))?;
    Ok(())
}

impl FromRow for SavedView {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            id: row.get("id")?,
            person: column::parsed(row, "person_id")?,
            name: row.get("name")?,
            question: row.get("question")?,
            shared: row.get::<i64>("shared")? == 1,
        })
    }
}
