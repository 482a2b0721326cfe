//! The provider's own API credentials: two live at a time, so that one can take the other's place without a gap.

use domain::{CredentialId, Id as _, Purpose};
use jiff::SignedDuration;
use store::credential::{self, Listed};
use store::provider::NewCredential;
use store::{Error, Fault, House};

use super::Member;
use office::Trouble;
use office::sign_in;

/// Bytes of chance in a user name: enough that no two of one provider are the same.
const NAME_BYTES: usize = 3;

/// A credential as it is handed out, once.
pub struct Issued {
    /// The name that is sent with the secret.
    pub username: String,
    /// The secret. We keep only its keyed digest.
    pub secret: String,
}

impl std::fmt::Debug for Issued {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued").field("username", &self.username).finish_non_exhaustive()
    }
}

/// The provider's credentials, the newest first, dead ones among them.
///
/// # Errors
/// A denial, or a fault.
pub async fn credentials(house: &House, member: &Member) -> Result<Vec<Listed>, Trouble> {
    member.permit()?;
    let provider = member.provider.clone();
    Ok(house.read("portal::credentials", move |view| credential::list(view, &provider)).await?)
}

/// Makes one more credential.
///
/// # Errors
/// [`store::Refusal::Unfit`] when two live already; a denial for whoever is not an administrator; a fault.
pub async fn add_credential(house: &House, member: &Member) -> Result<Issued, Trouble> {
    let (new, issued) = fresh(house, member)?;
    let added = house.act(member.actor(), Purpose::Administration, "portal::add_credential", move |act| {
        credential::add(act, &new)
    });
    added.await?;
    Ok(issued)
}

/// Makes a credential that takes the place of another, which lives on for a chosen time, or until it is revoked.
///
/// # Errors
/// "No such thing" for another provider's; otherwise as [`add_credential`].
pub async fn rotate_credential(
    house: &House,
    member: &Member,
    old: CredentialId,
    lives_on: Option<SignedDuration>,
) -> Result<Issued, Trouble> {
    let (new, issued) = fresh(house, member)?;
    let provider = member.provider.clone();
    let rotated = house.act(member.actor(), Purpose::Administration, "portal::rotate", move |act| {
        credential::add(act, &new)?;
        let ends_at = lives_on.and_then(|span| act.now().checked_add(span).ok());
        credential::end_at(act, &provider, &old, ends_at)
    });
    rotated.await?;
    Ok(issued)
}

/// Revokes a credential: the next request with it is refused.
///
/// # Errors
/// "No such thing" for another provider's and for one that is revoked; a denial; a fault.
pub async fn revoke_credential(house: &House, member: &Member, id: CredentialId) -> Result<(), Trouble> {
    member.permit()?;
    member.must_be_fresh_admin(house)?;
    let provider = member.provider.clone();
    let revoked = house.act(member.actor(), Purpose::Administration, "portal::revoke", move |act| {
        credential::revoke(act, &provider, &id)
    });
    Ok(revoked.await?)
}

fn fresh(house: &House, member: &Member) -> Result<(NewCredential, Issued), Trouble> {
    member.permit()?;
    member.must_be_fresh_admin(house)?;
    let secret = sign_in::secret(house)?;
    let chance: [u8; 16] = seal::random::bytes(house.random().as_ref()).map_err(|_| Trouble::Chance)?;
    let credential = CredentialId::parse(&seal::hex(&chance))
        .map_err(|_| Error::from(Fault::Row { what: "credential id" }))?;
    let username = format!("{}-{}", member.provider, seal::hex(&chance[..NAME_BYTES]));
    let new = NewCredential {
        credential,
        provider: member.provider.clone(),
        username: username.clone(),
        secret_digest: house.secret_digest(secret.as_bytes()),
        may_submit: true,
        may_update: true,
    };
    Ok((new, Issued { username, secret }))
}

/// Notes that a credential was used, for its page: the first use of a day is written down beside the request, all
/// others cost nothing.
pub fn note_use(house: &House, id: &CredentialId) {
    if !credential::is_first_use_today(house, id) {
        return;
    }
    let (house, id) = (house.clone(), id.clone());
    tokio::spawn(async move {
        if let Err(error) = credential::mark_used(&house, &id).await {
            tracing::warn!(%error, "the use of a credential was not written down; its next use will be");
        }
    });
}
