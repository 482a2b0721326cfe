//! The only SQL about reports: one file per noun, SQL on top, functions below.
//!
//! They are synchronous and run inside a transaction that [`House`] lends: `read` a [`View`] of one snapshot, `act` an
//! [`Act`] that is kept only with a ledger leaf. Handle, keys, vault, ledger and work queue are in the crate `house`,
//! and who is who in the crate `register`; both are handed on from here. Deliberately absent: decisions, and any way to private
//! content without a permit of `policy`.

pub mod custody;
pub mod dataset;
pub mod delivery;
pub mod destruction;
pub mod document;
pub mod evidence;
pub mod finding;
pub mod form;
pub mod ground;
pub mod health;
pub mod hold;
pub mod idempotency;
pub mod intact;
pub mod media;
pub mod own;
pub mod provider_destruction;
pub mod quality;
mod reach;
pub mod receipt;
pub mod report;
pub mod retention;
pub mod route;
pub mod selector;
pub mod sender_profile;
pub mod transfer;
pub mod triage;
pub mod viewing_session;

pub use reach::Content;
pub use register::{
    account, affiliation, agency, agency_key, approval, binding, challenge, contact, credential, enrolment,
    founding, guard, invitation, model, passkey, person, provider, recovery, role, rule_set, session, spared,
    standing, vendor,
};

#[cfg(any(test, feature = "testing"))]
pub use house::testing;
pub use house::{
    Act, Alarm, Attempt, Auditor, BlobKind, BlobRef, BlobWriter, Book, Corpus, CustodySettings,
    DatabaseSettings, Dropped, Errand, Error, Event, EventKind, Fault, Found, Given, House, Keep, Kept,
    LeafId, LiveEpoch, Location, Looked, MOST_OF_ONE, MOST_OF_STRANGERS, MOST_RECORDS, Origin, PastEpoch,
    QUORUM_MAY_AGE, Raised, Reader, Record, Refusal, Result, Sequenced, Settings, Sought, Standing, Stored,
    TilePath, Turn, Unlocked, Vault, VaultSettings, Verdict, View, Witness, WitnessSettings, make_root_key,
    number, rotation, seal_root_key, setting, tombstone, words, work,
};

pub(crate) use house::{column, sealed};
