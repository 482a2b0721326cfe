//! How a provider is reached: the five fields of R-06, each version kept. What is too old is flagged, never refused.

use database::{FromRow, Row, bind};
use domain::{Id, Private, ProviderId, ReportId};
use jiff::{SignedDuration, Timestamp};
use seal::Place;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Act, Event, EventKind, Fault, Result, View, column};

/// A version that nobody confirmed for this long is stale.
pub const CURRENT_FOR: SignedDuration = SignedDuration::from_hours(365 * 24);

const PUT: &str = "-- contact::put
    INSERT INTO provider_contact (provider_id, version, recorded_at, sealed_contact)
    VALUES (:provider, :version, :now, :sealed_contact)";

const IN_FORCE: &str = "-- contact::in_force
    SELECT version, recorded_at, sealed_contact FROM provider_contact
    WHERE provider_id = :provider ORDER BY version DESC LIMIT 1";

const VERSIONS: &str = "-- contact::versions
    SELECT version, recorded_at FROM provider_contact
    WHERE provider_id = :provider ORDER BY version DESC LIMIT :most";

const OF_REPORT: &str = "-- contact::of_report
    SELECT version, recorded_at, opened_at FROM report
    JOIN provider_contact ON provider_contact.provider_id = report.provider_id AND version = contact_version
    WHERE report.id = :report AND report.provider_id = :provider";

/// Versions that are listed.
const MOST_LISTED: u32 = 100;

/// The contact fields of a provider. All are private words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Where letters go.
    pub mailing_address: Private<String>,
    /// Telephone.
    pub telephone: Private<String>,
    /// Fax; the law asks for it, and "none" is an answer.
    pub fax: Private<String>,
    /// E-mail.
    pub email: Private<String>,
    /// The individual point of contact.
    pub individual: Private<String>,
    /// A mailbox that outlives the individual's job.
    pub role_mailbox: Option<Private<String>>,
    /// How large the provider says it is, if it likes to; nothing here ever reads it.
    pub monthly_active_users: Option<Private<String>>,
}

/// One version, without its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// 1 for the first, and so on.
    pub version: u32,
    /// When it was recorded or confirmed.
    pub recorded_at: Timestamp,
}

impl Version {
    /// Whether it was too old at a moment to be relied on.
    #[must_use]
    pub fn is_stale(&self, at: Timestamp) -> bool {
        self.recorded_at.checked_add(CURRENT_FOR).is_ok_and(|end| end <= at)
    }
}

/// What was in force when a report was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The version.
    pub version: Version,
    /// Whether it was stale by then.
    pub was_stale: bool,
}

/// Records a new version, in force for every report that is opened from now on. Recording the same words again confirms
/// them.
///
/// # Errors
/// A fault for an unknown provider.
pub fn put(act: &Act<'_>, provider: &ProviderId, contact: &Contact) -> Result<Version> {
    let before = versions(act, provider)?.first().map_or(0, |known| known.version);
    let version = Version { version: before + 1, recorded_at: act.now() };
    let plain = serde_json::to_vec(contact).map_err(|_| Fault::Row { what: "contact" })?;
    let at = row(provider, version.version);
    let sealed_contact = act.seal(act.house_key(), &place(&at), &plain)?;
    let values = bind! {
        provider: provider.as_str(), version: version.version, now: column::micros(version.recorded_at),
        sealed_contact,
    };
    act.tx().execute(PUT, &values)?;
    let details = json!({ "provider": provider, "version": version.version });
    act.note(Event::of_house(EventKind::ContactRecorded).with(details))?;
    Ok(version)
}

/// The version in force, with its words; `None` where the provider gave none yet.
///
/// # Errors
/// A fault of the database.
pub fn in_force(view: &View<'_>, provider: &ProviderId) -> Result<Option<(Version, Contact)>> {
    let sealed: Option<Sealed> = view.tx().find(IN_FORCE, &bind! { provider: provider.as_str() })?;
    let Some(Sealed(version, sealed)) = sealed else { return Ok(None) };
    let plain = view.open(view.house_key(), &place(&row(provider, version.version)), &sealed)?;
    let contact = serde_json::from_slice(plain.reveal()).map_err(|_| Fault::Row { what: "contact" })?;
    Ok(Some((version, contact)))
}

/// The versions of a provider, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn versions(view: &View<'_>, provider: &ProviderId) -> Result<Vec<Version>> {
    Ok(view.tx().rows(VERSIONS, &bind! { provider: provider.as_str(), most: MOST_LISTED })?)
}

/// What was in force when this report of the provider was opened; `None` where nothing was, or there is no such report.
///
/// # Errors
/// A fault of the database.
pub fn of_report(view: &View<'_>, provider: &ProviderId, report: ReportId) -> Result<Option<Stamp>> {
    let asked = bind! { report: report.get(), provider: provider.as_str() };
    Ok(view.tx().find(OF_REPORT, &asked)?)
}

fn row(provider: &ProviderId, version: u32) -> String {
    format!("{provider}/{version}")
}

fn place(row: &str) -> Place<'_> {
    Place { table: "provider_contact", row: row.as_bytes(), column: "sealed_contact" }
}

struct Sealed(Version, Vec<u8>);

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self(Version::from_row(row)?, row.get("sealed_contact")?))
    }
}

impl FromRow for Version {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self { version: row.get("version")?, recorded_at: column::moment(row, "recorded_at")? })
    }
}

impl FromRow for Stamp {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let version = Version::from_row(row)?;
        Ok(Self { was_stale: version.is_stale(column::moment(row, "opened_at")?), version })
    }
}
