//! What the house remembers of how it was set up.

use database::bind;
use serde_json::json;

use crate::{Act, Event, EventKind, Result, View};

const GET: &str = "-- setting::get
    SELECT value FROM setting WHERE name = :name";

const PUT: &str = "-- setting::put
    INSERT INTO setting (name, value) VALUES (:name, :value)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value";

/// The value recorded under a name.
///
/// # Errors
/// A fault of the database.
pub fn get(view: &View<'_>, name: &str) -> Result<Option<String>> {
    Ok(view.tx().find(GET, &bind! { name })?)
}

/// Records a value, which is neither secret nor private, and notes that it was.
///
/// # Errors
/// A fault of the database.
pub fn put(act: &Act<'_>, name: &str, value: &str) -> Result<()> {
    act.tx().execute(PUT, &bind! { name, value })?;
    act.note(Event::of_house(EventKind::SettingPut).with(json!({ "name": name, "value": value })))?;
    Ok(())
}
