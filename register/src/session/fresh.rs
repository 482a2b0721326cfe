//! Proof that a person showed who they are a moment ago: what a privileged act takes besides its permit (R-70).

use domain::{Assurance, Means, PersonId};
use jiff::{SignedDuration, Timestamp};

use super::Session;
use crate::{Refusal, Result};

/// How old the last user verification of a session may be for a privileged act: media, export, destroy, administer.
pub const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// A person who verified themself within the last five minutes. There is no public constructor: only
/// [`Session::fresh`] makes one, from what the server wrote down when it saw the person.
///
/// ```compile_fail
/// // It cannot be made up.
/// let forged = register::session::Fresh { person: todo!(), verified_at: todo!() };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fresh {
    person: PersonId,
    means: Means,
    assurance: Assurance,
    verified_at: Timestamp,
}

impl Fresh {
    /// Who it is.
    #[must_use]
    pub const fn person(&self) -> &PersonId {
        &self.person
    }

    /// By what means they are signed in.
    #[must_use]
    pub const fn means(&self) -> Means {
        self.means
    }

    /// How much that means is worth.
    #[must_use]
    pub const fn assurance(&self) -> Assurance {
        self.assurance
    }

    /// When they were seen to be themself.
    #[must_use]
    pub const fn verified_at(&self) -> Timestamp {
        self.verified_at
    }
}

impl Session {
    /// Its person, when they verified themself within the last five minutes by the server's clock.
    ///
    /// # Errors
    /// [`Refusal::NotFresh`] when that is longer ago: the face leads to the page where they do it again.
    pub fn fresh(&self, now: Timestamp) -> Result<Fresh> {
        // Another process's clock may be a little ahead; one that is far ahead proves nothing.
        let seen = self.verified_at.filter(|at| now.duration_since(*at).abs() <= FRESH);
        let verified_at = seen.filter(|_| !self.is_locked(now)).ok_or(Refusal::NotFresh)?;
        let Self { person, means, assurance, .. } = self.clone();
        Ok(Fresh { person, means, assurance, verified_at })
    }
}
