//! What goes wrong in real traffic, each as an injected fault (law-enforcement-exchange 7.5, reporting API 4 and 13).

use std::fmt;

/// What the provider API must do with a faulty report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It must take it: the fault is for people and rules to see, never a reason to lose a report.
    Accept,
    /// It must refuse the submission with this response code.
    Refuse(u32),
}

macro_rules! faults {
    ($($(#[doc = $says:literal])+ $name:ident = $word:literal, $verdict:expr;)+) => {
        /// One thing that is wrong with a report on purpose.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Fault { $($(#[doc = $says])+ $name,)+ }

        impl Fault {
            /// Every fault, in the order of the reference.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The word for lists and notes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// What is wrong, in one sentence for people.
            #[must_use]
            pub const fn says(self) -> &'static str {
                match self { $(Self::$name => concat!($($says),+).trim_ascii(),)+ }
            }

            /// Whether the API must take or refuse it.
            #[must_use]
            pub const fn verdict(self) -> Verdict {
                match self { $(Self::$name => $verdict,)+ }
            }
        }
    };
}

faults! {
    /// A log-in address is given as the upload address.
    LoginAsUpload = "login-as-upload", Verdict::Accept;
    /// The incident time is the moment of detection.
    DetectionTime = "detection-time", Verdict::Accept;
    /// No file says whether it was viewed.
    ViewedUnset = "viewed-unset", Verdict::Accept;
    /// A well-known meme without its mark.
    MemeUnmarked = "meme-unmarked", Verdict::Accept;
    /// A well-known old file marked as made by artificial intelligence.
    AiMarkOnKnownFile = "ai-mark-on-known-file", Verdict::Accept;
    /// Hashes in the text, and no file.
    HashOnly = "hash-only", Verdict::Accept;
    /// The chat is there only as a picture.
    ChatAsScreenshot = "chat-as-screenshot", Verdict::Accept;
    /// One file that fifty users shared.
    SameFileManyUsers = "same-file-many-users", Verdict::Accept;
    /// One user in hundreds of reports.
    SameUserManyReports = "same-user-many-reports", Verdict::Accept;
    /// Two users behind one home or carrier address, told apart by port.
    SharedAddress = "shared-address", Verdict::Accept;
    /// A shared address without its port.
    PortMissing = "port-missing", Verdict::Accept;
    /// The upload came through a VPN exit abroad that is not marked as one.
    VpnExitAbroad = "vpn-exit-abroad", Verdict::Accept;
    /// A state with several task forces, and no county.
    CountyUnknown = "county-unknown", Verdict::Accept;
    /// The contact at the provider no longer exists.
    ContactBounced = "contact-bounced", Verdict::Accept;
    /// A second report says that the first was a mistake.
    SecondRetractsFirst = "second-retracts-first", Verdict::Accept;
    /// The document starts with a byte-order mark.
    ByteOrderMark = "byte-order-mark", Verdict::Accept;
    /// Moments with nine digits behind the point.
    FractionSeconds = "fraction-seconds", Verdict::Accept;
    /// Elements that are there and empty.
    EmptyElements = "empty-elements", Verdict::Accept;
    /// An archive that holds a second document.
    ArchiveWithSecondPdf = "archive-with-second-pdf", Verdict::Accept;
    /// A file name of a thousand characters.
    LongFileName = "long-file-name", Verdict::Accept;
    /// A file name that turns the reading direction.
    RightToLeftName = "right-to-left-name", Verdict::Accept;
    /// A screen name that is a spreadsheet formula.
    SheetFormula = "sheet-formula", Verdict::Accept;
    /// An ampersand that is not escaped.
    BareAmpersand = "bare-ampersand", Verdict::Refuse(4110);
    /// A document type declaration.
    DocumentType = "document-type", Verdict::Refuse(4110);
    /// The reporter before the summary.
    WrongOrder = "wrong-order", Verdict::Refuse(4100);
    /// An incident a hundred years from now.
    FutureIncident = "future-incident", Verdict::Refuse(4100);
    /// High priority is asked for with a blank reason.
    BlankEscalation = "blank-escalation", Verdict::Refuse(4100);
}

impl Fault {
    /// One report in so many is faulty, when faults are on. Every fault occurs within `EVERY * ALL.len()` reports.
    pub const EVERY: u64 = 16;

    /// The fault of this report, when faults are on. Its turn is fixed, so that a short run meets every one.
    pub(crate) fn of(index: u64) -> Option<Self> {
        let turn = (index % Self::EVERY == Self::EVERY - 1).then_some(index / Self::EVERY)?;
        let position = usize::try_from(turn % Self::ALL.len() as u64).unwrap_or_default();
        Self::ALL.get(position).copied()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn five_hundred_reports_meet_every_fault() {
        let met: BTreeSet<Fault> = (0..500).filter_map(Fault::of).collect();
        assert_eq!(met.len(), Fault::ALL.len());
        assert!(Fault::ALL.iter().all(|fault| fault.says().ends_with('.')));
    }
}
