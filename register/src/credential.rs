//! Credentials as their provider sees them: which live, until when, used last on which day; replaced and revoked.

use database::{FromRow, Row, bind};
use domain::{CredentialId, Id, ProviderId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::provider::{self, NewCredential};
use crate::{Act, Event, EventKind, House, Refusal, Result, View, column};

/// Credentials that may live at a time: the one in use, and the one that takes its place.
pub const MOST_LIVE: usize = 2;

const LIST: &str = "-- credential::list
    SELECT id, username, added_at, ends_at, disabled_at, last_used_day FROM credential
    WHERE provider_id = :provider AND kind = 'api' ORDER BY added_at DESC, id LIMIT :most";

const END: &str = "-- credential::end
    UPDATE credential SET ends_at = :ends_at
    WHERE id = :credential AND provider_id = :provider AND kind = 'api' AND disabled_at IS NULL
    AND (ends_at IS NULL OR ends_at > :now)";

const REVOKE: &str = "-- credential::revoke
    UPDATE credential SET disabled_at = :now
    WHERE id = :credential AND provider_id = :provider AND kind = 'api' AND disabled_at IS NULL";

const MARK_USED: &str = "-- credential::mark_used
    UPDATE credential SET last_used_day = :day
    WHERE id = :credential AND (last_used_day IS NULL OR last_used_day < :day)";

const FIND_PORTAL: &str = "-- credential::find_portal
    SELECT id FROM credential WHERE provider_id = :provider AND kind = 'portal'";

const ADD_PORTAL: &str = "-- credential::add_portal
    INSERT INTO credential (id, provider_id, username, secret_digest, may_submit, may_update, added_at, kind)
    VALUES (:credential, :provider, :username, :secret_digest, 1, 1, :now, 'portal')
    ON CONFLICT DO NOTHING";

/// Credentials that are listed, dead ones among them.
const MOST_LISTED: u32 = 100;
const SECONDS_OF_DAY: i64 = 86_400;

/// A credential without anything that could be used to speak with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub credential: CredentialId,
    /// The name that is sent with the secret.
    pub username: String,
    /// When it was made.
    pub added_at: Timestamp,
    /// When it stops working by itself, where an end was chosen.
    pub ends_at: Option<Timestamp>,
    /// When it was revoked.
    pub disabled_at: Option<Timestamp>,
    /// The UTC day on which it was used last.
    pub last_used_on: Option<Date>,
}

impl Listed {
    /// Whether it still opens the door at a moment.
    #[must_use]
    pub fn is_live(&self, at: Timestamp) -> bool {
        self.disabled_at.is_none() && self.ends_at.is_none_or(|end| at < end)
    }
}

/// A provider's credentials, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>, provider: &ProviderId) -> Result<Vec<Listed>> {
    Ok(view.tx().rows(LIST, &bind! { provider: provider.as_str(), most: MOST_LISTED })?)
}

/// Adds one more credential for a provider that has room for it.
///
/// # Errors
/// [`Refusal::Unfit`] when [`MOST_LIVE`] live already; as [`provider::add_credential`].
pub fn add(act: &Act<'_>, new: &NewCredential) -> Result<()> {
    let live = list(act, &new.provider)?.iter().filter(|known| known.is_live(act.now())).count();
    if live >= MOST_LIVE {
        return Err(Refusal::Unfit { what: "third live credential" }.into());
    }
    provider::add_credential(act, new)
}

/// Sets the moment at which a live credential stops working by itself; `None` takes the end away.
///
/// # Errors
/// [`Refusal::NotFound`] for one that no longer lives or is another provider's.
pub fn end_at(
    act: &Act<'_>,
    provider: &ProviderId,
    id: &CredentialId,
    ends_at: Option<Timestamp>,
) -> Result<()> {
    let now = column::micros(act.now());
    let row = own(provider, id).with("ends_at", ends_at.map(column::micros)).with("now", now);
    if act.tx().execute(END, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let details = json!({ "credential": id, "ends_at": ends_at.map(|at| at.to_string()) });
    act.note(Event::of_house(EventKind::CredentialEndSet).with(details))?;
    Ok(())
}

/// Revokes a provider's own credential: the next request with it is refused.
///
/// # Errors
/// [`Refusal::NotFound`] for one that is revoked already or another provider's.
pub fn revoke(act: &Act<'_>, provider: &ProviderId, id: &CredentialId) -> Result<()> {
    if act.tx().execute(REVOKE, &own(provider, id).with("now", column::micros(act.now())))? == 0 {
        return Err(Refusal::NotFound.into());
    }
    act.note(Event::of_house(EventKind::CredentialDisabled).with(json!({ "credential": id })))?;
    Ok(())
}

fn own(provider: &ProviderId, id: &CredentialId) -> database::Args {
    bind! { provider: provider.as_str(), credential: id.as_str() }
}

/// The credential under which people of a provider file by hand, if it was made already.
///
/// # Errors
/// A fault of the database.
pub fn find_of_portal(view: &View<'_>, provider: &ProviderId) -> Result<Option<CredentialId>> {
    let found: Option<Named> = view.tx().find(FIND_PORTAL, &bind! { provider: provider.as_str() })?;
    Ok(found.map(|row| row.0))
}

/// Makes it. Its secret was never anybody's.
///
/// # Errors
/// [`Refusal::Conflict`] when it is there; a fault for an unknown provider.
pub fn add_of_portal(act: &Act<'_>, provider: &ProviderId) -> Result<CredentialId> {
    let named: CredentialId = CredentialId::parse(&seal::hex(&act.chance::<16>()?))
        .map_err(|_| crate::Fault::Row { what: "credential id" })?;
    let row = bind! {
        credential: named.as_str(), provider: provider.as_str(), username: format!("portal {provider}"),
        secret_digest: act.chance::<32>()?, now: column::micros(act.now()),
    };
    if act.tx().execute(ADD_PORTAL, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let details = json!({ "credential": named, "kind": "portal", "provider": provider });
    act.note(Event::of_house(EventKind::CredentialAdded).with(details))?;
    Ok(named)
}

/// Whether a use of this credential is still to be written down today, with [`mark_used`]. True once a day in each
/// process: nobody waits for it, and no request but that one costs a write.
#[must_use]
pub fn is_first_use_today(house: &House, credential: &CredentialId) -> bool {
    house.uses().is_first(credential, day_of(house.now()))
}

/// Writes down that a credential was used today. Not an act: nothing is decided by it.
///
/// # Errors
/// A fault of the database; the next use tries again.
pub async fn mark_used(house: &House, credential: &CredentialId) -> Result<()> {
    let (named, day) = (credential.clone(), day_of(house.now()));
    let marked = house.write("credential::mark_used", move |tx| {
        Ok(tx.execute(MARK_USED, &bind! { credential: named.as_str(), day })?)
    });
    let marked = marked.await;
    if marked.is_err() {
        house.uses().forget(credential);
    }
    marked.map(drop)
}

fn day_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(SECONDS_OF_DAY)
}

fn date_of(day: i64) -> Option<Date> {
    let at = Timestamp::from_second(day.checked_mul(SECONDS_OF_DAY)?).ok()?;
    Some(at.to_zoned_datetime(TimeZone::UTC).date())
}

struct Named(CredentialId);

impl FromRow for Named {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        column::parsed(row, "id").map(Self)
    }
}

impl FromRow for Listed {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            credential: column::parsed(row, "id")?,
            username: row.get("username")?,
            added_at: column::moment(row, "added_at")?,
            ends_at: column::moment_option(row, "ends_at")?,
            disabled_at: column::moment_option(row, "disabled_at")?,
            last_used_on: row.get::<Option<i64>>("last_used_day")?.and_then(date_of),
        })
    }
}
