//! Preservation letters: an agency's own request to a provider under 18 USC 2703(f). Ninety days, renewed once for ninety
//! more; never mixed with the year for which a report itself asks.

use database::{FromRow, Row, bind};
use domain::{AgencyId, Id, LetterId, Private, ReportId};
use house::words;
use jiff::{SignedDuration, Timestamp};
use seal::Place;
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column};

const REACHED: &str = "-- preservation::reached
    SELECT COUNT(*) FROM delivery WHERE report_id = :report AND agency_id = :agency";

const INSERT: &str = "-- preservation::insert
    INSERT INTO preservation_letter (id, report_id, agency_id, sent_by, sent_at, until_at, sealed_reference)
    VALUES (:id, :report, :agency, :sent_by, :sent_at, :until_at, :sealed_reference) ON CONFLICT (id) DO NOTHING";

const RENEW: &str = "-- preservation::renew
    UPDATE preservation_letter SET renewed_at = :now, until_at = :until_at
    WHERE id = :id AND agency_id = :agency AND renewed_at IS NULL AND until_at > :now";

const FIND: &str = "-- preservation::find
    SELECT id, report_id, agency_id, sent_by, sent_at, until_at, renewed_at, sealed_reference
    FROM preservation_letter WHERE id = :id AND agency_id = :agency";

const OF_REPORT: &str = "-- preservation::of_report
    SELECT id, report_id, agency_id, sent_by, sent_at, until_at, renewed_at, sealed_reference
    FROM preservation_letter WHERE report_id = :report AND agency_id = :agency ORDER BY sent_at, id";

/// How long a letter binds, and for how long it is renewed (18 USC 2703(f)(2)).
pub const BINDS: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Letters of a reference.
const MOST_LETTERS: usize = 500;

/// A letter that an agency sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// Its id.
    pub id: LetterId,
    /// What it is about.
    pub report: ReportId,
    /// Whose it is; nobody else learns of it.
    pub agency: AgencyId,
    /// Who recorded it, as the ledger writes it.
    pub sent_by: String,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// Until when it binds the provider.
    pub until_at: Timestamp,
    /// When it was renewed.
    pub renewed_at: Option<Timestamp>,
    /// Its reference, in the agency's words.
    pub reference: Private<String>,
}

/// Records a letter that was sent now.
///
/// # Errors
/// [`Refusal::NotFound`] for a report that the agency does not have, [`Refusal::Unfit`] for a reference that is too long.
pub fn record(
    act: &Act<'_>,
    id: &LetterId,
    report: ReportId,
    agency: &AgencyId,
    reference: &Private<String>,
) -> Result<()> {
    let letters = reference.reveal().trim().chars().count();
    if letters == 0 || letters > MOST_LETTERS {
        return Err(Refusal::Unfit { what: "reference" }.into());
    }
    if act.tx().get::<u64>(REACHED, &bind! { report: report.get(), agency: agency.as_str() })? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let until_at = column::micros(act.now().saturating_add(BINDS).unwrap_or(Timestamp::MAX));
    let row = bind! {
        id: id.as_str(), report: report.get(), agency: agency.as_str(), sent_by: act.actor().text(),
        sent_at: column::micros(act.now()), until_at,
        sealed_reference: words::seal(act, &at(id), reference.reveal().trim().as_bytes())?,
    };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let told = json!({ "letter": id, "agency": agency, "until_at": until_at });
    act.note(Event::of_report(EventKind::LetterRecorded, report).with(told))?;
    Ok(())
}

/// Renews a letter, once, from the moment at which it would have ended.
///
/// # Errors
/// [`Refusal::NotFound`] for another's, [`Refusal::Conflict`] for one that was renewed before or is over.
pub fn renew(act: &Act<'_>, id: &LetterId, agency: &AgencyId) -> Result<Timestamp> {
    let letter = find(act, id, agency)?.ok_or(Refusal::NotFound)?;
    let until = letter.until_at.saturating_add(BINDS).unwrap_or(Timestamp::MAX);
    let (now, until_at) = (column::micros(act.now()), column::micros(until));
    if act.tx().execute(RENEW, &bind! { id: id.as_str(), agency: agency.as_str(), now, until_at })? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let told = json!({ "letter": id, "until_at": until_at });
    act.note(Event::of_report(EventKind::LetterRenewed, letter.report).with(told))?;
    Ok(until)
}

/// A letter of this agency.
///
/// # Errors
/// A fault of the database.
pub fn find(view: &View<'_>, id: &LetterId, agency: &AgencyId) -> Result<Option<Letter>> {
    let row: Option<Sealed> = view.tx().find(FIND, &bind! { id: id.as_str(), agency: agency.as_str() })?;
    row.map(|row| row.opened(view)).transpose()
}

/// The letters of this agency about a report.
///
/// # Errors
/// A fault of the database.
pub fn of_report(view: &View<'_>, report: ReportId, agency: &AgencyId) -> Result<Vec<Letter>> {
    let asked = bind! { report: report.get(), agency: agency.as_str() };
    let rows: Vec<Sealed> = view.tx().rows(OF_REPORT, &asked)?;
    rows.into_iter().map(|row| row.opened(view)).collect()
}

fn at(id: &LetterId) -> Place<'_> {
    Place { table: "preservation_letter", row: id.as_str().as_bytes(), column: "sealed_reference" }
}

struct Sealed {
    letter: Letter,
    sealed_reference: Vec<u8>,
}

impl Sealed {
    fn opened(self, view: &View<'_>) -> Result<Letter> {
        let reference = words::open_text(view, &at(&self.letter.id), &self.sealed_reference)?;
        Ok(Letter { reference, ..self.letter })
    }
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let letter = Letter {
            id: column::parsed(row, "id")?,
            report: column::report(row, "report_id")?,
            agency: column::parsed(row, "agency_id")?,
            sent_by: row.get("sent_by")?,
            sent_at: column::moment(row, "sent_at")?,
            until_at: column::moment(row, "until_at")?,
            renewed_at: column::moment_option(row, "renewed_at")?,
            reference: Private::new(String::new()),
        };
        Ok(Self { letter, sealed_reference: row.get("sealed_reference")? })
    }
}
