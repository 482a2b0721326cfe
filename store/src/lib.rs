//! The only SQL; acts; the evidence vault; the work queue.
//!
//! [`House`] is the handle that everything above holds. `read` lends a [`View`] of one snapshot, `act` an [`Act`]
//! that is kept only with a ledger leaf. One file per noun: SQL on top, functions below; they are synchronous and run
//! inside a transaction. Only the vault, which no transaction waits for, is async. Deliberately absent: decisions,
//! and any way to private content without a permit of `policy`.

mod act;
pub mod agency;
mod book;
mod column;
pub mod contact;
pub mod credential;
pub mod dataset;
pub mod delivery;
pub mod document;
mod error;
mod event;
pub mod evidence;
pub mod finding;
pub mod form;
pub mod health;
mod house;
pub mod idempotency;
pub mod inbox;
mod keys;
mod migrations;
pub mod number;
pub mod own;
pub mod person;
pub mod provider;
pub mod quality;
mod reach;
pub mod receipt;
pub mod report;
pub mod retention;
pub mod route;
mod sealed;
pub mod selector;
pub mod sender_profile;
pub mod session;
pub mod setting;
mod settings;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod transfer;
pub mod triage;
mod vault;
pub mod work;

pub use act::{Act, View};
pub use book::{Book, Sequenced, Verdict};
pub use error::{Error, Fault, Refusal, Result};
pub use event::{Event, EventKind, LeafId};
pub use house::House;
pub use reach::Content;
pub use settings::{Corpus, DatabaseSettings, Given, Settings, VaultSettings, make_root_key};
pub use vault::{BlobKind, BlobRef, BlobWriter, Keep, Kept, Location, Reader, Stored, Vault};
