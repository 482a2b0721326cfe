//! The words of reports that agencies hand on: to each other, or back to the clearinghouse.

use serde::{Deserialize, Serialize};

use crate::named::words;
use crate::priority::Priority;
use crate::standing::Status;

words! {
    /// Whether the agency that hands a report on keeps it too.
    TransferKind ("kind of transfer") {
        /// The other agency has it from then on, once it said yes.
        Transfer = "transfer",
        /// The other agency has it too.
        Referral = "referral",
    }
}

words! {
    /// What became of it.
    TransferState ("state of a transfer") {
        /// The other agency has not answered.
        Offered = "offered",
        /// The other agency has the report.
        Accepted = "accepted",
        /// The other agency said no.
        Declined = "declined",
        /// It was taken back.
        Withdrawn = "withdrawn",
        /// Nobody answered in time.
        Lapsed = "lapsed",
    }
}

words! {
    /// Why a report is handed on.
    TransferReason ("reason of a transfer") {
        /// The reported person lives in the other agency's area.
        PersonLivesThere = "person-lives-there",
        /// The child lives there.
        ChildLivesThere = "child-lives-there",
        /// The other agency works the same person already.
        WorkedThere = "worked-there",
        /// The other agency has people or tools for it.
        Specialised = "specialised",
        /// Whoever hands it on must not work it.
        ConflictOfInterest = "conflict-of-interest",
    }
}

words! {
    /// Why an offered report is not taken.
    DeclineReason ("reason of a refusal to take a report") {
        /// Nothing in it is in the agency's area.
        OutsideArea = "outside-area",
        /// The agency has nobody for it in time.
        NobodyFree = "nobody-free",
        /// It has too little for the agency to begin with.
        TooLittle = "too-little",
        /// Another agency is the right one.
        AnotherAgency = "another-agency",
        /// The agency must not work it.
        ConflictOfInterest = "conflict-of-interest",
    }
}

words! {
    /// Why a report is not for the agency that got it.
    NotOurs ("reason why a report is not an agency's") {
        /// Nothing in it is in the agency's area.
        OutsideArea = "outside-area",
        /// The matter is another kind of agency's: federal, military, tribal.
        OtherKind = "other-kind",
        /// The place that the route was found by is wrong.
        WrongPlace = "wrong-place",
        /// The agency does not work such matters any more, or never did.
        NotInvolved = "not-involved",
        /// The agency must not work it.
        ConflictOfInterest = "conflict-of-interest",
        /// The agency may not receive any more: nobody of it says so, the clearinghouse does.
        Revoked = "revoked",
    }
}

words! {
    /// What became of a report that an agency gave back.
    ReturnState ("state of a return") {
        /// It went to the next agency at once.
        WentOn = "went-on",
        /// Somebody of the clearinghouse has to say where it goes.
        AtDesk = "at-desk",
        /// The clearinghouse sent it to another agency.
        SentOn = "sent-on",
        /// It stays where it was.
        Stays = "stays",
    }
}

words! {
    /// How a report that an agency had is its own to see to again, or still.
    CameBack ("way in which a report comes back") {
        /// The agency to which it was offered said no.
        Declined = "declined",
        /// The agency to which it was offered did not answer in time.
        Lapsed = "lapsed",
        /// Another agency said that it is not its own, and this one has it too.
        GivenBack = "given-back",
        /// This agency said that it is not its own, and the clearinghouse that it stays.
        Stays = "stays",
        /// It was handed to this agency once more.
        Again = "again",
    }
}

/// What a court ordered when a report was handed on. It goes along with the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourtOrder {
    /// Court and number.
    pub order: String,
    /// What the court wants kept.
    pub conditions: Vec<String>,
}

impl TransferKind {
    /// The kind in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Transfer => "Transfer: they have it instead of us",
            Self::Referral => "Referral: they have it too",
        }
    }
}

impl TransferState {
    /// The state in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Offered => "waits for an answer",
            Self::Accepted => "taken",
            Self::Declined => "declined",
            Self::Withdrawn => "taken back",
            Self::Lapsed => "nobody answered in time",
        }
    }
}

impl TransferReason {
    /// The reason in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::PersonLivesThere => "The reported person lives in their area",
            Self::ChildLivesThere => "The child lives in their area",
            Self::WorkedThere => "They work the same person already",
            Self::Specialised => "They have the people or tools for it",
            Self::ConflictOfInterest => "We must not work it: conflict of interest",
        }
    }
}

impl DeclineReason {
    /// The reason in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::OutsideArea => "Nothing in it is in our area",
            Self::NobodyFree => "We have nobody for it in time",
            Self::TooLittle => "Too little to begin with",
            Self::AnotherAgency => "Another agency is the right one",
            Self::ConflictOfInterest => "We must not work it: conflict of interest",
        }
    }
}

impl NotOurs {
    /// Those that an agency can say of itself.
    pub const OF_AGENCIES: [Self; 5] =
        [Self::OutsideArea, Self::OtherKind, Self::WrongPlace, Self::NotInvolved, Self::ConflictOfInterest];

    /// The reason in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::OutsideArea => "Nothing in it is in our area",
            Self::OtherKind => "It is for another kind of agency: federal, military, tribal",
            Self::WrongPlace => "The place that it was routed by is wrong",
            Self::NotInvolved => "We do not work such matters",
            Self::ConflictOfInterest => "We must not work it: conflict of interest",
            Self::Revoked => "The agency may not receive any more",
        }
    }
}

impl ReturnState {
    /// The state in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::WentOn => "went to the next agency",
            Self::AtDesk => "waits for the desk",
            Self::SentOn => "sent on by the desk",
            Self::Stays => "stays where it was",
        }
    }
}

/// How long the other agency has to say yes or no: as long as a new report of that priority may lie.
#[must_use]
pub const fn answer_within(priority: Priority) -> Option<jiff::SignedDuration> {
    Status::New.lasts(priority)
}
