//! Oversight: what an auditor, a supervisor and counsel look after. An index; each page is a file of its own.

mod destructions;
mod ledger;
mod retention;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::html;

use crate::index::{self, Entry};
use crate::session::SignedIn;
use crate::{Staff, shell};

/// Its pages, in the order in which they are listed.
const ENTRIES: &[Entry] = &[ledger::ENTRY, destructions::ENTRY, retention::ENTRY];

pub(crate) fn routes() -> Router<Staff> {
    Router::new()
        .route(shell::OVERSIGHT.href, get(page))
        .merge(ledger::routes())
        .merge(destructions::routes())
        .merge(retention::routes())
}

/// `GET /oversight`.
async fn page(who: SignedIn) -> Response {
    let main = html! { h1 { "Oversight" } (index::entries(&who, ENTRIES)) };
    shell::page(&who, shell::OVERSIGHT, "Oversight", &main)
}
