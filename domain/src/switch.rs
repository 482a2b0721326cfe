//! Why a provider is switched off, and on again. A closed list: the ledger names the reason, and no free words.

use crate::named::words;

words! {
    /// Why a provider is switched off, or on again.
    SwitchReason ("reason to switch a provider off or on") {
        /// Somebody else has its credentials or its people's accounts.
        WrongHands = "wrong-hands",
        /// It sends what are no reports, or far more than it has.
        Misuse = "misuse",
        /// It provides nothing any more, or reports elsewhere.
        Ended = "ended",
        /// It asked for it.
        Asked = "asked",
        /// It was put on the register, or switched off, by mistake.
        Mistake = "mistake",
        /// What was wrong is mended.
        Mended = "mended",
    }
}

impl SwitchReason {
    /// Those for which one is switched off.
    pub const OFF: &'static [Self] =
        &[Self::WrongHands, Self::Misuse, Self::Ended, Self::Asked, Self::Mistake];
    /// Those for which one is switched on again.
    pub const ON: &'static [Self] = &[Self::Mended, Self::Asked, Self::Mistake];

    /// The reason in plain words.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Self::WrongHands => "its credentials or accounts are in wrong hands",
            Self::Misuse => "it sends what are no reports, or far too much",
            Self::Ended => "it provides nothing any more, or reports elsewhere",
            Self::Asked => "it asked for it",
            Self::Mistake => "it was a mistake",
            Self::Mended => "what was wrong is mended",
        }
    }
}
