//! Vendors: who they are, what shows that they may, which of their people come near what. What they show is
//! only ever added; whether anything may be given to one is judged anew every time.

use database::{FromRow, Row, bind};
use domain::{Id as _, Private, VendorEvidence, VendorId, VendorReach};
use jiff::Timestamp;
use policy::access::Action;
use policy::permit::Right;
use policy::vendor::{Listed, MOST_GRACE_DAYS, Shows, VendorFacts};
use seal::Place;
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column};

mod holding;

pub use holding::{Holding, NewHolding, Of, empty, hold, holdings};

const INSERT: &str = "-- vendor::insert
    INSERT INTO vendor (id, name, services, grace_days, added_by, added_at)
    VALUES (:id, :name, :services, :grace_days, :by, :now) ON CONFLICT DO NOTHING";

const END: &str = "-- vendor::end
    UPDATE vendor SET ended_by = :by, ended_at = :now WHERE id = :id AND ended_at IS NULL";

const ALL: &str = "-- vendor::all
    SELECT id, name, services, grace_days, added_at, ended_at FROM vendor
    ORDER BY ended_at IS NOT NULL, name, id LIMIT :most";

const FIND: &str = "-- vendor::find
    SELECT id, name, services, grace_days, added_at, ended_at FROM vendor WHERE id = :id";

const INSERT_EVIDENCE: &str = "-- vendor::insert_evidence
    INSERT INTO vendor_evidence (vendor_id, number, kind, document, sha256, from_at, until_at, recorded_by, recorded_at)
    VALUES (:id, :number, :kind, :document, :sha256, :from_at, :until_at, :by, :now)";

const LAST_EVIDENCE: &str = "-- vendor::last_evidence
    SELECT COALESCE(MAX(number), 0) FROM vendor_evidence WHERE vendor_id = :id";

const EVIDENCE: &str = "-- vendor::evidence
    SELECT kind, document, sha256, from_at, until_at, recorded_by, recorded_at FROM vendor_evidence
    WHERE vendor_id = :id ORDER BY number LIMIT :most";

const INSERT_PERSON: &str = "-- vendor::insert_person
    INSERT INTO vendor_person (vendor_id, number, sealed_name, reaches, employer, cleared_until, recorded_by, recorded_at)
    VALUES (:id, :number, :sealed_name, :reaches, :employer, :cleared_until, :by, :now)";

const LAST_PERSON: &str = "-- vendor::last_person
    SELECT COALESCE(MAX(number), 0) FROM vendor_person WHERE vendor_id = :id";

const PEOPLE: &str = "-- vendor::people
    SELECT number, sealed_name, reaches, employer, cleared_until, recorded_at FROM vendor_person
    WHERE vendor_id = :id AND removed_at IS NULL ORDER BY number LIMIT :most";

const REMOVE_PERSON: &str = "-- vendor::remove_person
    UPDATE vendor_person SET removed_by = :by, removed_at = :now
    WHERE vendor_id = :id AND number = :number AND removed_at IS NULL";

/// Rows of one list.
const MOST_LISTED: u32 = 1_000;
/// People of one vendor with access: as few as possible, and never more.
pub const MOST_PEOPLE: usize = 100;
/// Letters of one answer.
const MOST_LETTERS: usize = 500;

/// A vendor as it is put on the register.
#[derive(Debug, Clone)]
pub struct NewVendor {
    /// Its name in addresses.
    pub id: VendorId,
    /// What it is called.
    pub name: String,
    /// What it does for the house.
    pub services: String,
    /// Days of grace after what it shows is over, as counsel set them.
    pub grace_days: u16,
}

/// A document, as it is recorded.
#[derive(Debug, Clone)]
pub struct NewEvidence {
    /// What it shows.
    pub kind: VendorEvidence,
    /// Where it is.
    pub document: String,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// From when on it counts.
    pub from: Timestamp,
    /// When it is over.
    pub until: Timestamp,
}

/// One of a vendor's people, as they are listed.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Their name.
    pub name: Private<String>,
    /// What they can come near.
    pub reaches: VendorReach,
    /// The subcontractor that employs them; empty for the vendor itself.
    pub subcontractor: String,
    /// Until when they are cleared.
    pub cleared_until: Timestamp,
}

/// A vendor with everything on record.
#[derive(Debug, Clone)]
pub struct Vendor {
    /// Its name in addresses.
    pub id: VendorId,
    /// What it is called.
    pub name: String,
    /// What it does for the house.
    pub services: String,
    /// When it was put on the register.
    pub added_at: Timestamp,
    /// Since when nothing is given to it.
    pub ended_at: Option<Timestamp>,
    /// Days of grace.
    pub grace_days: u16,
    /// What it shows, the oldest first.
    pub evidence: Vec<Evidence>,
    /// Its people with access.
    pub people: Vec<Person>,
}

/// A document on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What it shows, and when.
    pub shows: Shows,
    /// Where it is.
    pub document: String,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// Who recorded it, as the ledger writes them.
    pub recorded_by: String,
    /// When.
    pub recorded_at: Timestamp,
}

/// One of its people.
#[derive(Debug, Clone)]
pub struct Person {
    /// Which.
    pub number: u64,
    /// Their name.
    pub name: Private<String>,
    /// What they can come near, and until when they are cleared.
    pub listed: Listed,
    /// The subcontractor that employs them; empty for the vendor itself.
    pub subcontractor: String,
    /// Since when they are listed.
    pub recorded_at: Timestamp,
}

impl Vendor {
    /// What is asked about it.
    #[must_use]
    pub fn facts(&self) -> VendorFacts {
        VendorFacts {
            ended: self.ended_at.is_some(),
            grace_days: self.grace_days,
            evidence: self.evidence.iter().map(|one| one.shows).collect(),
            people: self.people.iter().map(|one| one.listed).collect(),
        }
    }
}

/// Puts a vendor on the register. Nothing may be given to it before everything that it must show is on record.
///
/// # Errors
/// [`Refusal::NotFound`] without the right, [`Refusal::Unfit`] for an answer that is missing or too long,
/// [`Refusal::Conflict`] for a name that was given before.
pub fn add(act: &Act<'_>, right: &Right, new: &NewVendor) -> Result<()> {
    keeps(right)?;
    said("name", &new.name)?;
    said("services", &new.services)?;
    if new.grace_days > MOST_GRACE_DAYS {
        return Err(Refusal::Unfit { what: "days of grace" }.into());
    }
    let row = bind! {
        id: new.id.as_str(), name: new.name.trim(), services: new.services.trim(),
        grace_days: i64::from(new.grace_days), by: right.actor().text(), now: column::micros(act.now()),
    };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    noted(act, EventKind::VendorAdded, &new.id, json!({ "grace_days": new.grace_days }))
}

/// Records what shows that a vendor may.
///
/// # Errors
/// As [`add`]; [`Refusal::Unfit`] also for dates that are over or the wrong way round, [`Refusal::Closed`] once it was ended.
pub fn record(act: &Act<'_>, right: &Right, id: &VendorId, new: &NewEvidence) -> Result<()> {
    keeps(right)?;
    said("document", &new.document)?;
    if new.until <= new.from || new.until <= act.now() {
        return Err(Refusal::Unfit { what: "dates" }.into());
    }
    open(act, id)?;
    let last: u64 = act.tx().get(LAST_EVIDENCE, &bind! { id: id.as_str() })?;
    let row = bind! {
        id: id.as_str(), number: last + 1, kind: new.kind.as_str(), document: new.document.trim(), sha256: new.sha256,
        from_at: column::micros(new.from), until_at: column::micros(new.until), by: right.actor().text(),
        now: column::micros(act.now()),
    };
    act.tx().execute(INSERT_EVIDENCE, &row)?;
    let told = json!({
        "document_sha256": seal::hex(&new.sha256), "from": new.from, "shows": new.kind, "until": new.until,
    });
    noted(act, EventKind::VendorEvidenceRecorded, id, told)
}

/// Puts one of a vendor's people on the list of those with access.
///
/// # Errors
/// As [`record`]; [`Refusal::Unfit`] also when there are too many.
pub fn list_person(act: &Act<'_>, right: &Right, id: &VendorId, new: &NewPerson) -> Result<u64> {
    keeps(right)?;
    said("name", new.name.reveal())?;
    if new.subcontractor.chars().count() > MOST_LETTERS {
        return Err(Refusal::Unfit { what: "subcontractor" }.into());
    }
    if new.cleared_until <= act.now() {
        return Err(Refusal::Unfit { what: "clearance" }.into());
    }
    let known = open(act, id)?;
    if known.people.len() >= MOST_PEOPLE {
        return Err(Refusal::Unfit { what: "number of people" }.into());
    }
    let last: u64 = act.tx().get(LAST_PERSON, &bind! { id: id.as_str() })?;
    let number = last + 1;
    let (key, row) = (act.house_key(), row_of(id, number));
    let row = bind! {
        id: id.as_str(), number, sealed_name: act.seal(key, &place(&row), new.name.reveal().trim().as_bytes())?,
        reaches: new.reaches.as_str(), employer: new.subcontractor.trim(),
        cleared_until: column::micros(new.cleared_until), by: right.actor().text(), now: column::micros(act.now()),
    };
    act.tx().execute(INSERT_PERSON, &row)?;
    let told = json!({ "cleared_until": new.cleared_until, "number": number, "reaches": new.reaches });
    noted(act, EventKind::VendorPersonListed, id, told).map(|()| number)
}

/// Takes one of a vendor's people off the list: they have no access any more.
///
/// # Errors
/// [`Refusal::NotFound`] without the right, and for nobody on the list.
pub fn remove_person(act: &Act<'_>, right: &Right, id: &VendorId, number: u64) -> Result<()> {
    keeps(right)?;
    let row = bind! { id: id.as_str(), number, by: right.actor().text(), now: column::micros(act.now()) };
    if act.tx().execute(REMOVE_PERSON, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    noted(act, EventKind::VendorPersonListed, id, json!({ "number": number, "removed": true }))
}

/// Ends a vendor: nothing is given to it from now on, for good.
///
/// # Errors
/// [`Refusal::NotFound`] without the right, and for one that is unknown or ended.
pub fn end(act: &Act<'_>, right: &Right, id: &VendorId) -> Result<()> {
    keeps(right)?;
    let row = bind! { id: id.as_str(), by: right.actor().text(), now: column::micros(act.now()) };
    if act.tx().execute(END, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    holding::given_no_more(act, id)?;
    noted(act, EventKind::VendorEnded, id, json!({}))
}

/// Notes that it was asked whether something may be given to a vendor, and the answer.
///
/// # Errors
/// A fault of the database.
pub fn asked(
    act: &Act<'_>,
    id: &VendorId,
    data: &str,
    answer: std::result::Result<&str, &str>,
) -> Result<()> {
    let event = Event::of_house(EventKind::VendorAsked);
    let event = match answer {
        Ok(form) => event.with(json!({ "data": data, "form": form, "vendor": id })),
        Err(code) => event.with(json!({ "data": data, "vendor": id })).refused(code),
    };
    act.note(event)?;
    Ok(())
}

/// Every vendor, with everything on record, those that were ended last.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>) -> Result<Vec<Vendor>> {
    let rows: Vec<Bare> = view.tx().rows(ALL, &bind! { most: MOST_LISTED })?;
    rows.into_iter().map(|row| whole(view, row.0)).collect()
}

/// One vendor.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(view: &View<'_>, id: &VendorId) -> Result<Vendor> {
    let row: Option<Bare> = view.tx().find(FIND, &bind! { id: id.as_str() })?;
    whole(view, row.ok_or(Refusal::NotFound)?.0)
}

fn whole(view: &View<'_>, mut vendor: Vendor) -> Result<Vendor> {
    let asked = bind! { id: vendor.id.as_str(), most: MOST_LISTED };
    vendor.evidence = view.tx().rows(EVIDENCE, &asked)?;
    let people: Vec<Sealed> = view.tx().rows(PEOPLE, &asked)?;
    let opened = people.into_iter().map(|one| one.opened(view, &vendor.id));
    vendor.people = opened.collect::<Result<_>>()?;
    Ok(vendor)
}

/// A vendor that was not ended.
fn open(view: &View<'_>, id: &VendorId) -> Result<Vendor> {
    let vendor = get(view, id)?;
    if vendor.ended_at.is_some() { Err(Refusal::Closed.into()) } else { Ok(vendor) }
}

fn keeps(right: &Right) -> Result<()> {
    if right.action() == Action::KeepVendors { Ok(()) } else { Err(Refusal::NotFound.into()) }
}

fn said(what: &'static str, words: &str) -> Result<()> {
    if (1..=MOST_LETTERS).contains(&words.trim().chars().count()) {
        Ok(())
    } else {
        Err(Refusal::Unfit { what }.into())
    }
}

fn noted(act: &Act<'_>, kind: EventKind, id: &VendorId, mut told: serde_json::Value) -> Result<()> {
    told["vendor"] = id.as_str().into();
    act.note(Event { object: Some(id.as_str().to_owned()), ..Event::of_house(kind).with(told) })?;
    Ok(())
}

fn row_of(id: &VendorId, number: u64) -> String {
    format!("{id}/{number}")
}

fn place(row: &str) -> Place<'_> {
    Place { table: "vendor_person", row: row.as_bytes(), column: "sealed_name" }
}

struct Bare(Vendor);

impl FromRow for Bare {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(Vendor {
            id: column::parsed(row, "id")?,
            name: row.get("name")?,
            services: row.get("services")?,
            added_at: column::moment(row, "added_at")?,
            ended_at: column::moment_option(row, "ended_at")?,
            grace_days: u16::try_from(row.get::<u32>("grace_days")?).unwrap_or(0),
            evidence: Vec::new(),
            people: Vec::new(),
        }))
    }
}

impl FromRow for Evidence {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            shows: Shows {
                kind: column::parsed(row, "kind")?,
                from: column::moment(row, "from_at")?,
                until: column::moment(row, "until_at")?,
            },
            document: row.get("document")?,
            sha256: row.get("sha256")?,
            recorded_by: row.get("recorded_by")?,
            recorded_at: column::moment(row, "recorded_at")?,
        })
    }
}

struct Sealed {
    person: Person,
    sealed_name: Vec<u8>,
}

impl Sealed {
    fn opened(self, view: &View<'_>, id: &VendorId) -> Result<Person> {
        let Self { mut person, sealed_name } = self;
        let row = row_of(id, person.number);
        person.name = view.open_text(view.house_key(), &place(&row), &sealed_name)?;
        Ok(person)
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let subcontractor: String = row.get("employer")?;
        let listed = Listed {
            reaches: column::parsed(row, "reaches")?,
            cleared_until: column::moment(row, "cleared_until")?,
            of_subcontractor: !subcontractor.is_empty(),
        };
        let name = Private::new(String::new());
        let recorded_at = column::moment(row, "recorded_at")?;
        let person = Person { number: row.get("number")?, name, listed, subcontractor, recorded_at };
        Ok(Self { person, sealed_name: row.get("sealed_name")? })
    }
}
