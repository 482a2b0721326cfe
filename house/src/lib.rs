//! The house itself: one handle over rows, keys, vault, ledger and the work queue, and acts that leave a leaf.
//!
//! [`House`] is the handle that everything above holds. `read` lends a [`View`] of one snapshot, `act` an [`Act`]
//! that is kept only with a ledger leaf. Only the vault, which no transaction waits for, is async. The nouns are in
//! `store`, the only crate that leans on this one; it hands on what others need. Deliberately absent: nouns, decisions,
//! and any way to private content without a permit of `policy`.

mod act;
mod again;
mod alarm;
mod book;
pub mod column;
mod error;
mod event;

mod house;
mod keys;
pub mod migrations;
pub mod number;
mod origin;
pub mod pause;
mod refused;
mod registers;
pub mod rotation;
mod rows;
pub mod sealed;
pub mod setting;
mod settings;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod tombstone;
mod uses;
mod vault;
pub mod words;
pub mod work;

pub use act::{Act, View};
pub use alarm::{Alarm, Raised};
pub use book::{
    Auditor, Book, Errand, Found, Looked, MOST_RECORDS, NoGrowth, QUORUM_MAY_AGE, Record, Sequenced, Sought,
    Standing, TilePath, Verdict, Witness,
};
pub use error::{Error, Fault, Refusal, Result};
pub use event::{Event, EventKind, LeafId};
pub use house::House;
pub use keys::Dropped;
pub use origin::{Denied, Known, Origin};
pub use refused::{Attempt, MOST_OF_ONE, MOST_OF_STRANGERS};
pub use rotation::{LiveEpoch, PastEpoch, Rotation, Turn};
pub use settings::{
    Corpus, CustodySettings, DatabaseSettings, Given, Settings, VaultSettings, WitnessSettings,
    make_root_key, seal_root_key,
};
pub use vault::{BlobKind, BlobRef, BlobWriter, Keep, Kept, Location, Reader, Stored, Unlocked, Vault};
