//! The words of what clearinghouse and agencies have in common beside reports: whom one calls, what one reads and learns,
//! what an agency asks, and what looking at media does to whoever looks.

use crate::named::{numbered, words};

words! {
    /// What somebody is called about.
    Duty ("duty") {
        /// Whatever cannot wait, at any hour.
        DutyDesk = "duty-desk",
        /// Warrants, subpoenas, preservation.
        LegalProcess = "legal-process",
        /// Children who are to be identified.
        VictimIdentification = "victim-identification",
        /// Interfaces, keys, formats.
        Technical = "technical",
        /// Courses and material.
        Training = "training",
        /// Whoever leads.
        Command = "command",
    }
}

impl Duty {
    /// The duty in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::DutyDesk => "Duty desk",
            Self::LegalProcess => "Legal process",
            Self::VictimIdentification => "Victim identification",
            Self::Technical => "Technical questions",
            Self::Training => "Training",
            Self::Command => "Command",
        }
    }
}

words! {
    /// Where a document of the library stands.
    Shelf ("shelf") {
        /// To look something up.
        Document = "document",
        /// To learn something.
        Training = "training",
    }
}

impl Shelf {
    /// The shelf in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Document => "Documents",
            Self::Training => "Training",
        }
    }
}

numbered! {
    /// The number of a request to the clearinghouse's analysts, from the same sequence as reports.
    RequestId ("request number")
}

words! {
    /// What an agency asks for.
    RequestKind ("kind of request") {
        /// Help with something.
        Help = "help",
        /// More about a report than it says.
        MoreData = "more-data",
        /// Whether a child in a picture is known.
        VictimIdentification = "victim-identification",
    }
}

impl RequestKind {
    /// The kind in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Help => "Help",
            Self::MoreData => "More data",
            Self::VictimIdentification => "Victim identification",
        }
    }
}

words! {
    /// Whose turn it is.
    RequestState ("state of a request") {
        /// The clearinghouse owes an answer.
        WaitsForHouse = "waits-for-clearinghouse",
        /// The agency owes one.
        WaitsForAgency = "waits-for-agency",
        /// Nobody owes anything. Whoever writes again opens it again.
        Closed = "closed",
    }
}

words! {
    /// How grave a file is, in the letters and numbers of the industry; a claim of whoever said it.
    MediaClass ("media class") {
        /// A child before puberty, a sexual act.
        A1 = "A1",
        /// A child before puberty, lascivious exhibition.
        A2 = "A2",
        /// A child in puberty, a sexual act.
        B1 = "B1",
        /// A child in puberty, lascivious exhibition.
        B2 = "B2",
        /// Nobody said.
        Unclassified = "unclassified",
    }
}

impl MediaClass {
    /// What a sender said, as a class; whatever is no class of ours is none.
    #[must_use]
    pub fn said(words: Option<&str>) -> Self {
        words.and_then(|word| word.trim().parse().ok()).unwrap_or(Self::Unclassified)
    }

    /// The class in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::A1 => "A1: before puberty, a sexual act",
            Self::A2 => "A2: before puberty, lascivious exhibition",
            Self::B1 => "B1: in puberty, a sexual act",
            Self::B2 => "B2: in puberty, lascivious exhibition",
            Self::Unclassified => "Not classified",
        }
    }
}

words! {
    /// What somebody may choose not to be shown, without saying why.
    Spared ("category to be spared") {
        /// Files of class A1.
        A1 = "A1",
        /// Files of class A2.
        A2 = "A2",
        /// Files of class B1.
        B1 = "B1",
        /// Files of class B2.
        B2 = "B2",
        /// Files that nobody classified.
        Unclassified = "unclassified",
        /// Marked as showing an infant.
        Infant = "infant",
        /// Marked as graphic violence.
        ViolenceGore = "violenceGore",
        /// Marked as intentional injury.
        PhysicalHarm = "physicalHarm",
        /// Marked as involving an animal.
        Bestiality = "bestiality",
    }
}

impl Spared {
    /// Whether a file of this class and with these marks of its sender is one of it.
    #[must_use]
    pub fn holds(self, class: MediaClass, annotations: &[String]) -> bool {
        self.as_str() == class.as_str() || annotations.iter().any(|mark| mark == self.as_str())
    }

    /// The category in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::A1 => MediaClass::A1.title(),
            Self::A2 => MediaClass::A2.title(),
            Self::B1 => MediaClass::B1.title(),
            Self::B2 => MediaClass::B2.title(),
            Self::Unclassified => "Not classified by anybody",
            Self::Infant => "Marked by its sender: an infant",
            Self::ViolenceGore => "Marked by its sender: graphic violence",
            Self::PhysicalHarm => "Marked by its sender: intentional injury",
            Self::Bestiality => "Marked by its sender: an animal is involved",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_can_be_spared_and_a_mark_of_the_sender_is_enough() {
        for class in MediaClass::ALL {
            assert!(Spared::ALL.iter().any(|spared| spared.holds(*class, &[])), "{class}");
        }
        let marks = ["viral".to_owned(), "infant".to_owned()];
        assert!(Spared::Infant.holds(MediaClass::Unclassified, &marks));
        assert!(!Spared::Bestiality.holds(MediaClass::A1, &marks));
        assert_eq!(MediaClass::said(Some(" B2 ")), MediaClass::B2);
        assert_eq!(MediaClass::said(Some("worse")), MediaClass::Unclassified);
    }
}
