//! Rules: which are in force, which are to come, which wait for two people; how a set differs from the one in force, what it
//! would change, and the form that asks a second person.

mod one;
mod relaxations;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use maud::{Markup, html};
use policy::ViewerRole;
use rulebook::{Listed, Offer, RuleSetId, Standing};
use ui::{Column, Link, Order, Row, Table, Value};
use web::moment;

use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

/// Whoever oversees the rules.
const ROLES: &[ViewerRole] =
    &[ViewerRole::Supervisor, ViewerRole::Counsel, ViewerRole::Auditor, ViewerRole::SecurityAdmin];
/// Whoever may ask for others.
const ASK: &[ViewerRole] = &[ViewerRole::Supervisor, ViewerRole::Counsel];

const LINK: Link<'static> = Link { href: "/admin/rules", label: "Rules" };

pub(crate) const ENTRY: Entry =
    Entry { link: LINK, says: "Which rules decide, which wait, and what they would change.", roles: ROLES };

pub(crate) fn routes() -> Router<Staff> {
    Router::new()
        .route(LINK.href, get(page))
        .route(relaxations::LINK.href, get(relaxations::page).post(relaxations::ask))
        .route("/admin/rules/relaxations/{name}/end", post(relaxations::end))
        .route("/admin/rules/{set}", get(one::page).post(one::propose))
}

fn address(set: &RuleSetId) -> String {
    format!("{}/{set}", LINK.href)
}

/// `GET /admin/rules`.
async fn page(who: SignedIn) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    match rulebook::standing(&who.staff.house, &who.member).await {
        Ok(standing) => shell::below(StatusCode::OK, &who, &[shell::ADMIN], LINK.label, &main(&standing)),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

fn main(standing: &Standing) -> Markup {
    let next = standing.next().map_or_else(
        || html! { "nothing is settled" },
        |next| html! { code { (next.set) } " from " (moment(next.starts_at)) " on" },
    );
    let facts: [(&str, Value); 3] = [
        ("In force", html! { code { (standing.in_force.set) } }.into()),
        ("Since", moment(standing.in_force.starts_at).into()),
        ("To come", next.into()),
    ];
    let live = standing.relaxations.iter().filter(|one| one.holds(standing.now)).count();
    html! {
        h1 { "Rules" }
        p { "One set decides who may see what, what is urgent, where a report goes and how long it stays. Every record names it. What lies on disk decides nothing before two people agreed." }
        (ui::definitions(&facts))
        h2 { "Waiting for somebody to ask" }
        @if standing.offers.is_empty() {
            (ui::empty("Every set that this house has seen was put in force once.", None))
        } @else {
            (offers(&standing.offers))
        }
        h2 { "Relaxations of the view gate" }
        p { (live) " of " (standing.relaxations.len()) " hold now. " (relaxations::LINK) }
        h2 { "Changes" }
        (changes(standing))
    }
}

fn offers(all: &[Offer]) -> Markup {
    let columns = ["Set", "Seen first"].map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Offer| {
        let href = address(&one.set);
        Row {
            head: html! { (Link { href: &href, label: one.set.as_str() }) },
            cells: vec![moment(one.since)],
        }
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    ui::table(&Table { caption: "Sets that nobody agreed to", columns: &columns, rows: &rows, swap: None })
}

fn changes(standing: &Standing) -> Markup {
    let columns =
        ["Set", "In force from", "Asked by", "Agreed by"].map(|label| Column { label, order: Order::Fixed });
    let row = |Listed { change, agreed }: &Listed| {
        let href = address(&change.set);
        let (first, second) = match agreed {
            Some((first, second)) => (ui::text(first), ui::text(second)),
            None if change.number == 1 => (html! { "the beginning of the house" }, html! { "nobody" }),
            None => (html! { "the profile: synthetic demo" }, html! { "nobody" }),
        };
        Row {
            head: html! { (Link { href: &href, label: change.set.as_str() }) },
            cells: vec![moment(change.starts_at), first, second],
        }
    };
    let rows: Vec<Row> = standing.changes.iter().map(row).collect();
    ui::table(&Table { caption: "Changes, those to come first", columns: &columns, rows: &rows, swap: None })
}
