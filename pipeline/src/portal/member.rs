//! Somebody of a provider, behind a live session.

use domain::{Actor, PersonId, ProviderId};
use policy::access::Denial;
use policy::{Permit, Read, ViewerRole, access};
use store::{House, Refusal, provider, session};

use crate::provider::ProviderViewer;
use office::{Fresh, Somebody, Trouble, sign_in, visit};

/// A person of a provider who signed in.
#[derive(Debug, Clone)]
pub struct Member {
    /// The person.
    pub person: PersonId,
    /// Their name, for their own page.
    pub person_name: String,
    /// Their provider.
    pub provider: ProviderId,
    /// The provider's name.
    pub provider_name: String,
    /// The session that they are in.
    pub live: session::Session,
    role: ViewerRole,
    banner_acknowledged: bool,
}

impl Member {
    /// Whether they keep the provider's credentials, contacts and profile.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.role == ViewerRole::ProviderAdmin
    }

    pub(crate) fn must_be_admin(&self) -> Result<(), Trouble> {
        if self.is_admin() { Ok(()) } else { Err(Denial::Role.into()) }
    }

    /// The administrator, when they verified themself within the last five minutes: for what a stolen session must not
    /// be able to do.
    pub(crate) fn must_be_fresh_admin(&self, house: &House) -> Result<Fresh, Trouble> {
        self.must_be_admin()?;
        Ok(self.live.fresh(house.now())?)
    }

    /// The same person as whoever asks for the provider's own reports.
    ///
    /// # Errors
    /// [`Denial`] before the use banner is acknowledged.
    pub fn viewer(&self) -> Result<ProviderViewer, Denial> {
        let (provider, person) = (self.provider.clone(), self.person.clone());
        ProviderViewer::person(provider, person, self.role, self.banner_acknowledged)
    }

    pub(crate) fn actor(&self) -> Actor {
        Actor::Person { person: self.person.clone(), agency: None }
    }

    pub(crate) fn permit(&self) -> Result<Permit<Read>, Denial> {
        let (provider, person) = (self.provider.clone(), self.person.clone());
        access::provider_person_read(provider, person, self.role, self.banner_acknowledged)
    }
}

/// Starts a session of a provider's person with a one-click link and answers its secret. Such links exist in the
/// synthetic demo only.
///
/// # Errors
/// "No such thing" for an unknown or expired link, for one of somebody else's, and outside the demo.
pub async fn sign_in_with_link(house: &House, link: &str) -> Result<String, Trouble> {
    sign_in::with_link(house, link, |home| home.provider().is_some()).await
}

/// The provider's person behind the secret of a live session.
///
/// # Errors
/// "No such thing" when it is unknown, idle for too long, too old, not of a provider, or switched off;
/// [`Refusal::Locked`] while it waits for its person to verify themself again.
pub async fn member(house: &House, secret: &str) -> Result<Member, Trouble> {
    let (digest, now) = (house.secret_digest(secret.as_bytes()), house.now());
    let found = house.read("portal::member", move |view| {
        let Somebody { person, session } = visit::find(view, digest, now)?;
        let of = person.home.provider().ok_or(Refusal::NotFound)?;
        let provider = provider::get(view, of)?;
        Ok((person, provider, session))
    });
    let (person, provider, live) = found.await?;
    visit::mark(house, digest, &live).await?;
    Ok(Member {
        person: person.id,
        person_name: person.name.into_inner(),
        provider: provider.id,
        provider_name: provider.name,
        role: person.role,
        banner_acknowledged: live.banner_acknowledged_at.is_some(),
        live,
    })
}
