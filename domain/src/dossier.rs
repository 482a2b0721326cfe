//! Everything an agency may have of one report, gathered once: the report page and every export are written from it,
//! so that a page and a package can never tell different stories.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::basis::{BasisCode, ViewGround};
use crate::evidence::FileStatement;
use crate::id::{AgencyId, DeliveryId, DestructionId, FileId, ProviderId, ReportId};
use crate::priority::{Priority, Reason};
use crate::private::Private;
use crate::quality::Quality;
use crate::selector::{Selector, SelectorKind};
use crate::sender_profile::StampedProfile;
use crate::submission::Submission;
use crate::transfer::CourtOrder;
use crate::tri_state::TriState;

/// One report as one agency may see it. A page holds its files in a list; what must not hold all of them at once keeps them
/// in some other way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dossier<F = Vec<DossierFile>> {
    /// The report's number.
    pub report: ReportId,
    /// Who sent it.
    pub provider: ProviderId,
    /// The sender's name.
    pub provider_name: String,
    /// When the sender finished it: "date received".
    pub received_at: Timestamp,
    /// Until when the sender must preserve it.
    pub preserve_until: Timestamp,
    /// Lower-case hex SHA-256 over everything submitted.
    pub submission_sha256: String,
    /// Section A: what the sender supplied.
    pub submission: Submission,
    /// Section A: how this sender says it reports, as it was in force when the report was finished.
    pub sender_profile: Option<StampedProfile>,
    /// Section A: the files.
    pub files: F,
    /// Section B: what was added automatically.
    pub findings: Vec<Finding>,
    /// Section B: what identifies people, accounts and files.
    pub selectors: Vec<Selector>,
    /// Section C: our advisory priority (R-20a).
    pub priority: Priority,
    /// Section C: why.
    pub reasons: Vec<Reason>,
    /// Section C: what the report lacks, once it was judged; advice to its sender.
    pub quality: Option<Quality>,
    /// Section C: related reports, by pointer only.
    pub related: Vec<RelatedReport>,
    /// Section D: to whom it was made available, why and when.
    pub deliveries: Vec<Delivery>,
    /// Section D: what courts ordered on its way, whoever was on it.
    #[serde(default)]
    pub court_orders: Vec<CourtOrder>,
    /// Version of the rule sets that decided.
    pub rule_set: String,
}

impl<F> Dossier<F> {
    /// The same report with its files kept in another way.
    #[must_use]
    pub fn keeping<G>(self, keep: impl FnOnce(F) -> G) -> Dossier<G> {
        Dossier {
            report: self.report,
            provider: self.provider,
            provider_name: self.provider_name,
            received_at: self.received_at,
            preserve_until: self.preserve_until,
            submission_sha256: self.submission_sha256,
            submission: self.submission,
            sender_profile: self.sender_profile,
            files: keep(self.files),
            findings: self.findings,
            selectors: self.selectors,
            priority: self.priority,
            reasons: self.reasons,
            quality: self.quality,
            related: self.related,
            deliveries: self.deliveries,
            court_orders: self.court_orders,
            rule_set: self.rule_set,
        }
    }
}

/// One file of a dossier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DossierFile {
    /// Its id.
    pub file: FileId,
    /// 1 for the first file uploaded, and so on.
    pub position: u32,
    /// When it was received.
    pub received_at: Timestamp,
    /// Length in bytes.
    pub size_bytes: u64,
    /// Lower-case hex MD5.
    pub md5: String,
    /// Lower-case hex SHA-1.
    pub sha1: String,
    /// Lower-case hex SHA-256.
    pub sha256: String,
    /// The name in the upload's part headers.
    pub uploaded_name: Option<Private<String>>,
    /// The media type in the upload's part headers; a claim.
    pub media_type: Option<String>,
    /// What the sender says of it, if it said anything.
    pub statement: Option<FileStatement>,
    /// False when the bytes are not there: hashed and not kept, or destroyed.
    pub retained: bool,
    /// Their destruction, when that is why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destroyed: Option<Destroyed>,
    /// The ground that opens it for this agency, if any.
    pub ground: Option<ViewGround>,
    /// The sender read something out of the EXIF block that no ground opens. The dossier does not hold it.
    #[serde(default)]
    pub exif_withheld: bool,
    /// How many earlier reports had a file with the same SHA-256.
    pub seen_before: u32,
}

/// That the bytes of a file were destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destroyed {
    /// When their keys were dropped.
    pub at: Timestamp,
    /// The destruction, under whose name its certificate is found.
    pub destruction: DestructionId,
    /// When the certificate was signed; `None` while backups die.
    pub certified_at: Option<Timestamp>,
}

impl DossierFile {
    /// The sender's answer: did it view the entire contents?
    #[must_use]
    pub fn viewed(&self) -> TriState {
        self.statement.as_ref().map_or(TriState::Unknown, |s| s.viewed)
    }

    /// The sender's answer: did it view the EXIF block?
    #[must_use]
    pub fn exif_viewed(&self) -> TriState {
        self.statement.as_ref().map_or(TriState::Unknown, |s| s.exif_viewed)
    }

    /// The sender's answer: were the entire contents public?
    #[must_use]
    pub fn public(&self) -> TriState {
        self.statement.as_ref().map_or(TriState::Unknown, |s| s.public)
    }

    /// The best name the sender gave: original name, else the upload's.
    #[must_use]
    pub fn name(&self) -> Option<&Private<String>> {
        let stated = self.statement.as_ref().and_then(|s| s.original_name.as_ref().or(s.file_name.as_ref()));
        stated.or(self.uploaded_name.as_ref())
    }
}

/// One look-up result, with the table that gave it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Which enrichment, such as `ip-place`.
    pub enricher: String,
    /// What was looked up, such as an address.
    pub subject: Private<String>,
    /// Name of the dated table.
    pub table: String,
    /// Date of that table, `YYYY-MM-DD`.
    pub as_of: String,
    /// What the table says: for places `country`, `region`, `city`, `county`, `county_fips`, `latitude`, `longitude`,
    /// `approximate`; for networks `asn`, `operator`, `network_kind`. Absent keys are unknown.
    pub value: serde_json::Value,
}

/// A report that shares something with this one. Nothing of its content stands here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedReport {
    /// The other report.
    pub report: ReportId,
    /// What kinds of selector they share.
    pub kinds: Vec<SelectorKind>,
    /// How many selectors they share.
    pub shared: u32,
    /// True when the agency that reads also holds the other report.
    pub held: bool,
    /// Agencies that hold it, to contact; empty where that may not be said.
    pub holders: Vec<AgencyId>,
}

/// One making-available.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its id.
    pub delivery: DeliveryId,
    /// To whom.
    pub agency: AgencyId,
    /// The agency's name.
    pub agency_name: String,
    /// The one basis code.
    pub basis: BasisCode,
    /// When.
    pub available_at: Timestamp,
    /// How, such as `portal`.
    pub channel: String,
    /// The routing rule that named the agency.
    pub rule: String,
    /// That rule's sentence for the reader.
    pub says: String,
}
