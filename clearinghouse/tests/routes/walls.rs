//! The walls of every face, tried on the routers themselves in a house whose clock a test moves: the list of routes is
//! whole, every answer is dressed, and nobody gets past a door who should not. Part of the binary's own tests, because only
//! there the routers of all surfaces are put together.

mod asking;
mod dress;
mod dressed;
mod forms;
mod handed;
mod inboxes;
mod labelled;
mod late;
mod left;
mod list;
mod listed;
mod made;
mod outside;
mod revoked;
mod sessions;
mod switched;
mod tenants;
mod things;
mod told;

use asking::ORIGIN;

/// Runs the walk of a test to its end.
fn walk(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}
