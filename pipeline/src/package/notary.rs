//! What the house vouches with: its key for packages, and the ledger's proof of a delivery.

use ledger::NoteSigner;
use store::{House, LeafId, Refusal, View};

use super::Fault;

/// The key that signs manifests; never the one that signs checkpoints.
pub(super) fn signer(_house: &House) -> Result<&dyn NoteSigner, Fault> {
    // The store has no key for packages yet: until it has one, no package leaves.
    Err(store::Error::from(Refusal::NotFound).into())
}

/// The text of `ledger-proof.txt` for one leaf.
pub(super) fn proof(house: &House, view: &View<'_>, leaf: LeafId) -> store::Result<String> {
    house.book().prove(view, leaf)
}
