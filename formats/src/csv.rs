//! The sheets that investigators build by hand today, as CSV (RFC 4180): UTF-8 with byte-order mark, CRLF, and no
//! value that a spreadsheet would run.
//!
//! Columns of existing tools come first, under their names and in their order, so that an office's templates keep
//! working; ours follow. A sheet is for reading: over-long values are cut and say so, and the whole text stands in
//! `report-full.json`.

mod chat;
mod files;
mod ips;
mod ledger;
mod persons;
mod selectors;
mod sheet;
mod withheld;

pub use chat::chat;
pub use files::files;
pub use ips::ips;
pub use ledger::ledger;
pub use persons::persons;
pub use selectors::selectors;
pub use withheld::{Part, Withheld, withheld_files};
