//! The words of an agency's cases, of what came of a report, and of what two agencies agree on.

use crate::named::{numbered, words};
use crate::standing::StatusReason;

numbered! {
    /// The number of a case, from the same sequence as reports, so that its key has a number of its own.
    CaseId ("case number")
}

words! {
    /// What a member of a case may, least first.
    MemberLevel ("level of a member") {
        /// May read it.
        Reads = "reads",
        /// May write in it too.
        Works = "works",
        /// May also share it, close it and open it again.
        Leads = "leads",
    }
}

words! {
    /// What stands in a case.
    EntryKind ("kind of entry") {
        /// Words.
        Note = "note",
        /// What somebody has to do.
        Task = "task",
        /// A person whom the case is about.
        Subject = "subject",
        /// A thing, or a file of a report, with its chain of custody.
        Exhibit = "exhibit",
    }
}

words! {
    /// What happens to an exhibit.
    CustodyKind ("custody event") {
        /// The agency got it.
        Received = "received",
        /// It was put where it is kept.
        Stored = "stored",
        /// It was given to somebody.
        HandedOver = "handed-over",
        /// It was examined.
        Examined = "examined",
        /// A copy was made.
        Copied = "copied",
        /// It went back to its owner.
        Returned = "returned",
        /// It was destroyed.
        Destroyed = "destroyed",
    }
}

words! {
    /// Legal process of a case.
    ProcessKind ("legal process") {
        /// A court allows a search. It opens the files that it names.
        Warrant = "warrant",
        /// Somebody who may consents. It opens the files that it names.
        Consent = "consent",
        /// There is no time to ask a court. It opens the files that it names, once a second person agrees.
        Exigent = "exigent",
        /// Records are demanded of somebody. It opens no file.
        Subpoena = "subpoena",
    }
}

impl ProcessKind {
    /// Whether files can be opened on it.
    #[must_use]
    pub const fn opens_files(self) -> bool {
        !matches!(self, Self::Subpoena)
    }
}

words! {
    /// What came of a report, as the agency says. All that the clearinghouse sees of the agency's work.
    Outcome ("outcome") {
        /// Somebody was arrested.
        Arrest = "arrest",
        /// A child was identified or made safe.
        ChildSafeguarded = "child-safeguarded",
        /// Nothing unlawful was found.
        Unfounded = "unfounded",
        /// There was too little to go on.
        Insufficient = "insufficient",
        /// It is worked under another report.
        Duplicate = "duplicate",
        /// It belongs to another agency.
        OtherJurisdiction = "other-jurisdiction",
    }
}

impl Outcome {
    /// The outcome in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Arrest => "Arrest",
            Self::ChildSafeguarded => "Child identified or made safe",
            Self::Unfounded => "Unfounded",
            Self::Insufficient => "Too little to go on",
            Self::Duplicate => "Duplicate",
            Self::OtherJurisdiction => "Another jurisdiction's",
        }
    }

    /// Why the report is closed with it.
    #[must_use]
    pub const fn closes_as(self) -> StatusReason {
        match self {
            Self::Arrest | Self::ChildSafeguarded => StatusReason::Resolved,
            Self::Unfounded => StatusReason::Unfounded,
            Self::Insufficient => StatusReason::Insufficient,
            Self::Duplicate => StatusReason::Duplicate,
            Self::OtherJurisdiction => StatusReason::OtherJurisdiction,
        }
    }
}

words! {
    /// How two agencies that hold related material settle it.
    Settlement ("settlement") {
        /// The one that owns the event leads.
        OwnerLeads = "owner-leads",
        /// The other one leads.
        OtherLeads = "other-leads",
        /// Both work it together.
        Joint = "joint",
        /// What they hold is not about the same person.
        Unrelated = "unrelated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standing::Status;

    #[test]
    fn every_outcome_closes_its_report_with_a_reason_of_a_closed_one() {
        assert!(Outcome::ALL.iter().all(|outcome| outcome.closes_as().is_of(Status::Closed)));
    }
}
