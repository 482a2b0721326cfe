//! Who may receive, and under which kind of house.

use crate::named::words;

words! {
    /// What an agency is in the eyes of 18 USC 2258A(c) and (g)(3); its basis codes follow from it.
    AgencyClass ("agency class") {
        /// A Federal agency involved in such investigations.
        Federal = "FEDERAL",
        /// A State agency, most ICAC task forces' lead agencies among them.
        State = "STATE",
        /// A local agency: a county or city.
        Local = "LOCAL",
        /// A tribal agency: named in (g)(3)(B) but not in (c)(2) (R-21a).
        Tribal = "TRIBAL",
        /// A foreign agency; it also needs a [`Relationship`].
        Foreign = "FOREIGN",
    }
}

words! {
    /// What qualifies a foreign agency (R-21 (3), R-79).
    Relationship ("relationship") {
        /// Designated by the Attorney General.
        Designated = "designated",
        /// An established relationship with the FBI.
        Fbi = "fbi",
        /// An established relationship with ICE.
        Ice = "ice",
        /// An established relationship with INTERPOL.
        Interpol = "interpol",
    }
}

words! {
    /// Under which law the house runs. There is no default: a house without a profile does not start.
    Profile ("operator profile") {
        /// The clearinghouse that 18 USC 2258A names.
        Ncmec = "ncmec",
        /// A law-enforcement operator.
        LawEnforcement = "law-enforcement",
        /// A hotline, under its own country's law.
        Hotline = "hotline",
        /// Synthetic data only: file bytes outside our own corpus are hashed and not kept.
        SyntheticDemo = "synthetic-demo",
    }
}

impl Profile {
    /// True when file bytes may be stored although they are not from the synthetic corpus.
    #[must_use]
    pub const fn keeps_foreign_bytes(self) -> bool {
        !matches!(self, Self::SyntheticDemo)
    }

    /// True when one-click sign-in links may exist.
    #[must_use]
    pub const fn has_demo_links(self) -> bool {
        matches!(self, Self::SyntheticDemo)
    }
}
