//! What a provider says about one uploaded file.

use serde::{Deserialize, Serialize};

use crate::id::{FileId, ReportId};
use crate::named::words;
use crate::private::Private;
use crate::submission::{Device, GivenTime, IpEvent, Unmodelled};
use crate::tri_state::TriState;

words! {
    /// Whether a file is what is reported or only goes with it.
    Relevance ("file relevance") {
        /// The reported content itself; also what an absent answer means.
        Reported = "Reported",
        /// Goes with it, such as a message export.
        Supplemental = "Supplemental Reported",
    }
}

/// One `fileDetails` statement. Its three answers are immutable after finish and printed beside every mention of the
/// file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStatement {
    /// The report it belongs to.
    pub report: ReportId,
    /// The file it speaks of.
    pub file: FileId,
    /// Old file name field, still sent by some.
    pub file_name: Option<Private<String>>,
    /// The name the file had.
    pub original_name: Option<Private<String>>,
    /// When the user uploaded it to the provider.
    pub uploaded_at: Option<GivenTime>,
    /// Where it was.
    pub location: Option<Private<String>>,
    /// The provider viewed the entire contents of this file.
    pub viewed: TriState,
    /// The provider viewed its EXIF block.
    pub exif_viewed: TriState,
    /// The entire contents were reachable by online users.
    pub public: TriState,
    /// Reported, or supplemental.
    pub relevance: Relevance,
    /// File annotations that were set, by their wire names; the legacy meme mark is among them.
    pub annotations: Vec<String>,
    /// `A1`, `A2`, `B1`, `B2`: the provider's view, not ours.
    pub classification: Option<String>,
    /// Hashes at the original upload.
    pub original_hashes: Vec<OriginalHash>,
    /// The address that uploaded it.
    pub ip_event: Option<IpEvent>,
    /// Devices.
    pub devices: Vec<Device>,
    /// EXIF and hash details.
    pub details: Vec<MetadataGroup>,
    /// Free text.
    pub additional: Vec<Private<String>>,
    /// What was received and has no field here.
    pub unmodelled: Vec<Unmodelled>,
}

impl FileStatement {
    /// A statement that says nothing yet: every answer is unknown, and a file of which nothing is said was reported.
    #[must_use]
    pub const fn about(report: ReportId, file: FileId) -> Self {
        Self {
            report,
            file,
            file_name: None,
            original_name: None,
            uploaded_at: None,
            location: None,
            viewed: TriState::Unknown,
            exif_viewed: TriState::Unknown,
            public: TriState::Unknown,
            relevance: Relevance::Reported,
            annotations: Vec::new(),
            classification: None,
            original_hashes: Vec::new(),
            ip_event: None,
            devices: Vec::new(),
            details: Vec::new(),
            additional: Vec::new(),
            unmodelled: Vec::new(),
        }
    }
}

/// A hash that the provider computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginalHash {
    /// `MD5`, `SHA1`, `PDQ`, …: free text.
    pub kind: String,
    /// The value as given.
    pub value: Private<String>,
}

/// A group of name and value pairs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetadataGroup {
    /// `EXIF` or `HASH`.
    pub kind: Option<String>,
    /// The pairs, in order.
    pub pairs: Vec<MetadataPair>,
}

/// One name with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetadataPair {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Private<String>,
}
