//! The only SQL; acts; the evidence vault; the work queue.
//!
//! [`House`] is the handle that everything above holds. `read` lends a [`View`] of one snapshot, `act` an [`Act`]
//! that is kept only with a ledger leaf. One file per noun: SQL on top, functions below; they are synchronous and run
//! inside a transaction. Only the vault, which no transaction waits for, is async. Deliberately absent: decisions,
//! and any way to private content without a permit of `policy`.

mod act;
mod book;
mod column;
pub mod dataset;
mod error;
mod event;
mod house;
mod keys;
mod migrations;
pub mod setting;
mod settings;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod vault;
pub mod work;

pub use act::{Act, View};
pub use book::{Book, Sequenced, Verdict};
pub use error::{Error, Fault, Refusal, Result};
pub use event::{Event, EventKind, LeafId};
pub use house::House;
pub use settings::{Corpus, DatabaseSettings, Given, Settings, VaultSettings, make_root_key};
pub use vault::{BlobKind, BlobRef, BlobWriter, Keep, Kept, Location, Reader, Stored, Vault};
