//! How an agency stands to a report that was made available to it: the agency's own words, which nobody else sets.

use jiff::SignedDuration;

use crate::named::words;
use crate::priority::Priority;

words! {
    /// How far an agency is with a report.
    Status ("status") {
        /// Nobody of the agency has taken notice yet.
        New = "new",
        /// Somebody has.
        Acknowledged = "acknowledged",
        /// A person or a unit of the agency has it.
        Assigned = "assigned",
        /// It is being worked.
        InWork = "in-work",
        /// It waits for somebody else.
        Waiting = "waiting",
        /// The agency is done with it, until something new comes.
        Closed = "closed",
    }
}

words! {
    /// Why a report waits or was closed.
    StatusReason ("status reason") {
        /// A court has to decide first.
        AwaitsProcess = "awaits-process",
        /// A provider has to answer.
        AwaitsProvider = "awaits-provider",
        /// Another agency has to answer.
        AwaitsAgency = "awaits-agency",
        /// A device or a file is being examined.
        AwaitsExamination = "awaits-examination",
        /// What could be done was done.
        Resolved = "resolved",
        /// Nothing unlawful was found.
        Unfounded = "unfounded",
        /// There is too little to go on.
        Insufficient = "insufficient",
        /// It is worked under another report.
        Duplicate = "duplicate",
        /// It belongs to another agency.
        OtherJurisdiction = "other-jurisdiction",
    }
}

impl Status {
    /// Whether the agency still owes something.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed)
    }

    /// The status in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::Acknowledged => "Acknowledged",
            Self::Assigned => "Assigned",
            Self::InWork => "In work",
            Self::Waiting => "Waiting",
            Self::Closed => "Closed",
        }
    }

    /// How long a report of this priority may stay in this status before a supervisor sees it on the list of what is
    /// late; `None` for what nobody waits for. Days of ours to begin with, which no law sets.
    #[must_use]
    pub const fn lasts(self, priority: Priority) -> Option<SignedDuration> {
        const HOUR: i64 = 1;
        const DAY: i64 = 24;
        let hours = match (self, priority) {
            (Self::New | Self::Acknowledged, Priority::Immediate) => HOUR,
            (Self::New | Self::Acknowledged, Priority::Urgent) => 8 * HOUR,
            (Self::New | Self::Acknowledged, Priority::Elevated) => 2 * DAY,
            (Self::New | Self::Acknowledged, Priority::Routine) => 7 * DAY,
            (Self::New | Self::Acknowledged, Priority::Informational) => 30 * DAY,
            (Self::Assigned, Priority::Immediate) => 2 * HOUR,
            (Self::Assigned, Priority::Urgent) => DAY,
            (Self::Assigned, Priority::Elevated) => 5 * DAY,
            (Self::Assigned, Priority::Routine) => 14 * DAY,
            (Self::Assigned, Priority::Informational) => 60 * DAY,
            (Self::InWork | Self::Waiting, Priority::Immediate) => DAY,
            (Self::InWork | Self::Waiting, Priority::Urgent) => 7 * DAY,
            (Self::InWork | Self::Waiting, Priority::Elevated) => 30 * DAY,
            (Self::InWork | Self::Waiting, Priority::Routine) => 60 * DAY,
            (Self::InWork | Self::Waiting, Priority::Informational) => 180 * DAY,
            (Self::Closed, _) => return None,
        };
        Some(SignedDuration::from_hours(hours))
    }
}

impl StatusReason {
    /// Whether it says why a report has this status.
    #[must_use]
    pub const fn is_of(self, status: Status) -> bool {
        match status {
            Status::Waiting => self.awaits(),
            Status::Closed => !self.awaits(),
            Status::New | Status::Acknowledged | Status::Assigned | Status::InWork => false,
        }
    }

    const fn awaits(self) -> bool {
        matches!(
            self,
            Self::AwaitsProcess | Self::AwaitsProvider | Self::AwaitsAgency | Self::AwaitsExamination
        )
    }

    /// The reason in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::AwaitsProcess => "Waits for a court",
            Self::AwaitsProvider => "Waits for a provider",
            Self::AwaitsAgency => "Waits for another agency",
            Self::AwaitsExamination => "Waits for an examination",
            Self::Resolved => "Done",
            Self::Unfounded => "Nothing unlawful found",
            Self::Insufficient => "Too little to go on",
            Self::Duplicate => "Worked under another report",
            Self::OtherJurisdiction => "Belongs to another agency",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_open_is_late_some_day_and_sooner_the_more_urgent_it_is() {
        for &status in Status::ALL {
            let spans: Vec<_> = Priority::ALL.iter().map(|priority| status.lasts(*priority)).collect();
            assert_eq!(spans.iter().all(Option::is_some), status.is_open(), "{status}");
            assert!(spans.is_sorted(), "{status}");
        }
    }

    #[test]
    fn a_reason_says_why_something_waits_or_is_closed_and_never_both() {
        for &reason in StatusReason::ALL {
            let of = Status::ALL.iter().filter(|status| reason.is_of(**status));
            assert_eq!(of.count(), 1, "{reason}");
        }
    }
}
