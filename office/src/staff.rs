//! The clearinghouse's own people, behind live sessions.

use domain::{Actor, Id as _, PersonId};
use policy::{Viewer, ViewerRole};
use store::person::Home;
use store::session::Fresh;
use store::{House, Refusal};

use crate::fault::Trouble;
use crate::visit::Somebody;
use crate::{sign_in, visit};

/// A person of the clearinghouse who signed in.
#[derive(Debug, Clone)]
pub struct Member {
    /// The person.
    pub person: PersonId,
    /// Their name, for their own page.
    pub name: String,
    /// What they are there for.
    pub role: ViewerRole,
    somebody: Somebody,
}

impl Member {
    /// Proof that they verified themself within the last minutes, for what needs it.
    ///
    /// # Errors
    /// A refusal when that is longer ago.
    pub fn fresh(&self, house: &House) -> Result<Fresh, Trouble> {
        self.somebody.fresh(house)
    }

    /// The name of the session that they are in.
    #[must_use]
    pub fn session_id(&self) -> &str {
        &self.somebody.session.id
    }

    /// As the ledger writes them.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Person { person: self.person.clone(), agency: None }
    }

    /// As access sees them. There is no member before the banner.
    #[must_use]
    pub fn viewer(&self, house: &House) -> Viewer {
        self.somebody.viewer(house)
    }

    /// Whether theirs is one of these roles.
    #[must_use]
    pub fn is_one_of(&self, roles: &[ViewerRole]) -> bool {
        roles.contains(&self.role)
    }
}

impl std::fmt::Display for Member {
    /// Their id, as the ledger has it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.person.as_str())
    }
}

/// Starts a session of one of the clearinghouse's own people with a one-click link and answers its secret. Such links
/// exist in the synthetic demo only.
///
/// # Errors
/// "No such thing" for an unknown or expired link, for one of somebody else's, and outside the demo.
pub async fn sign_in_with_link(house: &House, link: &str) -> Result<String, Trouble> {
    sign_in::with_link(house, link, |home| matches!(home, Home::House)).await
}

/// The clearinghouse's person behind the secret of a live session.
///
/// # Errors
/// "No such thing" when it is unknown, idle for too long, too old, not of the clearinghouse, switched off, or before the
/// use banner was acknowledged.
pub async fn member(house: &House, secret: &str) -> Result<Member, Trouble> {
    let somebody = visit::somebody(house, secret).await?;
    let (person, session) = (&somebody.person, &somebody.session);
    if person.home != Home::House || session.banner_acknowledged_at.is_none() {
        return Err(Refusal::NotFound.into());
    }
    let (id, name, role) = (person.id.clone(), person.name.reveal().clone(), person.role);
    Ok(Member { person: id, name, role, somebody })
}
