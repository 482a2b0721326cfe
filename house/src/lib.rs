//! The house itself: one handle over rows, keys, vault, ledger and the work queue, and acts that leave a leaf.
//!
//! [`House`] is the handle that everything above holds. `read` lends a [`View`] of one snapshot, `act` an [`Act`]
//! that is kept only with a ledger leaf. Only the vault, which no transaction waits for, is async. The nouns are in
//! `store`, the only crate that leans on this one; it hands on what others need. Deliberately absent: nouns, decisions,
//! and any way to private content without a permit of `policy`.

mod act;
mod again;
mod book;
pub mod column;
mod error;
mod event;

mod house;
mod keys;
mod migrations;
pub mod number;
pub mod rotation;
pub mod sealed;
pub mod setting;
mod settings;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod tombstone;
mod uses;
mod vault;
pub mod work;

pub use act::{Act, View};
pub use book::{Book, Sequenced, Verdict};
pub use error::{Error, Fault, Refusal, Result};
pub use event::{Event, EventKind, LeafId};
pub use house::House;
pub use keys::Dropped;
pub use rotation::{LiveEpoch, PastEpoch, Rotation, Turn};
pub use settings::{
    Corpus, CustodySettings, DatabaseSettings, Given, Settings, VaultSettings, make_root_key, seal_root_key,
};
pub use vault::{BlobKind, BlobRef, BlobWriter, Keep, Kept, Location, Reader, Stored, Vault};
