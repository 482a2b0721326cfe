//! Providers and the credentials with which their clients sign in. Of a secret only a keyed digest is kept.

use database::{FromRow, Row, bind};
use domain::{CredentialId, Id, ProviderId, SwitchReason};
use jiff::Timestamp;
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column};

mod switch;

pub use switch::{Ended, Switch, disable, restore, switches};

const INSERT: &str = "-- provider::insert
    INSERT INTO provider (id, name, added_at) VALUES (:provider, :name, :now)
    ON CONFLICT (id) DO NOTHING";

const GET: &str = "-- provider::get
    SELECT id, name, added_at, disabled_at,
        (SELECT because FROM provider_switch WHERE provider_id = provider.id ORDER BY number DESC LIMIT 1) AS because
    FROM provider WHERE id = :provider";

const LIST: &str = "-- provider::list
    SELECT id, name, added_at, disabled_at,
        (SELECT because FROM provider_switch WHERE provider_id = provider.id ORDER BY number DESC LIMIT 1) AS because
    FROM provider ORDER BY id LIMIT :most";

const IS_LIVE: &str = "-- provider::is_live
    SELECT COUNT(*) FROM provider WHERE id = :provider AND disabled_at IS NULL";

/// Whoever switches it off waits until what relies on this answer is kept, and then sees it.
const STAYS_LIVE: &str = "-- provider::stays_live
    SELECT 1 FROM provider WHERE id = :provider AND disabled_at IS NULL {for_share}";

const INSERT_CREDENTIAL: &str = "-- provider::insert_credential
    INSERT INTO credential (id, provider_id, username, secret_digest, may_submit, may_update, added_at)
    VALUES (:credential, :provider, :username, :secret_digest, :may_submit, :may_update, :now)
    ON CONFLICT DO NOTHING";

const DISABLE_CREDENTIAL: &str = "-- provider::disable_credential
    UPDATE credential SET disabled_at = :now WHERE id = :credential AND disabled_at IS NULL";

const FIND_CREDENTIAL: &str = "-- provider::find_credential
    SELECT credential.id, provider_id, secret_digest, may_submit, may_update,
        COALESCE(credential.disabled_at, provider.disabled_at,
            CASE WHEN ends_at <= :now THEN ends_at END) AS disabled_at, ends_at
    FROM credential JOIN provider ON provider.id = credential.provider_id
    WHERE username = :username AND kind = 'api'";

/// Providers that are listed.
const MOST_LISTED: u32 = 10_000;

/// A company that submits reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// Its public name.
    pub name: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it was switched off.
    pub disabled_at: Option<Timestamp>,
    /// Why it was switched off, or on again, the last time.
    because: Option<SwitchReason>,
}

impl Provider {
    /// Since when it is switched off, and why, where that was said.
    #[must_use]
    pub fn off(&self) -> Option<(Timestamp, Option<SwitchReason>)> {
        self.disabled_at.map(|at| (at, self.because))
    }
}

/// A credential that is to be added.
#[derive(Debug, Clone)]
pub struct NewCredential {
    /// Its id.
    pub credential: CredentialId,
    /// Whose it is.
    pub provider: ProviderId,
    /// The name that is sent with the secret.
    pub username: String,
    /// Keyed digest of the secret, from [`crate::House::secret_digest`].
    pub secret_digest: [u8; 32],
    /// Whether it may open reports.
    pub may_submit: bool,
    /// Whether it may add to, finish and retract reports.
    pub may_update: bool,
}

/// A credential as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Its id.
    pub credential: CredentialId,
    /// Whose it is.
    pub provider: ProviderId,
    /// Whether it may open reports.
    pub may_submit: bool,
    /// Whether it may add to, finish and retract reports.
    pub may_update: bool,
    /// Keyed digest of its secret.
    pub secret_digest: [u8; 32],
    /// Whether it or its provider was switched off, or its time is over.
    pub disabled: bool,
    /// When its time is over, where that was said.
    pub ends_at: Option<Timestamp>,
}

impl Credential {
    /// Whether it is let in at a moment, which may be later than that of the answer.
    #[must_use]
    pub fn is_live(&self, at: Timestamp) -> bool {
        !self.disabled && self.ends_at.is_none_or(|end| at < end)
    }

    /// Whether a secret with this keyed digest is the credential's; takes the same time whether or not it is.
    #[must_use]
    pub fn accepts(&self, secret_digest: &[u8; 32]) -> bool {
        seal::same(&self.secret_digest, secret_digest)
    }
}

/// Adds a provider.
///
/// # Errors
/// [`Refusal::Conflict`] when the id is taken.
pub fn add(act: &Act<'_>, id: &ProviderId, name: &str) -> Result<()> {
    let row = bind! { provider: id.as_str(), name, now: column::micros(act.now()) };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    act.note(Event::of_house(EventKind::ProviderAdded).with(json!({ "provider": id })))?;
    Ok(())
}

/// One provider.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(view: &View<'_>, id: &ProviderId) -> Result<Provider> {
    Ok(view.tx().find(GET, &bind! { provider: id.as_str() })?.ok_or(Refusal::NotFound)?)
}

/// All providers, by id.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>) -> Result<Vec<Provider>> {
    Ok(view.tx().rows(LIST, &bind! { most: MOST_LISTED })?)
}

/// Adds a credential.
///
/// # Errors
/// [`Refusal::Conflict`] when its id or username is taken; a fault for an unknown provider.
pub fn add_credential(act: &Act<'_>, new: &NewCredential) -> Result<()> {
    let row = bind! {
        credential: new.credential.as_str(), provider: new.provider.as_str(), username: &new.username,
        secret_digest: new.secret_digest, may_submit: new.may_submit,
        may_update: new.may_update, now: column::micros(act.now()),
    };
    if act.tx().execute(INSERT_CREDENTIAL, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let details = json!({ "credential": new.credential, "provider": new.provider });
    act.note(Event::of_house(EventKind::CredentialAdded).with(details))?;
    Ok(())
}

/// Switches a credential off, for good.
///
/// # Errors
/// [`Refusal::NotFound`], also when it is off already.
pub fn disable_credential(act: &Act<'_>, id: &CredentialId) -> Result<()> {
    let row = bind! { credential: id.as_str(), now: column::micros(act.now()) };
    if act.tx().execute(DISABLE_CREDENTIAL, &row)? == 0 {
        return Err(Refusal::NotFound.into());
    }
    act.note(Event::of_house(EventKind::CredentialDisabled).with(json!({ "credential": id })))?;
    Ok(())
}

/// The credential with this username. It says nothing until [`Credential::accepts`] the secret.
///
/// # Errors
/// A fault of the database.
pub fn find_credential(view: &View<'_>, username: &str) -> Result<Option<Credential>> {
    // A name with U+0000 can be no row's, and no engine may be asked for it.
    if username.contains('\0') {
        return Ok(None);
    }
    Ok(view.tx().find(FIND_CREDENTIAL, &bind! { username, now: column::micros(view.now()) })?)
}

/// Whether a provider's people are let in at all.
pub fn is_live(view: &View<'_>, id: &ProviderId) -> Result<bool> {
    Ok(view.tx().get::<i64>(IS_LIVE, &bind! { provider: id.as_str() })? > 0)
}

/// Whether a provider's people are let in, until the end of the act.
pub(crate) fn stays_live(view: &View<'_>, id: &ProviderId) -> Result<bool> {
    Ok(view.tx().find::<i64>(STAYS_LIVE, &bind! { provider: id.as_str() })?.is_some())
}

impl FromRow for Provider {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            id: column::parsed(row, "id")?,
            name: row.get("name")?,
            added_at: column::moment(row, "added_at")?,
            disabled_at: column::moment_option(row, "disabled_at")?,
            because: column::parsed_option(row, "because")?,
        })
    }
}

impl FromRow for Credential {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            credential: column::parsed(row, "id")?,
            provider: column::parsed(row, "provider_id")?,
            may_submit: row.get("may_submit")?,
            may_update: row.get("may_update")?,
            disabled: column::moment_option(row, "disabled_at")?.is_some(),
            ends_at: column::moment_option(row, "ends_at")?,
            secret_digest: row.get("secret_digest")?,
        })
    }
}
