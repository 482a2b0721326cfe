//! Public keys of agencies, to which packages are sealed. Registered by the agency, confirmed by somebody of the
//! clearinghouse who compared the fingerprint over a second channel, good for a year, revoked at once.

use std::fmt;
use std::str::FromStr;

use database::{FromRow, FromValue, Mismatch, Row, ToValue, Value, ValueRef, bind};
use domain::{AgencyId, Id, Private, UnknownWord};
use house::words;
use jiff::{SignedDuration, Timestamp};
use seal::{Place, SealTo};
use serde_json::json;

use crate::{Act, Event, EventKind, Fault, Refusal, Result, View, column};

/// How long a key may be sealed to, once it is confirmed.
pub const GOOD_FOR: SignedDuration = SignedDuration::from_hours(365 * 24);
/// Keys of one agency that are not revoked: two for each of a few people is plenty, and every package is sealed to all.
pub const MOST_OPEN: usize = 16;
/// The longest account of how a fingerprint was compared.
pub const MOST_HOW_BYTES: usize = 500;

const INSERT: &str = "-- agency_key::insert
    INSERT INTO agency_key (agency_id, fingerprint, public_key, registered_at, registered_by)
    VALUES (:agency, :fingerprint, :public_key, :now, :by)
    ON CONFLICT DO NOTHING";

const CONFIRM: &str = "-- agency_key::confirm
    UPDATE agency_key SET confirmed_at = :now, confirmed_by = :by, sealed_how = :sealed_how, ends_at = :ends_at
    WHERE agency_id = :agency AND fingerprint = :fingerprint AND confirmed_at IS NULL AND revoked_at IS NULL";

const REVOKE: &str = "-- agency_key::revoke
    UPDATE agency_key SET revoked_at = :now, revoked_by = :by
    WHERE agency_id = :agency AND fingerprint = :fingerprint AND revoked_at IS NULL";

const LIST: &str = "-- agency_key::list
    SELECT agency_id, fingerprint, public_key, registered_at, registered_by, confirmed_at, confirmed_by, sealed_how,
        ends_at, revoked_at
    FROM agency_key WHERE agency_id = :agency ORDER BY registered_at DESC, fingerprint LIMIT :most";

const WAITING: &str = "-- agency_key::waiting
    SELECT agency_id, fingerprint, public_key, registered_at, registered_by, confirmed_at, confirmed_by, sealed_how,
        ends_at, revoked_at
    FROM agency_key WHERE confirmed_at IS NULL AND revoked_at IS NULL
    ORDER BY registered_at, fingerprint LIMIT :most";

const LIVE: &str = "-- agency_key::live
    SELECT public_key FROM agency_key
    WHERE agency_id = :agency AND ends_at > :now AND revoked_at IS NULL
    ORDER BY fingerprint LIMIT :most";

const COUNT_OPEN: &str = "-- agency_key::count_open
    SELECT COUNT(*) FROM agency_key WHERE agency_id = :agency AND revoked_at IS NULL";

/// Keys that are listed, old ones among them.
const MOST_LISTED: u32 = 200;
const GROUP_DIGITS: usize = 4;

/// The name of a key: SHA-256 of its DER.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 32]);

/// A key as pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyKey {
    /// Whose.
    pub agency: AgencyId,
    /// Its name.
    pub fingerprint: Fingerprint,
    /// The key itself.
    pub key: SealTo,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// By whom, as the ledger writes it.
    pub registered_by: String,
    /// Who compared its fingerprint, when and how; `None` until somebody did.
    pub confirmation: Option<Confirmation>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// That a fingerprint was compared over a second channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// When.
    pub at: Timestamp,
    /// By whom, as the ledger writes it.
    pub by: String,
    /// How, in that person's words.
    pub how: Private<String>,
    /// When the key ends.
    pub ends_at: Timestamp,
}

/// What a key is good for at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its fingerprint was not compared yet.
    Waits,
    /// Packages are sealed to it.
    Live,
    /// Its year is over.
    Ended,
    /// It was revoked.
    Revoked,
}

impl Fingerprint {
    /// 64 hexadecimal digits, for programs.
    #[must_use]
    pub fn hex(&self) -> String {
        seal::hex(&self.0)
    }
}

impl AgencyKey {
    /// What it is good for at a moment.
    #[must_use]
    pub fn state(&self, at: Timestamp) -> State {
        match &self.confirmation {
            _ if self.revoked_at.is_some() => State::Revoked,
            None => State::Waits,
            Some(confirmation) if at < confirmation.ends_at => State::Live,
            Some(_) => State::Ended,
        }
    }
}

/// Registers a key, to which nothing is sealed before it is confirmed.
///
/// # Errors
/// [`Refusal::Conflict`] when the agency had this key before; [`Refusal::Unfit`] when it has too many.
pub fn register(act: &Act<'_>, agency: &AgencyId, key: &SealTo) -> Result<Fingerprint> {
    crate::agency::get(act, agency)?;
    let open: i64 = act.tx().get(COUNT_OPEN, &bind! { agency: agency.as_str() })?;
    if open >= MOST_OPEN as i64 {
        return Err(Refusal::Unfit { what: "number of keys" }.into());
    }
    let fingerprint = Fingerprint(key.fingerprint());
    let row = bind! {
        agency: agency.as_str(), fingerprint, public_key: key.der(), now: column::micros(act.now()),
        by: act.actor().text(),
    };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    note(act, EventKind::AgencyKeyRegistered, agency, fingerprint, json!({ "curve": key.curve().as_str() }))?;
    Ok(fingerprint)
}

/// Records that somebody compared the fingerprint over a second channel, and how. From now on packages are sealed to it.
///
/// # Errors
/// [`Refusal::NotFound`] for a key that does not wait for it; [`Refusal::Unfit`] when it is not said how.
pub fn confirm(act: &Act<'_>, agency: &AgencyId, fingerprint: Fingerprint, how: &str) -> Result<Timestamp> {
    let how = how.trim();
    if how.is_empty() || how.len() > MOST_HOW_BYTES {
        return Err(Refusal::Unfit { what: "account of the comparison" }.into());
    }
    let ends_at = act.now().checked_add(GOOD_FOR).map_err(|_| Fault::Row { what: "moment" })?;
    let at = row(agency, fingerprint);
    let sealed_how = words::seal(act, &place(&at), how.as_bytes())?;
    let row = bind! {
        agency: agency.as_str(), fingerprint, now: column::micros(act.now()), by: act.actor().text(), sealed_how,
        ends_at: column::micros(ends_at),
    };
    if act.tx().execute(CONFIRM, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let details = json!({ "ends_at": ends_at.as_microsecond(), "how_sha256": seal::hex(&seal::sha256(how.as_bytes())) });
    note(act, EventKind::AgencyKeyConfirmed, agency, fingerprint, details)?;
    Ok(ends_at)
}

/// Revokes a key: nothing more is sealed to it. What was sealed before stays as it is.
///
/// # Errors
/// [`Refusal::NotFound`], also when it is revoked already.
pub fn revoke(act: &Act<'_>, agency: &AgencyId, fingerprint: Fingerprint) -> Result<()> {
    let row = bind! {
        agency: agency.as_str(), fingerprint, now: column::micros(act.now()), by: act.actor().text(),
    };
    if act.tx().execute(REVOKE, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    note(act, EventKind::AgencyKeyRevoked, agency, fingerprint, json!({}))
}

/// The keys of an agency, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>, agency: &AgencyId) -> Result<Vec<AgencyKey>> {
    let rows: Vec<KeyRow> = view.tx().rows(LIST, &bind! { agency: agency.as_str(), most: MOST_LISTED })?;
    rows.into_iter().map(|row| row.opened(view)).collect()
}

/// The keys of all agencies that wait for somebody to compare their fingerprints, the oldest first.
///
/// # Errors
/// A fault of the database.
pub fn waiting(view: &View<'_>) -> Result<Vec<AgencyKey>> {
    let rows: Vec<KeyRow> = view.tx().rows(WAITING, &bind! { most: MOST_LISTED })?;
    rows.into_iter().map(|row| row.opened(view)).collect()
}

/// The keys that a package for this agency is sealed to now, in one order.
///
/// # Errors
/// A fault of the database.
pub fn live(view: &View<'_>, agency: &AgencyId) -> Result<Vec<SealTo>> {
    let row = bind! { agency: agency.as_str(), now: column::micros(view.now()), most: MOST_LISTED };
    let keys: Vec<Key> = view.tx().rows(LIVE, &row)?;
    Ok(keys.into_iter().map(|key| key.0).collect())
}

fn note(
    act: &Act<'_>,
    kind: EventKind,
    agency: &AgencyId,
    fingerprint: Fingerprint,
    mut details: serde_json::Value,
) -> Result<()> {
    details["agency"] = json!(agency);
    details["key"] = json!(fingerprint.hex());
    act.note(Event::of_house(kind).with(details))?;
    Ok(())
}

fn row(agency: &AgencyId, fingerprint: Fingerprint) -> Vec<u8> {
    [agency.as_str().as_bytes(), b"/", &fingerprint.0].concat()
}

fn place(row: &[u8]) -> Place<'_> {
    Place { table: "agency_key", row, column: "sealed_how" }
}

struct KeyRow {
    key: AgencyKey,
    confirmed: Option<(Timestamp, String, Vec<u8>, Timestamp)>,
}

impl KeyRow {
    fn opened(self, view: &View<'_>) -> Result<AgencyKey> {
        let Self { mut key, confirmed } = self;
        if let Some((at, by, sealed, ends_at)) = confirmed {
            let row = row(&key.agency, key.fingerprint);
            let how = words::open_text(view, &place(&row), &sealed)?;
            key.confirmation = Some(Confirmation { at, by, how, ends_at });
        }
        Ok(key)
    }
}

impl FromRow for KeyRow {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        let key = AgencyKey {
            agency: column::parsed(row, "agency_id")?,
            fingerprint: row.get("fingerprint")?,
            key: row.get::<Key>("public_key")?.0,
            registered_at: column::moment(row, "registered_at")?,
            registered_by: row.get("registered_by")?,
            confirmation: None,
            revoked_at: column::moment_option(row, "revoked_at")?,
        };
        let (at, ends_at) =
            (column::moment_option(row, "confirmed_at")?, column::moment_option(row, "ends_at")?);
        let confirmed = match (at, row.get("confirmed_by")?, row.get("sealed_how")?, ends_at) {
            (Some(at), Some(by), Some(how), Some(ends_at)) => Some((at, by, how, ends_at)),
            _ => None,
        };
        Ok(Self { key, confirmed })
    }
}

struct Key(SealTo);

impl FromValue for Key {
    fn from_value(value: ValueRef<'_>) -> std::result::Result<Self, Mismatch> {
        let der = Vec::<u8>::from_value(value)?;
        SealTo::from_der(&der).map(Self).map_err(|_| Mismatch::new("a public key", value))
    }
}

impl fmt::Display for Fingerprint {
    /// As it is read out over the telephone: groups of four digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = seal::hex(&self.0);
        let groups: Vec<&str> =
            (0..hex.len()).step_by(GROUP_DIGITS).map(|at| &hex[at..at + GROUP_DIGITS]).collect();
        f.write_str(&groups.join(" "))
    }
}

impl FromStr for Fingerprint {
    type Err = UnknownWord;
    /// 64 hexadecimal digits; spaces, hyphens, colons and capitals are as good.
    fn from_str(text: &str) -> std::result::Result<Self, UnknownWord> {
        let digits: String =
            text.chars().filter(|letter| !" -:".contains(*letter)).collect::<String>().to_lowercase();
        let bytes = seal::unhex(&digits).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| UnknownWord { list: "fingerprint", word: text.to_owned() })
    }
}

impl ToValue for Fingerprint {
    fn to_value(&self) -> Value {
        self.0.to_value()
    }
}

impl FromValue for Fingerprint {
    fn from_value(value: ValueRef<'_>) -> std::result::Result<Self, Mismatch> {
        <[u8; 32]>::from_value(value).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_as_people_write_it() {
        let fingerprint = Fingerprint([0xab; 32]);
        let said = fingerprint.to_string();
        assert_eq!(said.len(), 79);
        for text in [said.clone(), said.to_uppercase(), said.replace(' ', ""), said.replace(' ', ":")] {
            assert_eq!(text.parse(), Ok(fingerprint));
        }
        assert!(said[5..].parse::<Fingerprint>().is_err());
    }
}
