//! What the house vouches with: its key for packages, and the ledger's proof of a delivery.

use ledger::NoteSigner;
use store::{House, LeafId, View};

/// The key that signs manifests; never the one that signs checkpoints.
pub(super) fn signer(house: &House) -> &dyn NoteSigner {
    house.packager()
}

/// The proof of one leaf and the leaf's own bytes.
pub(super) fn proof(house: &House, view: &View<'_>, leaf: LeafId) -> store::Result<(String, Vec<u8>)> {
    let book = house.book();
    Ok((book.prove(view, leaf)?, book.entry(view, leaf)?))
}
