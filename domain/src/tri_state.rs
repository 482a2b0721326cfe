//! Yes, no, or not said: the three answers a provider may give about a file.

use crate::named::words;

words! {
    /// An answer that may be absent. Absent means unknown, and unknown counts as "no" wherever a door depends on it.
    TriState ("answer") {
        /// The provider said yes.
        Yes = "Yes",
        /// The provider said no.
        No = "No",
        /// The provider did not say. Printed as `Unknown`, never as "Not stated": one reader takes "No" from "Not".
        Unknown = "Unknown",
    }
}

impl From<Option<bool>> for TriState {
    fn from(answer: Option<bool>) -> Self {
        match answer {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Unknown,
        }
    }
}

impl From<TriState> for Option<bool> {
    fn from(answer: TriState) -> Self {
        match answer {
            TriState::Yes => Some(true),
            TriState::No => Some(false),
            TriState::Unknown => None,
        }
    }
}

impl TriState {
    /// True only for a plain yes: unknown opens nothing.
    #[must_use]
    pub const fn is_yes(self) -> bool {
        matches!(self, Self::Yes)
    }
}
