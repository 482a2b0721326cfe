//! What an agency must look at before it is too late: senders that may soon stop preserving, and holds of its own
//! whose day has come.

use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};
use pipeline::RuleSet;
use pipeline::keeping::{self, Reminded};
use ui::{Column, Link, Order, Row, Table, breadcrumb};
use web::moment;

use crate::session::SignedIn;
use crate::{keeping as page_of, report_page, shell};

pub(crate) const PATH: &str = "/agency/reminders";
const INBOX: Link<'static> = Link { href: "/agency/inbox", label: "Inbox" };

/// `GET /agency/reminders`.
pub(crate) async fn page(who: SignedIn) -> Response {
    let house = &who.agencies.house;
    let days = RuleSet::in_force().schedule(house.profile()).map(|schedule| schedule.remind_days.clone());
    match keeping::reminded(house, &who.session.viewer, days.unwrap_or_default()).await {
        Ok(reminded) => {
            let trail = breadcrumb(&[INBOX], "Reminders");
            shell::page(StatusCode::OK, &who, "Reminders", Some(trail), &main(&reminded))
        }
        Err(trouble) => report_page::refusal(&who, &trouble),
    }
}

fn main(reminded: &Reminded) -> Markup {
    let fixed = |label| Column { label, order: Order::Fixed };
    let preserve = reminded.preserve.iter().map(|(report, until, days)| Row {
        head: html! { a href=(format!("/agency/reports/{report}")) { (report) } },
        cells: vec![moment(*until), html! { "less than " (days) " days" }],
    });
    let holds = reminded.holds.iter().map(|hold| Row {
        head: html! { a href=(page_of::address(hold.report)) { "Report " (hold.report) } },
        cells: vec![html! { (ui::text(hold.reason.reveal())) }, moment(hold.review_at)],
    });
    let (preserve, holds): (Vec<Row>, Vec<Row>) = (preserve.collect(), holds.collect());
    let (until, why) = (
        [fixed("Report"), fixed("Preserved until"), fixed("Left")],
        [fixed("What"), fixed("Why"), fixed("Since")],
    );
    html! {
        h1 { "Reminders" }
        h2 { "The sender may soon stop preserving" }
        p { "A report asks its sender to preserve for one year. A letter of your own, or legal process, asks for longer." }
        @if preserve.is_empty() { (ui::empty("No sender of your reports may stop soon.", None)) }
        @else { (ui::table(&Table { caption: "The soonest on top", columns: &until, rows: &preserve, swap: None })) }
        h2 { "Holds to look at again" }
        @if holds.is_empty() { (ui::empty("No hold of your agency is due.", None)) }
        @else { (ui::table(&Table { caption: "Due, and open until you release them", columns: &why, rows: &holds, swap: None })) }
    }
}
