//! What two people must agree on. A closed list: whatever is not on it needs no second person, or cannot be done at all.

use crate::named::words;

words! {
    /// What is asked for.
    ApprovalKind ("approval kind") {
        /// Destroying depictions on an agency's word.
        Destroy = "destroy",
        /// Putting a hash on a list that others receive.
        PublishHash = "publish-hash",
        /// Saying that an agency may receive, and why.
        QualifyAgency = "qualify-agency",
        /// Putting another set of rules in force.
        ChangeRules = "change-rules",
        /// Putting another set of rules in force that opens or shuts the view gate otherwise (R-17, R-19a).
        RelaxGate = "relax-gate",
        /// Opening a file on the word of counsel.
        CounselGround = "counsel-ground",
        /// Destroying what the retention schedule says is over.
        Purge = "purge",
        /// Letting a new person in.
        AdmitPerson = "admit-person",
        /// Letting a person in again who lost every means of signing in.
        RecoverPerson = "recover-person",
        /// Giving a person another role.
        ChangeRole = "change-role",
        /// Knowing a person by a card, or by the word of another organisation.
        BindIdentity = "bind-identity",
        /// Recording that an agency is an affiliate of a task force.
        AffiliateAgency = "affiliate-agency",
    }
}

impl ApprovalKind {
    /// Hours between asking and the end, after which nobody can agree to it or use it any more.
    #[must_use]
    pub const fn open_for_hours(self) -> i64 {
        match self {
            // R-52 counts a day from the acceptance; what waits for longer must be asked anew.
            Self::Destroy | Self::RecoverPerson => 24,
            Self::CounselGround | Self::PublishHash => 3 * 24,
            Self::QualifyAgency
            | Self::ChangeRules
            | Self::RelaxGate
            | Self::Purge
            | Self::AdmitPerson
            | Self::ChangeRole
            | Self::BindIdentity
            | Self::AffiliateAgency => 7 * 24,
        }
    }

    /// What it is, in plain words.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Self::Destroy => "destroy depictions",
            Self::PublishHash => "publish a hash",
            Self::QualifyAgency => "qualify an agency",
            Self::ChangeRules => "change the rules",
            Self::RelaxGate => "change a relaxation of the view gate",
            Self::CounselGround => "open a file on counsel's word",
            Self::Purge => "destroy what is over its time",
            Self::AdmitPerson => "let a person in",
            Self::RecoverPerson => "let a person in again",
            Self::ChangeRole => "change a person's role",
            Self::BindIdentity => "know a person by a card or another's word",
            Self::AffiliateAgency => "record an affiliate of a task force",
        }
    }
}
