//! Whom another agency calls when both hold related material.

use database::{FromRow, Row, bind};
use domain::{AgencyId, Id};
use jiff::Timestamp;
use policy::Permit;
use policy::permit::{Assign, Deconflict};
use seal::Place;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column};

const PUT: &str = "-- desk_contact::put
    INSERT INTO desk_contact (agency_id, changed_by, changed_at, version, sealed_contact)
    VALUES (:agency, :by, :now, 1, :sealed_contact)
    ON CONFLICT (agency_id) DO UPDATE SET changed_by = excluded.changed_by, changed_at = excluded.changed_at,
        version = desk_contact.version + 1, sealed_contact = excluded.sealed_contact";

const GET: &str = "-- desk_contact::get
    SELECT changed_at, version, sealed_contact FROM desk_contact WHERE agency_id = :agency";

/// Letters of one answer.
const MOST_LETTERS: usize = 200;

/// Whom to call; of a desk, not of a person, so that somebody answers at night.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contact {
    /// The desk.
    pub desk: String,
    /// Its telephone.
    pub phone: String,
    /// Its mailbox.
    pub mail: String,
}

/// A contact as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Whom to call.
    pub contact: Contact,
    /// Since when.
    pub changed_at: Timestamp,
    /// Counts the changes; 0 where nothing was said yet.
    pub version: u32,
}

/// Records whom others call at the permit's agency.
///
/// # Errors
/// [`Refusal::Unfit`] without a desk or without both a telephone and a mailbox, [`Refusal::Conflict`] when somebody else
/// changed it since.
pub fn put(act: &Act<'_>, permit: &Permit<Assign>, version: u32, contact: &Contact) -> Result<()> {
    let agency = crate::agency(permit)?;
    let said = |text: &str| (1..=MOST_LETTERS).contains(&text.trim().chars().count());
    let fits = said(&contact.desk) && (said(&contact.phone) || said(&contact.mail));
    let short = [&contact.desk, &contact.phone, &contact.mail]
        .iter()
        .all(|text| text.chars().count() <= MOST_LETTERS);
    (fits && short).then_some(()).ok_or(Refusal::Unfit { what: "contact" })?;
    if find(act, agency)?.map_or(0, |known| known.version) != version {
        return Err(Refusal::Conflict.into());
    }
    let plain = serde_json::to_vec(contact).map_err(|_| house::Fault::Row { what: "contact" })?;
    let row = bind! {
        agency: agency.as_str(), by: act.actor().text(), now: column::micros(act.now()),
        sealed_contact: act.seal(act.house_key(), &place(agency), &plain)?,
    };
    act.tx().execute(PUT, &row)?;
    let details = json!({ "agency": agency, "version": version + 1 });
    act.note(Event::of_house(EventKind::DeskContactPut).with(details))?;
    Ok(())
}

/// The contact of an agency, for whoever may hear that it holds related material.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &View<'_>, _permit: &Permit<Deconflict>, agency: &AgencyId) -> Result<Option<Known>> {
    find(view, agency)
}

fn find(view: &View<'_>, agency: &AgencyId) -> Result<Option<Known>> {
    let Some(Sealed(known, sealed)) = view.tx().find(GET, &bind! { agency: agency.as_str() })? else {
        return Ok(None);
    };
    let plain = view.open(view.house_key(), &place(agency), &sealed)?.into_inner();
    let contact = serde_json::from_slice(&plain).map_err(|_| house::Fault::Row { what: "contact" })?;
    Ok(Some(Known { contact, ..known }))
}

fn place(agency: &AgencyId) -> Place<'_> {
    Place { table: "desk_contact", row: agency.as_str().as_bytes(), column: "sealed_contact" }
}

struct Sealed(Known, Vec<u8>);

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let known = Known {
            contact: Contact::default(),
            changed_at: column::moment(row, "changed_at")?,
            version: row.get("version")?,
        };
        Ok(Self(known, row.get("sealed_contact")?))
    }
}
