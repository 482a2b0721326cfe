//! The languages that agencies and their tools read: domain values to bytes, one folder each. What providers speak is
//! in the crate `cybertip`. Everything here is pure: no clock, no
//! files, no network, no decisions. A moment is an argument; a bound is a named constant.
//!
//! | module | language |
//! | --- | --- |
//! | [`certificate`] | the records of a report, certified for a court |
//! | [`csv`] | the sheets that investigators build by hand |
//! | [`destruction`] | the certificate that something was destroyed |
//! | [`le_download`] | the report JSON that law enforcement's tools read |
//! | [`package`] | the zip that an agency downloads, with its signed manifest |
//! | [`receipt`] | what a sender is told when its report is complete |
//! | [`report_full`] | our own complete report JSON |
//! | [`sender_notes()`] | how to read this sender's report |

pub mod certificate;
pub mod csv;
pub mod destruction;
pub mod le_download;
pub mod media_statement;
pub mod package;
pub mod receipt;
pub mod report_full;
mod sender_notes;
mod signed;

pub use sender_notes::sender_notes;
