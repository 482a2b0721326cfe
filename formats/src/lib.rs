//! The languages that agencies and their tools read: domain values to bytes, one folder each. What providers speak is
//! in the crate `cybertip`. Everything here is pure: no clock, no
//! files, no network, no decisions. A moment is an argument; a bound is a named constant.
//!
//! | module | language |
//! | --- | --- |
//! | [`case_uco`] | a CASE/UCO bundle, for tools that reason |
//! | [`certificate`] | the records of a report, certified for a court |
//! | [`chat`] | chats and mails, message by message |
//! | [`csv`] | the sheets that investigators build by hand |
//! | [`custody_record`] | what goes with a package that is carried by hand |
//! | [`files`] | how documents go through the files of a report |
//! | [`destruction`] | the certificate that something was destroyed |
//! | [`le_download`] | the report JSON that law enforcement's tools read |
//! | [`ledger_extract`] | leaves of the ledger, taken out to be checked |
//! | [`package`] | the zip that an agency downloads, with its signed manifest |
//! | [`preservation_letter`] | a request to preserve records, ready to sign |
//! | [`hash_list`] | lists of digests, as tools write them |
//! | [`receipt`] | what a sender is told when its report is complete |
//! | [`report_full`] | our own complete report JSON |
//! | [`report_pdf`] | the report as pages |
//! | [`sender_notes()`] | how to read this sender's report |
//! | [`vics`] | media records of the Project VIC family, both ways |

pub mod case_uco;
pub mod certificate;
pub mod chat;
pub mod csv;
pub mod custody_record;
pub mod destruction;
pub mod files;
pub mod hash_list;
pub mod le_download;
pub mod ledger_extract;
pub mod media_statement;
pub mod package;
pub mod preservation_letter;
pub mod receipt;
pub mod report_full;
pub mod report_pdf;
mod sender_notes;
mod signed;
mod uuid;
pub mod vics;

pub use sender_notes::sender_notes;
