//! Offline look-ups from dated tables: an address to its place and network, a postcode or a name to its county.
//!
//! Every answer names the table that it comes from and the day of that table, so that a decision which rests on
//! it can be explained years later. [`import()`] is the door for a stranger's file: bounded, checked whole, and
//! refused with its line and cause. [`Atlas`] holds what was let in and answers.
//!
//! Deliberately absent: any network call, any digest (the caller computes it while it reads the file), any
//! opinion about what an answer means. An address tells where a cable ends, not where a person is; see
//! [`Place::approximate`] and [`NetworkKind`].

mod asn;
mod atlas;
mod counties;
mod day;
mod found;
mod header;
mod import;
mod known;
mod mmdb;
mod postcodes;
mod ranges;
mod refusal;
mod segments;
mod states;
mod table;
mod text;

pub use atlas::Atlas;
pub use found::{County, Found, Network, NetworkKind, Place};
pub use import::{Hints, Imported, import, table_name};
pub use refusal::{Cause, Refusal};
pub use table::{Kind, MAX_FILE_BYTES, TableInfo};
