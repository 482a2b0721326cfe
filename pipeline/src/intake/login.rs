//! Which provider speaks.

use cybertip::response::ResponseCode;
use domain::{Actor, CredentialId, ProviderId};
use store::{House, View, provider};

use super::Refused;

/// No user name of ours is longer.
const MOST_NAME_BYTES: usize = 256;

/// A provider's credential that was proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The provider.
    pub provider: ProviderId,
    /// The credential.
    pub credential: CredentialId,
    /// The name that was sent.
    pub username: String,
    /// It may open reports.
    pub may_submit: bool,
    /// It may add to, finish and retract them.
    pub may_update: bool,
}

impl Login {
    pub(super) fn actor(&self) -> Actor {
        Actor::Provider { provider: self.provider.clone(), credential: self.credential.clone() }
    }

    pub(super) const fn must_submit(&self) -> Result<(), Refused> {
        if self.may_submit { Ok(()) } else { Err(Refused::of(ResponseCode::MayNotSubmit)) }
    }

    pub(super) const fn must_update(&self) -> Result<(), Refused> {
        if self.may_update { Ok(()) } else { Err(Refused::of(ResponseCode::MayNotUpdate)) }
    }
}

/// Proves a user name and a secret. An unknown name and a wrong secret are the same answer.
///
/// # Errors
/// [`ResponseCode::AuthenticationRequired`]; [`ResponseCode::NotAuthorised`] for a credential that was switched off.
pub async fn authenticate(house: &House, username: &str, secret: &str) -> Result<Login, Refused> {
    let unknown = || Refused::of(ResponseCode::AuthenticationRequired);
    if username.is_empty() || username.len() > MOST_NAME_BYTES {
        return Err(unknown());
    }
    let (name, digest) = (username.to_owned(), house.secret_digest(secret.as_bytes()));
    // A provider asks from many connections at once: those that wait for the same name are answered together.
    let find = move |view: &View<'_>| provider::find_credential(view, &name);
    let found = house.read_together("intake::authenticate", username, find).await;
    let found = found.map_err(|error| Refused::stored(house, error, ResponseCode::ServerError, None))?;
    let credential = found.filter(|known| seal::same(&known.secret_digest, &digest)).ok_or_else(unknown)?;
    if !credential.is_live(house.now()) {
        return Err(Refused::of(ResponseCode::NotAuthorised));
    }
    crate::portal::note_use(house, &credential.credential);
    let login = Login {
        provider: credential.provider,
        credential: credential.credential,
        username: username.to_owned(),
        may_submit: credential.may_submit,
        may_update: credential.may_update,
    };
    house.here().is_known(login.actor(), "provider-system");
    Ok(login)
}
