//! Whom one calls: contacts of every agency and of the clearinghouse, each for a duty. Whoever keeps one says once a year that
//! it still holds; what nobody confirmed is marked, and asked about.

use database::{Args, FromRow, Row, bind};
use domain::AgencyId;
use domain::portal::Duty;
use jiff::{SignedDuration, Timestamp};
use policy::Permit;
use policy::permit::{KeepPortal, UsePortal};
use seal::Place;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column, home};

const INSERT: &str = "-- directory::insert
    INSERT INTO directory_contact (id, agency_id, duty, version, changed_by, changed_at, confirmed_by, confirmed_at,
        sealed_words)
    VALUES (:id, :home, :duty, 1, :by, :now, :by, :now, :sealed_words)";

const UPDATE: &str = "-- directory::update
    UPDATE directory_contact SET duty = :duty, version = version + 1, changed_by = :by, changed_at = :now,
        confirmed_by = :by, confirmed_at = :now, sealed_words = :sealed_words
    WHERE id = :id AND agency_id = :home AND version = :version AND removed_at IS NULL";

const CONFIRM: &str = "-- directory::confirm
    UPDATE directory_contact SET version = version + 1, confirmed_by = :by, confirmed_at = :now
    WHERE id = :id AND agency_id = :home AND version = :version AND removed_at IS NULL";

const REMOVE: &str = "-- directory::remove
    UPDATE directory_contact SET version = version + 1, changed_by = :by, changed_at = :now, removed_at = :now
    WHERE id = :id AND agency_id = :home AND version = :version AND removed_at IS NULL";

const KNOWN: &str = "-- directory::known
    SELECT 1 FROM directory_contact WHERE id = :id AND agency_id = :home AND removed_at IS NULL";

const COUNT: &str = "-- directory::count
    SELECT COUNT(*) FROM directory_contact WHERE agency_id = :home AND removed_at IS NULL";

const LIST: &str = "-- directory::list
    SELECT directory_contact.id, agency_id, duty, version, directory_contact.changed_at, confirmed_at, sealed_words,
        agency.name AS home_name, agency.state
    FROM directory_contact LEFT JOIN agency ON agency.id = agency_id
    WHERE removed_at IS NULL AND agency.disabled_at IS NULL
    ORDER BY agency_id, duty, directory_contact.id LIMIT :most";

const OWN: &str = "-- directory::own
    SELECT directory_contact.id, agency_id, duty, version, directory_contact.changed_at, confirmed_at, sealed_words,
        agency.name AS home_name, agency.state
    FROM directory_contact LEFT JOIN agency ON agency.id = agency_id
    WHERE removed_at IS NULL AND agency_id = :home ORDER BY duty, directory_contact.id LIMIT :most";

/// After this a contact is asked about again.
pub const HOLDS: SignedDuration = SignedDuration::from_hours(365 * 24);
/// Contacts of one agency.
pub const MOST_CONTACTS: u32 = 50;
/// Contacts that are listed: every agency of the country, with some for each.
const MOST_LISTED: u32 = 10_000;
/// Letters of one answer.
pub const MOST_LETTERS: usize = 200;

/// Whom one calls, and how; a desk rather than a person, so that somebody answers when that person has gone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Words {
    /// The desk, or who.
    pub desk: String,
    /// Its telephone.
    pub phone: String,
    /// Its mailbox.
    pub mail: String,
    /// When somebody answers.
    pub hours: String,
}

/// A contact as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its name.
    pub id: String,
    /// Whose it is; `None` is the clearinghouse.
    pub agency: Option<AgencyId>,
    /// What that agency is called; `None` for the clearinghouse.
    pub agency_name: Option<String>,
    /// The state that agency belongs to.
    pub state: Option<String>,
    /// What one calls about.
    pub duty: Duty,
    /// Whom.
    pub words: Words,
    /// Counts the changes.
    pub version: u32,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// When somebody last said that it holds.
    pub confirmed_at: Timestamp,
}

impl Contact {
    /// Whether nobody said for a year that it holds.
    #[must_use]
    pub fn is_stale(&self, at: Timestamp) -> bool {
        self.confirmed_at.checked_add(HOLDS).is_ok_and(|until| until <= at)
    }
}

/// Adds a contact of the permit's home, and answers its name.
///
/// # Errors
/// [`Refusal::Unfit`] without a desk, without both telephone and mailbox, with too many letters, and for one too many.
pub fn add(act: &Act<'_>, permit: &Permit<KeepPortal>, duty: Duty, words: &Words) -> Result<String> {
    let home = home(permit)?;
    check(words)?;
    if act.tx().get::<u32>(COUNT, &bind! { home })? >= MOST_CONTACTS {
        return Err(Refusal::Unfit { what: "number of contacts" }.into());
    }
    let id = seal::hex(&act.chance::<16>()?);
    let row = bind! {
        id: &id, home, duty: duty.as_str(), by: act.actor().text(), now: column::micros(act.now()),
        sealed_words: sealed(act, &id, words)?,
    };
    act.tx().execute(INSERT, &row)?;
    note(act, EventKind::DirectoryPut, &id, home, 1)?;
    Ok(id)
}

/// Writes a contact anew, as somebody saw it. Whoever writes it says that it holds.
///
/// # Errors
/// As [`add`]; [`Refusal::NotFound`] for one of others, [`Refusal::Conflict`] when somebody else changed it since.
pub fn change(
    act: &Act<'_>,
    permit: &Permit<KeepPortal>,
    (id, version): (&str, u32),
    duty: Duty,
    words: &Words,
) -> Result<()> {
    check(words)?;
    let row = bind! { duty: duty.as_str(), sealed_words: sealed(act, id, words)? };
    step(act, permit, (id, version), (UPDATE, row), EventKind::DirectoryPut)
}

/// Says that a contact still holds.
///
/// # Errors
/// As [`change`].
pub fn confirm(act: &Act<'_>, permit: &Permit<KeepPortal>, seen: (&str, u32)) -> Result<()> {
    step(act, permit, seen, (CONFIRM, Args::none()), EventKind::DirectoryConfirmed)
}

/// Takes a contact out.
///
/// # Errors
/// As [`change`].
pub fn remove(act: &Act<'_>, permit: &Permit<KeepPortal>, seen: (&str, u32)) -> Result<()> {
    step(act, permit, seen, (REMOVE, Args::none()), EventKind::DirectoryRemoved)
}

/// Every contact of everybody, the clearinghouse's own first. Agencies that were switched off are left out.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>, _permit: &Permit<UsePortal>) -> Result<Vec<Contact>> {
    let rows: Vec<Sealed> = view.tx().rows(LIST, &bind! { most: MOST_LISTED })?;
    rows.into_iter().map(|row| row.opened(view)).collect()
}

/// Those of the permit's own home.
///
/// # Errors
/// A fault of the database.
pub fn own(view: &View<'_>, permit: &Permit<UsePortal>) -> Result<Vec<Contact>> {
    let rows: Vec<Sealed> = view.tx().rows(OWN, &bind! { home: home(permit)?, most: MOST_CONTACTS })?;
    rows.into_iter().map(|row| row.opened(view)).collect()
}

fn step(
    act: &Act<'_>,
    permit: &Permit<KeepPortal>,
    (id, version): (&str, u32),
    (sql, row): (&'static str, Args),
    kind: EventKind,
) -> Result<()> {
    let home = home(permit)?;
    act.tx().find::<i64>(KNOWN, &bind! { id, home })?.ok_or(Refusal::NotFound)?;
    let row = row
        .with("id", id)
        .with("home", home)
        .with("version", version)
        .with("by", act.actor().text())
        .with("now", column::micros(act.now()));
    if act.tx().execute(sql, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    note(act, kind, id, home, version + 1)
}

fn note(act: &Act<'_>, kind: EventKind, id: &str, home: &str, version: u32) -> Result<()> {
    let details = json!({ "of": home, "version": version });
    act.note(Event::of_house(kind).to(format!("contact-{id}")).with(details))?;
    Ok(())
}

fn check(words: &Words) -> Result<()> {
    let said = |text: &str| !text.trim().is_empty();
    let fits = said(&words.desk) && (said(&words.phone) || said(&words.mail));
    let all = [&words.desk, &words.phone, &words.mail, &words.hours];
    let short = all.iter().all(|text| text.chars().count() <= MOST_LETTERS);
    if fits && short { Ok(()) } else { Err(Refusal::Unfit { what: "contact" }.into()) }
}

fn sealed(act: &Act<'_>, id: &str, words: &Words) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(words).map_err(|_| house::Fault::Row { what: "directory" })?;
    act.seal(act.house_key(), &place(id), &plain)
}

fn place(id: &str) -> Place<'_> {
    Place { table: "directory_contact", row: id.as_bytes(), column: "sealed_words" }
}

struct Sealed(Contact, Vec<u8>);

impl Sealed {
    fn opened(self, view: &View<'_>) -> Result<Contact> {
        let Self(contact, sealed) = self;
        let plain = view.open(view.house_key(), &place(&contact.id), &sealed)?.into_inner();
        let words = serde_json::from_slice(&plain).map_err(|_| house::Fault::Row { what: "directory" })?;
        Ok(Contact { words, ..contact })
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let contact = Contact {
            id: row.get("id")?,
            agency: crate::agency_of(row, "agency_id")?,
            agency_name: row.get("home_name")?,
            state: row.get("state")?,
            duty: column::parsed(row, "duty")?,
            words: Words::default(),
            version: row.get("version")?,
            changed_at: column::moment(row, "changed_at")?,
            confirmed_at: column::moment(row, "confirmed_at")?,
        };
        Ok(Self(contact, row.get("sealed_words")?))
    }
}
