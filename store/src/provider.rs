//! Providers and the credentials with which they submit. A secret is stored as its keyed digest only.

use database::{FromRow, Row, bind};
use domain::{CredentialId, Id, ProviderId};
use jiff::Timestamp;
use serde_json::json;

use crate::{Act, Event, EventKind, Refusal, Result, View, column};

const INSERT: &str = "-- provider::insert
    INSERT INTO provider (id, name, added_at) VALUES (:provider, :name, :now) ON CONFLICT DO NOTHING";

const INSERT_CREDENTIAL: &str = "-- provider::insert_credential
    INSERT INTO credential (id, provider_id, username, secret_digest, may_submit, may_update, added_at)
    VALUES (:credential, :provider, :username, :secret_digest, :may_submit, :may_update, :now)
    ON CONFLICT DO NOTHING";

const FIND_CREDENTIAL: &str = "-- provider::find_credential
    SELECT credential.id, provider_id, username, secret_digest, may_submit, may_update,
        COALESCE(credential.disabled_at, provider.disabled_at) AS disabled_at
    FROM credential JOIN provider ON provider.id = credential.provider_id
    WHERE username = :username";

const LIST: &str = "-- provider::list
    SELECT id, name, added_at, disabled_at FROM provider ORDER BY id";

/// A provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// Its name, as agencies read it.
    pub name: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// Since when it may no longer submit.
    pub disabled_at: Option<Timestamp>,
}

/// A credential that is to be issued.
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
    /// Whether it may add to, finish and retract them.
    pub may_update: bool,
}

/// A credential as it stands.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Its id.
    pub credential: CredentialId,
    /// Whose it is.
    pub provider: ProviderId,
    /// The name that is sent with the secret.
    pub username: String,
    /// Keyed digest of the secret.
    pub secret_digest: [u8; 32],
    /// Whether it may open reports.
    pub may_submit: bool,
    /// Whether it may add to, finish and retract them.
    pub may_update: bool,
    /// Whether it or its provider was switched off.
    pub disabled: bool,
}

/// Adds a provider.
///
/// # Errors
/// [`Refusal::Conflict`] when the id is taken.
pub fn add(act: &Act<'_>, provider: &ProviderId, name: &str) -> Result<()> {
    let row = bind! { provider: provider.as_str(), name, now: column::micros(act.now()) };
    if act.tx().execute(INSERT, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    act.note(Event::of_house(EventKind::ProviderAdded).with(json!({ "provider": provider })))?;
    Ok(())
}

/// Issues a credential.
///
/// # Errors
/// [`Refusal::Conflict`] when id or user name is taken.
pub fn add_credential(act: &Act<'_>, new: &NewCredential) -> Result<()> {
    let row = bind! {
        credential: new.credential.as_str(), provider: new.provider.as_str(), username: &new.username,
        secret_digest: new.secret_digest, may_submit: new.may_submit, may_update: new.may_update,
        now: column::micros(act.now()),
    };
    if act.tx().execute(INSERT_CREDENTIAL, &row)? == 0 {
        return Err(Refusal::Conflict.into());
    }
    let details = json!({ "provider": new.provider, "credential": new.credential });
    act.note(Event::of_house(EventKind::CredentialAdded).with(details))?;
    Ok(())
}

/// The credential with a user name, switched off or not.
///
/// # Errors
/// A fault of the database.
pub fn find_credential(view: &View<'_>, username: &str) -> Result<Option<Credential>> {
    Ok(view.tx().find(FIND_CREDENTIAL, &bind! { username })?)
}

/// All providers, by id.
///
/// # Errors
/// A fault of the database.
pub fn list(view: &View<'_>) -> Result<Vec<Provider>> {
    Ok(view.tx().rows(LIST, &bind! {})?)
}

impl FromRow for Credential {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            credential: column::parsed(row, "id")?,
            provider: column::parsed(row, "provider_id")?,
            username: row.get("username")?,
            secret_digest: row.get("secret_digest")?,
            may_submit: row.get("may_submit")?,
            may_update: row.get("may_update")?,
            disabled: column::moment_option(row, "disabled_at")?.is_some(),
        })
    }
}

impl FromRow for Provider {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, database::Fault> {
        Ok(Self {
            id: column::parsed(row, "id")?,
            name: row.get("name")?,
            added_at: column::moment(row, "added_at")?,
            disabled_at: column::moment_option(row, "disabled_at")?,
        })
    }
}
