//! Administration: people, agencies, providers, vendors, rules, what two people must agree on. An index; each page is a file of its own.

mod affiliations;
mod agencies;
mod agency_keys;
pub(crate) mod approvals;
mod key_models;
mod known_by;
mod media;
pub(crate) mod people;
mod providers;
mod rules;
mod vendors;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::html;

use crate::index::{self, Entry};
use crate::session::SignedIn;
use crate::{Staff, shell};

/// Its pages, in the order in which they are listed.
const ENTRIES: &[Entry] = &[
    people::ENTRY,
    people::DUE,
    media::ENTRY,
    agencies::ENTRY,
    affiliations::ENTRY,
    providers::ENTRY,
    agency_keys::ENTRY,
    vendors::ENTRY,
    approvals::ENTRY,
    rules::ENTRY,
    key_models::ENTRY,
];

pub(crate) fn routes() -> Router<Staff> {
    Router::new()
        .route(shell::ADMIN.href, get(page))
        .merge(people::routes())
        .merge(known_by::routes())
        .merge(agencies::routes())
        .merge(affiliations::routes())
        .merge(providers::routes())
        .merge(agency_keys::routes())
        .merge(approvals::routes())
        .merge(key_models::routes())
        .merge(rules::routes())
        .merge(media::routes())
        .merge(vendors::routes())
}

/// `GET /admin`.
async fn page(who: SignedIn) -> Response {
    let main = html! { h1 { "Administration" } (index::entries(&who, ENTRIES)) };
    shell::page(&who, shell::ADMIN, "Administration", &main)
}
