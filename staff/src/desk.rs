//! The desk: what waits for whoever is signed in.

mod calls;
mod files;
mod foreign_request;
mod look;
mod outcomes;
mod returned;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use domain::portal::RequestState;
use maud::{Markup, html};
use office::Trouble;
use office::approval::{self, Listed};
use ui::Link;
use web::portal;
use workspace::{given_back, requests};

use crate::admin::approvals;
use crate::index::{self, Entry};
use crate::session::SignedIn;
use crate::{Staff, shell};

/// What agencies and we have in common beside reports.
pub(crate) static PORTAL: portal::Room = portal::Room {
    link: Link { href: "/desk/portal", label: "Portal" },
    above: &[shell::DESK],
    report: ("/desk/reports/", "/files"),
    keeps_library: true,
};

const PORTAL_ENTRY: Entry = Entry {
    link: Link { href: "/desk/portal", label: "Portal" },
    says: "What agencies ask, whom to call, the library, and your own page about looking.",
    roles: files::ROLES,
};

pub(crate) fn routes() -> Router<Staff> {
    Router::new()
        .route(shell::DESK.href, get(page))
        .merge(calls::routes())
        .merge(files::routes())
        .merge(foreign_request::routes())
        .merge(outcomes::routes())
        .merge(returned::routes())
}

/// `GET /desk`.
async fn page(who: SignedIn) -> Response {
    match found(&who).await {
        Ok(found) => shell::page(&who, shell::DESK, "Desk", &main(&who, &found)),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

/// What waits for somebody.
struct Found {
    /// Whom somebody is being called for, and that nobody can be.
    calls: Markup,
    /// For a second person.
    waiting: Vec<Listed>,
    /// Requests of agencies that wait for an answer.
    asked: usize,
    /// Reports that agencies gave back and that somebody has to send on.
    returned: u32,
    /// Reports asked for from abroad whose provider waits for an answer, and how many of these are overdue.
    abroad: (u32, u32),
}

async fn found(who: &SignedIn) -> Result<Found, Trouble> {
    let waiting = if who.member.is_one_of(approvals::ROLES) {
        approval::waiting_for(&who.staff.house, &who.member).await?
    } else {
        Vec::new()
    };
    let viewer = who.viewer();
    let open = if requests::may_use(&viewer) {
        requests::list(&who.staff.house, &viewer, false).await?
    } else {
        Vec::new()
    };
    let returned = if who.member.is_one_of(returned::ROLES) {
        given_back::waiting(&who.staff.house, &viewer).await?
    } else {
        0
    };
    let abroad = if who.member.is_one_of(foreign_request::ROLES) {
        workspace::foreign_request::waiting(&who.staff.house, &viewer).await?
    } else {
        (0, 0)
    };
    let asked = open.iter().filter(|one| one.state == RequestState::WaitsForHouse).count();
    Ok(Found { calls: calls::on_top(who).await?, waiting, asked, returned, abroad })
}

fn main(who: &SignedIn, found: &Found) -> Markup {
    let Found { calls, waiting, asked, returned, abroad: (abroad, overdue) } = found;
    html! {
        h1 { "Desk" }
        (calls)
        p { "You are signed in as " (who.member.role.title()) "." }
        @if *returned > 0 {
            p { (Link { href: returned::LINK.href, label: "Reports that agencies gave back" }) " and that wait for somebody to say where they go: " (returned) }
        }
        @if *abroad > 0 {
            p {
                (Link { href: foreign_request::LINK.href, label: "Reports asked for from abroad" }) " whose provider waits for an answer: " (abroad)
                @if *overdue > 0 { " " (ui::chip(&format!("{overdue} overdue"), ui::Tone::Critical)) }
            }
        }
        @if *asked > 0 {
            p { (Link { href: "/desk/portal/requests", label: "Requests of agencies" }) " that wait for an answer of ours: " (asked) }
        }
        @if who.member.is_one_of(files::ROLES) { (index::entries(who, &[files::ENTRY, outcomes::ENTRY, returned::ENTRY, calls::ENTRY, foreign_request::ENTRY, PORTAL_ENTRY])) }
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
