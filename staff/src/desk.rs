//! The desk: what waits for whoever is signed in.

mod files;
mod look;
mod outcomes;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use office::Trouble;
use office::approval::{self, Listed};

use crate::admin::approvals;
use crate::index;
use crate::session::SignedIn;
use crate::{Staff, shell};

pub(crate) fn routes() -> Router<Staff> {
    Router::new().route(shell::DESK.href, get(page)).merge(files::routes()).merge(outcomes::routes())
}

/// `GET /desk`.
async fn page(who: SignedIn) -> Response {
    match found(&who).await {
        Ok(waiting) => shell::page(&who, shell::DESK, "Desk", &main(&who, &waiting)),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

async fn found(who: &SignedIn) -> Result<Vec<Listed>, Trouble> {
    if who.member.is_one_of(approvals::ROLES) {
        approval::waiting_for(&who.staff.house, &who.member).await
    } else {
        Ok(Vec::new())
    }
}

fn main(who: &SignedIn, waiting: &[Listed]) -> Markup {
    html! {
        h1 { "Desk" }
        p { "You are signed in as " (who.member.role.title()) "." }
        @if who.member.is_one_of(files::ROLES) { (index::entries(who, &[files::ENTRY, outcomes::ENTRY])) }
        @if who.member.is_one_of(approvals::ROLES) {
            h2 { "Waiting for a second person" }
            @if waiting.is_empty() {
                (ui::empty("Nothing waits for you to agree or refuse.", None))
            } @else {
                (approvals::table("Waiting for you", waiting))
            }
        }
    }
}
