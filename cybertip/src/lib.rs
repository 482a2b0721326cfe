//! The language of the provider reporting API: `report` and `fileDetails` documents in, response documents out.
//!
//! The language is described once, as data, in [`language`]. The parser's validation, the schema that we serve
//! ([`xsd()`]) and the reference page ([`reference()`]) are derived from that description, so they cannot disagree.
//! Deliberately absent: answering (that is the provider face) and keeping the received bytes (that is intake).
//!
//! A document's way in: bytes are decoded and parsed (`encoding`, `document`), held against the description
//! (`validate`, with `content` for the order and `values` for the text), then against the documented rules (`rules`),
//! and only then built into a domain value (`build`). `help` adds plain sentences, `lenient` keeps what is unknown.

mod build;
mod content;
mod document;
mod encoding;
mod escape;
mod help;
pub mod language;
mod lenient;
mod messages;
mod outcome;
mod profile;
mod read;
mod reference;
pub mod response;
mod rules;
mod temporal;
mod validate;
mod values;
mod write;
mod xsd;

pub use outcome::{Complaint, Read, Rejection, Warning};
pub use profile::{Limits, Profile, UnknownProfile};
pub use read::{read_file_details, read_report};
pub use reference::{DocEntry, reference, reference_page};
pub use write::{file_details_to_xml, to_xml};
pub use xsd::xsd;
