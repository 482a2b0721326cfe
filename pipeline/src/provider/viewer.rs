//! Who asks for a provider.

use domain::{Actor, CredentialId, PersonId, ProviderId};
use policy::access::{self, Denial};
use policy::{List, Permit, Read, ViewerRole};

/// Somebody who may see one provider's own reports: its system, or a person of it.
#[derive(Debug, Clone)]
pub struct ProviderViewer {
    provider: ProviderId,
    reads: Permit<Read>,
}

impl ProviderViewer {
    /// The provider's system, by a credential that was proved.
    #[must_use]
    pub fn credential(provider: ProviderId, credential: CredentialId) -> Self {
        Self { reads: access::provider_read(provider.clone(), credential), provider }
    }

    /// A person of the provider, signed in at the portal.
    ///
    /// # Errors
    /// [`Denial`] for a role that is not a provider's, and before the use banner is acknowledged.
    pub fn person(
        provider: ProviderId,
        person: PersonId,
        role: ViewerRole,
        banner_acknowledged: bool,
    ) -> Result<Self, Denial> {
        let reads = access::provider_person_read(provider.clone(), person, role, banner_acknowledged)?;
        Ok(Self { provider, reads })
    }

    /// Whose reports are in reach.
    #[must_use]
    pub const fn provider(&self) -> &ProviderId {
        &self.provider
    }

    /// Who it is, as the ledger writes it.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        self.reads.actor()
    }

    /// What opens the own reports, and nothing else.
    #[must_use]
    pub const fn reads(&self) -> &Permit<Read> {
        &self.reads
    }

    /// What lists them.
    pub(crate) fn lists(&self) -> Permit<List> {
        access::provider_list(&self.reads)
    }
}
