//! Why a face gets no answer: a denial, a refusal, or a fault of ours.

use policy::access::Denial;
use store::{Error, Refusal};

/// What went wrong for whoever asked.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The viewer may not.
    #[error(transparent)]
    Denied(Denial),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] Error),
    /// A key's answer opened nothing; the leaf that says so is written.
    #[error(transparent)]
    SignIn(#[from] crate::passkeys::Refused),
    /// Nothing could be asked of a key.
    #[error(transparent)]
    Key(#[from] passkey::Wrong),
    /// The courier did not take the letter for this channel; those before it are on their way.
    #[error("a letter could not be handed to the courier: {1}")]
    Courier(crate::courier::Channel, #[source] std::io::Error),
    /// There was no chance to be had.
    #[error("the random source gave nothing")]
    Chance,
}

impl From<Denial> for Trouble {
    /// The request remembers why, for the leaf that it leaves.
    fn from(denial: Denial) -> Self {
        let (code, rule) = match denial {
            Denial::Role => ("role", None),
            Denial::Banner => ("banner", None),
            Denial::Forbidden(why) => ("forbidden", Some(why.rule.clone())),
        };
        if let Some(here) = store::Origin::current() {
            here.is_denied(code, rule);
        }
        Self::Denied(denial)
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Store(refusal.into())
    }
}

impl Trouble {
    /// The refusal, when the house said no rather than failed.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Store(Error::Refusal(refusal)) => Some(refusal),
            _ => None,
        }
    }

    /// True when the same call may well succeed a little later: the caller is asked to come again, not told of a fault.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Store(Error::Fault(fault)) if fault.is_passing())
    }

    /// True when the face leads to the page where the person verifies themself again, and back.
    #[must_use]
    pub const fn asks_for_verification(&self) -> bool {
        matches!(self, Self::Store(Error::Refusal(Refusal::Locked | Refusal::NotFresh)))
    }

    /// True when the caller may not learn more than that there is nothing here.
    #[must_use]
    pub const fn is_not_found(&self) -> bool {
        matches!(self, Self::Denied(_) | Self::Store(Error::Refusal(Refusal::NotFound | Refusal::Disabled)))
    }
}
