//! The certificate of a report's records for a court: what the system is, what was received with its digests, what
//! happened to it, each event with its proof in the ledger, and the words of 28 U.S.C. 1746 for a qualified person to
//! sign. As canonical JSON, which the house signs, and as pages with the JSON within.
//!
//! What it certifies is that these are the records and that they are unchanged. Whether what somebody reported is true is
//! not for it to say.

mod pdf;
mod words;

use domain::{Delivery, ReportId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::NoteSigner;
use serde_json::{Map, Value, json};

use crate::package::canonical;
use crate::package::words::on_one_line;
use crate::receipt::{self, Receipt};
use crate::signed;

/// First line of the signed text. Nothing else that the house signs begins so.
const FIRST_LINE: &str = "clearinghouse certificate v1";
const SALT_BYTES: usize = 32;

/// The program that made the records and the certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// Its version.
    pub version: String,
    /// SHA-256 of the executable file that runs, where it could be read.
    pub sha256: Option<[u8; 32]>,
}

/// Who is to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The person's name.
    pub name: String,
    /// What makes the person qualified: role and office.
    pub role: String,
}

/// One event of the chain of custody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The number of its kind, as the leaf has it.
    pub code: u16,
    /// Its kind in a word.
    pub kind: &'static str,
    /// When.
    pub at: Timestamp,
    /// Salt and event; `None` where the event is another agency's, of which only the leaf is shown.
    pub salted: Option<Vec<u8>>,
    /// The ledger's proof of its leaf, with the leaf's own bytes.
    pub proof: String,
}

/// Everything that a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// What was received, as the receipt of its sender has it.
    pub receipt: Receipt,
    /// The making-available under which the agency holds it.
    pub delivery: Delivery,
    /// When it was made.
    pub issued_at: Timestamp,
    /// The program.
    pub build: Build,
    /// Who is to sign.
    pub signer: Signer,
    /// The chain of custody, in the order of the ledger.
    pub custody: Vec<Event>,
}

/// A certificate that the house signed, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCertificate {
    certificate: Certificate,
    members: Map<String, Value>,
    note: String,
}

impl Certificate {
    /// Settles the certificate and signs it.
    ///
    /// # Errors
    /// [`receipt::Fault`] when an event cannot be read or the signer fails.
    pub fn sign(mut self, signer: &dyn NoteSigner) -> Result<SignedCertificate, receipt::Fault> {
        self.receipt.provider_name = on_one_line(&self.receipt.provider_name);
        self.signer.name = on_one_line(&self.signer.name);
        self.signer.role = on_one_line(&self.signer.role);
        let members = members(&self)?;
        let body = canonical(&Value::Object(members.clone()));
        let report = self.receipt.report;
        let text = format!("{FIRST_LINE}\nreport {report}\nsha256 {}\n", seal::hex(&seal::sha256(&body)));
        let note = signed::note(&text, signer).map_err(receipt::Fault::Signing)?;
        Ok(SignedCertificate { certificate: self, members, note })
    }
}

impl SignedCertificate {
    /// The canonical JSON.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut members = self.members.clone();
        members.insert("signature".to_owned(), json!(self.note));
        canonical(&Value::Object(members))
    }

    /// Pages to be signed by hand, with the JSON within.
    ///
    /// # Errors
    /// [`receipt::Fault::Pages`].
    pub fn to_pdf(&self) -> Result<Vec<u8>, receipt::Fault> {
        pdf::write(self)
    }

    /// Which report it is of.
    #[must_use]
    pub const fn report(&self) -> ReportId {
        self.certificate.receipt.report
    }

    /// The name under which it is saved, without its ending.
    #[must_use]
    pub fn name(&self) -> String {
        format!("certificate-{}", self.report())
    }
}

fn members(certificate: &Certificate) -> Result<Map<String, Value>, receipt::Fault> {
    let Certificate { receipt, delivery, build, signer, .. } = certificate;
    let custody = certificate.custody.iter().map(event).collect::<Result<Vec<Value>, _>>()?;
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("schema", json!("urn:clearinghouse:schema:certificate:1.0"));
    put("report", json!(receipt.report.get()));
    put("provider", json!(receipt.provider.to_string()));
    put("providerName", json!(receipt.provider_name));
    put("completedAt", json!(moment(receipt.completed_at)));
    put("submissionSha256", json!(seal::hex(&receipt.submission_sha256)));
    put("documents", receipt.documents.iter().map(receipt::document).collect());
    put("files", receipt.files.iter().map(receipt::file).collect());
    put("agency", json!(delivery.agency.to_string()));
    put("agencyName", json!(on_one_line(&delivery.agency_name)));
    put("basis", json!(delivery.basis.as_str()));
    put("delivery", json!(delivery.delivery.to_string()));
    put("issuedAt", json!(moment(certificate.issued_at)));
    put("system", json!(words::SYSTEM));
    put("process", json!(words::PROCESS));
    put(
        "software",
        json!({
            "name": "clearinghouse", "version": build.version, "sha256": build.sha256.map(|digest| seal::hex(&digest)),
            "sha256Of": "the executable file that made this certificate",
        }),
    );
    put("signer", json!({ "name": signer.name, "role": signer.role }));
    put("declaration", json!(words::DECLARATION));
    put("custody", Value::Array(custody));
    Ok(members)
}

fn event(one: &Event) -> Result<Value, receipt::Fault> {
    let opened = one.salted.as_ref().map(|salted| {
        let (salt, event) = salted.split_at_checked(SALT_BYTES).ok_or(receipt::Fault::Ledger)?;
        let event: Value = serde_json::from_slice(event).map_err(|_| receipt::Fault::Ledger)?;
        Ok::<_, receipt::Fault>((seal::hex(salt), event))
    });
    let (salt, event) = opened.transpose()?.unzip();
    Ok(json!({
        "at": moment(one.at), "code": one.code, "kind": one.kind, "event": event, "salt": salt, "proof": one.proof,
    }))
}

/// A moment to the microsecond, as the leaf has it.
fn moment(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}
