//! Retention: by which schedule what is kept, what it would let go now, and what is held.

use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use pipeline::keeping::{self, Hold};
use pipeline::retention::{self, Plan};
use policy::retention::Stays;
use policy::{RuleSet, ViewerRole};
use ui::{Button, Column, Link, Order, Row, Table, Weight, button};
use web::door::Token;
use web::moment;

use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

const ROLES: &[ViewerRole] = &[ViewerRole::Supervisor, ViewerRole::Counsel, ViewerRole::Auditor];
const LINK: Link<'static> = Link { href: "/oversight/retention", label: "Retention" };
const FORM: &str = "retention/purge";
/// Files that a page lists; the command lists all.
const MOST_LISTED: usize = 200;

pub(crate) const ENTRY: Entry = Entry {
    link: LINK,
    says: "The schedule, what it would let go now, and everything that is held.",
    roles: ROLES,
};

pub(crate) fn routes() -> Router<Staff> {
    Router::new().route(LINK.href, get(page)).route("/oversight/retention/purge", post(purge))
}

/// `GET /oversight/retention`: a dry run. It changes nothing.
async fn page(who: SignedIn) -> Response {
    shown(&who, None).await
}

async fn shown(who: &SignedIn, refused: Option<&'static str>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let viewer = who.member.viewer(&who.staff.house);
    match keeping::retention(&who.staff.house, &viewer).await {
        Ok((plan, holds)) => {
            let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            shell::below(status, who, &[shell::OVERSIGHT], LINK.label, &main(who, &plan, &holds, refused))
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn main(who: &SignedIn, plan: &Plan, holds: &[Hold], refused: Option<&str>) -> Markup {
    html! {
        h1 { "Retention" }
        @if let Some(refused) = refused { (ui::alert(Weight::Error, "Refused", &html! { p { (refused) } })) }
        (schedule(who))
        h2 { "What a purge would destroy now" }
        p {
            (plan.goes.len()) " file(s) of " (plan.bytes) " bytes would go"
            @if plan.more { ", and there is more than one purge takes" }
            "; " (plan.held.len()) " are due and stay, because somebody holds them. Nothing was changed by looking."
        }
        p {
            (plan.reports.len()) " report(s) would go as a whole, because their day is there and no file of theirs is left; "
            (plan.held_reports.len()) " are due and stay, because somebody holds them."
        }
        @if !plan.reports.is_empty() {
            (ui::details("Reports that would go", &html! { p { @for report in plan.reports.iter().take(MOST_LISTED) { (report) " " } } }))
        }
        p {
            "Words about the house's own acts would go of " (plan.months.len()) " month(s)"
            @if !plan.months.is_empty() { ":" @for month in plan.months.iter().take(MOST_LISTED) { " " (month) } }
            "; " (plan.held_months.len()) " are due and stay, because something that was written down then is still in force"
            @if !plan.held_months.is_empty() { ":" @for (month, open) in plan.held_months.iter().take(MOST_LISTED) { " " (month) " (" (open) ")" } }
            "."
        }
        @if !plan.goes.is_empty() {
            (listed("Would go", plan.goes.iter().map(|(report, file)| (html! { (report) }, html! { (file) }, "due".to_owned()))))
        }
        @if !plan.is_empty() {
            @if who.member.is_one_of(&[ViewerRole::Supervisor, ViewerRole::Counsel]) {
                p { "Asking blocks the files for every reader at once. A second person must agree before anything is destroyed." }
                (ui::post("/oversight/retention/purge", &who.visit.token(FORM), &button("Ask the second person to agree to a purge", Button::Secondary)))
            }
        }
        @if !plan.held.is_empty() {
            (listed("Due, and held", plan.held.iter().map(|(report, file, owner)| (html! { (report) }, html! { (file) }, keeping::owner_in_words(owner)))))
        }
        h2 { "Open holds" }
        (open_holds(holds))
    }
}

fn listed(caption: &str, files: impl Iterator<Item = (Markup, Markup, String)>) -> Markup {
    let columns = ["File", "Report", "Why"].map(|label| Column { label, order: Order::Fixed });
    let rows: Vec<Row> = files
        .take(MOST_LISTED)
        .map(|(report, file, why)| Row { head: file, cells: vec![report, html! { (why) }] })
        .collect();
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

fn schedule(who: &SignedIn) -> Markup {
    let Ok(schedule) = RuleSet::in_force().schedule(who.staff.house.profile()) else {
        return ui::empty(
            "This house has no schedule of its own among the rules that came with the program.",
            None,
        );
    };
    let columns =
        ["Class of data", "Stays", "What goes then"].map(|label| Column { label, order: Order::Fixed });
    let unsaid = (!schedule.speaks_of_words()).then(|| Row {
        head: html! { "words" },
        cells: vec![
            html! { "as long as the house stands" },
            html! { "nothing: the schedule does not speak of them yet" },
        ],
    });
    let rows: Vec<Row> = schedule
        .classes()
        .map(|(class, stays)| Row {
            head: html! { (class) },
            cells: match stays {
                Stays::Days(days) => {
                    vec![
                        html! { "people decide again after " (days) " days" },
                        html! { (retention::goes(class)) },
                    ]
                }
                Stays::Kept(kept) => vec![
                    html! { "as long as the house stands" },
                    html! { "nothing (" (ui::text(&kept.source)) "; as of " (kept.as_of) ")" },
                ],
            },
        })
        .chain(unsaid)
        .collect();
    html! {
        h2 { "Schedule" }
        p { "Source: " (ui::text(&schedule.source)) ". No law that was read names a period for a clearinghouse; this house decided its own (R-55)." }
        (ui::table(&Table { caption: "How long each class of data stays", columns: &columns, rows: &rows, swap: None }))
    }
}

fn open_holds(holds: &[Hold]) -> Markup {
    if holds.is_empty() {
        return ui::empty("Nothing is held.", None);
    }
    let columns = ["What", "Whose", "Placed", "To be looked at again"]
        .map(|label| Column { label, order: Order::Fixed });
    let rows: Vec<Row> = holds
        .iter()
        .map(|hold| Row {
            head: html! { "Report " (hold.report) @if let Some(file) = &hold.file { ", file " (file) } },
            cells: vec![
                html! { (keeping::owner_in_words(&hold.owner)) },
                moment(hold.placed_at),
                moment(hold.review_at),
            ],
        })
        .collect();
    ui::table(&Table {
        caption: "Open holds, the next to be looked at on top",
        columns: &columns,
        rows: &rows,
        swap: None,
    })
}

/// `POST /oversight/retention/purge`.
async fn purge(who: SignedIn, headers: HeaderMap, Form(form): Form<Token>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES).and_then(|()| who.must_post(&headers, &form.csrf, FORM)) {
        return *elsewhere;
    }
    match keeping::purge(&who.staff.house, &who.member).await {
        Ok(approval) => web::redirect(&format!("/admin/approvals/{approval}")),
        Err(trouble) if trouble.is_not_found() => shell::not_found(&who),
        Err(trouble) => match trouble.refusal() {
            Some(_) => shown(&who, Some("There is nothing to purge, or your role may not ask for it.")).await,
            None => shell::trouble(&who, &trouble),
        },
    }
}
