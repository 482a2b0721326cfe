//! Administration: people, agencies, what two people must agree on. An index; each page is a file of its own.

mod agencies;
mod agency_keys;
pub(crate) mod approvals;
mod people;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::html;

use crate::index::{self, Entry};
use crate::session::SignedIn;
use crate::{Staff, shell};

/// Its pages, in the order in which they are listed.
const ENTRIES: &[Entry] = &[people::ENTRY, agencies::ENTRY, agency_keys::ENTRY, approvals::ENTRY];

pub(crate) fn routes() -> Router<Staff> {
    Router::new()
        .route(shell::ADMIN.href, get(page))
        .merge(people::routes())
        .merge(agencies::routes())
        .merge(agency_keys::routes())
        .merge(approvals::routes())
}

/// `GET /admin`.
async fn page(who: SignedIn) -> Response {
    let main = html! { h1 { "Administration" } (index::entries(&who, ENTRIES)) };
    shell::page(&who, shell::ADMIN, "Administration", &main)
}
