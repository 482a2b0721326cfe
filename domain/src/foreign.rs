//! A report that its provider made because an agency abroad asked for it (18 USC 2258A(d)(5)): what it is owed.

use crate::named::words;

words! {
    /// Why a report could not be forwarded to the agency abroad that asked for it. Only we read it.
    ForwardObstacle ("reason why a report was not forwarded") {
        /// No agency of that country may receive reports.
        NobodyThere = "nobody-there",
        /// The agency that takes them may not receive now.
        NotQualified = "not-qualified",
        /// The report does not say which agency asked, or of which country.
        NotNamed = "not-named",
        /// The conditions on which that country's agencies are designated do not allow it.
        Conditions = "conditions",
    }
}

impl ForwardObstacle {
    /// The reason in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::NobodyThere => "No agency of that country may receive reports",
            Self::NotQualified => "The agency that takes them may not receive now",
            Self::NotNamed => "The report does not say which agency or country asked",
            Self::Conditions => "The conditions for that country do not allow it",
        }
    }
}
