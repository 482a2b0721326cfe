//! Which models of keys a home takes: an agency that may use only listed models says so here, model by model.

use database::{FromRow, Row, bind};
use domain::Id;
use jiff::Timestamp;
use serde_json::json;

use crate::person::Home;
use crate::{Act, Event, EventKind, Refusal, Result, View, column};

/// Models that one home lists.
const MOST: u32 = 200;
/// Bytes of a certificate in text.
const MOST_PEM_BYTES: usize = 16 * 1024;

const PUT: &str = "-- model::put
    INSERT INTO accepted_model (home, aaguid, name, fips, root_pem, added_at)
    VALUES (:home, :aaguid, :name, :fips, :root_pem, :now)
    ON CONFLICT (home, aaguid) DO UPDATE SET name = :name, fips = :fips, root_pem = :root_pem";

const REMOVE: &str = "-- model::remove
    DELETE FROM accepted_model WHERE home = :home AND aaguid = :aaguid";

const OF_HOME: &str = "-- model::of_home
    SELECT aaguid, name, fips, root_pem, added_at FROM accepted_model WHERE home = :home ORDER BY name, aaguid
    LIMIT :most";

/// A model that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Its AAGUID, in lower case with hyphens.
    pub aaguid: String,
    /// What its makers call it.
    pub name: String,
    /// It stands on a FIPS 140 certificate.
    pub fips: bool,
    /// The certificate that its makers sign with, when keys have to prove that they are of this model.
    pub root_pem: Option<String>,
    /// When it was accepted.
    pub added_at: Option<Timestamp>,
}

/// Accepts a model for a home. From the first one on, the home takes no other.
///
/// # Errors
/// [`Refusal::Unfit`] for what is no AAGUID, an empty name, or too long a certificate.
pub fn put(act: &Act<'_>, home: &Home, model: &Model) -> Result<()> {
    let aaguid = model.aaguid.to_ascii_lowercase();
    let sound = aaguid.len() == 36
        && aaguid.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    if !sound {
        return Err(Refusal::Unfit { what: "AAGUID" }.into());
    }
    if model.name.trim().is_empty() || model.root_pem.as_ref().is_some_and(|pem| pem.len() > MOST_PEM_BYTES) {
        return Err(Refusal::Unfit { what: "model" }.into());
    }
    let home = word(home);
    let row = bind! {
        home: home.as_str(), aaguid: aaguid.as_str(), name: model.name.trim(), fips: u32::from(model.fips),
        root_pem: model.root_pem.as_deref(), now: column::micros(act.now()),
    };
    act.tx().execute(PUT, &row)?;
    let details =
        json!({ "aaguid": aaguid, "fips": model.fips, "home": home, "proved": model.root_pem.is_some() });
    act.note(Event::of_house(EventKind::KeyModelAccepted).with(details))?;
    Ok(())
}

/// Takes a model off the list. Keys of it that are enrolled stay.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not on the list.
pub fn remove(act: &Act<'_>, home: &Home, aaguid: &str) -> Result<()> {
    let home = word(home);
    if act.tx().execute(REMOVE, &bind! { home: home.as_str(), aaguid })? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let details = json!({ "aaguid": aaguid, "home": home });
    act.note(Event::of_house(EventKind::KeyModelDropped).with(details))?;
    Ok(())
}

/// The models that a home takes; every model when there is none.
///
/// # Errors
/// A fault of the database.
pub fn of_home(view: &View<'_>, home: &Home) -> Result<Vec<Model>> {
    Ok(view.tx().rows(OF_HOME, &bind! { home: word(home), most: MOST })?)
}

/// A home as these rows write it.
fn word(home: &Home) -> String {
    match home {
        Home::House => "house".to_owned(),
        Home::Agency(agency) => format!("agency:{}", agency.as_str()),
        Home::Provider(provider) => format!("provider:{}", provider.as_str()),
    }
}

impl FromRow for Model {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            aaguid: row.get("aaguid")?,
            name: row.get("name")?,
            fips: row.get::<i64>("fips")? != 0,
            root_pem: row.get("root_pem")?,
            added_at: Some(column::moment(row, "added_at")?),
        })
    }
}
