//! What an agency's managers are told in writing: each look on exigent circumstances, until one of them has read it.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use ui::{Button, Column, Link, Order, Row, Table, Weight, alert, button};
use viewing::notices::{self, Told};
use web::door::Token;

use crate::report_page::refusal;
use crate::session::SignedIn;
use crate::{shell, show};

pub(crate) const LINK: Link<'static> = Link { href: "/agency/managers", label: "For managers" };

/// `GET /agency/managers`.
pub(crate) async fn page(who: SignedIn) -> Response {
    shown(&who, None).await
}

async fn shown(who: &SignedIn, wrong: Option<&str>) -> Response {
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let told = match notices::list(house, viewer).await {
        Ok(told) => told,
        Err(trouble) => return refusal(who, &trouble),
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    shell::in_room(status, who, (LINK, LINK.label), None, &main(who, &told, wrong))
}

fn main(who: &SignedIn, told: &[Told], wrong: Option<&str>) -> Markup {
    let open = told.iter().filter(|one| one.notice.acknowledged.is_none()).count();
    html! {
        h1 { (LINK.label) }
        @if let Some(wrong) = wrong { (alert(Weight::Error, "It was not done", &html! { p { (wrong) } })) }
        section aria-labelledby="emergencies" {
            h2 #emergencies { "Looks on exigent circumstances" }
            p { "Whenever a file is seen without a court's word because there was no time, it is told here, until a manager who did not look has read it. " strong { (open) } " wait(s) for that." }
            @if told.is_empty() { (ui::empty("No file was seen on exigent circumstances.", None)) }
            @else { (table(who, told)) }
        }
    }
}

fn table(who: &SignedIn, told: &[Told]) -> Markup {
    let columns =
        ["Report", "File", "Seen by", "When", "Read"].map(|label| Column { label, order: Order::Fixed });
    let row = |Told { notice, looker }: &Told| {
        let (href, label) =
            (format!("/agency/reports/{}", notice.report), format!("Report {}", notice.report));
        let read = match &notice.acknowledged {
            Some((_, at)) => show::moment(*at),
            None if notice.person == who.session.person => html! { "another manager reads it" },
            None => {
                let says = format!("I have read that {looker} looked");
                let action = format!("/agency/managers/notices/{}", notice.id);
                ui::post(&action, &who.visit.token(&form(&notice.id)), &button(&says, Button::Secondary))
            }
        };
        Row {
            head: html! { (Link { href: &href, label: &label }) },
            cells: vec![
                html! { code { (notice.file) } },
                ui::text(looker),
                show::moment(notice.told_at),
                read,
            ],
        }
    };
    let rows: Vec<Row> = told.iter().map(row).collect();
    ui::table(&Table {
        caption: "Told to the managers, what nobody has read first",
        columns: &columns,
        rows: &rows,
        swap: None,
    })
}

fn form(id: &str) -> String {
    format!("managers-notice-{id}")
}

/// `POST /agency/managers/notices/{notice}`.
pub(crate) async fn acknowledge(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    if !who.visit.may_post(&headers, &token.csrf, &form(&id)) {
        return shell::stale_form(&who);
    }
    match notices::acknowledge(&who.agencies.house, &who.session.viewer, id).await {
        Ok(()) => web::redirect(LINK.href),
        Err(trouble) => match trouble.refusal().filter(|_| !trouble.is_not_found()).map(store_says) {
            Some(says) => shown(&who, Some(says)).await,
            None => refusal(&who, &trouble),
        },
    }
}

fn store_says(refusal: &viewing::notices::Refusal) -> &'static str {
    match refusal.code() {
        "same-person" => "You looked yourself, so another manager reads it.",
        _ => "Another manager has read it by now.",
    }
}
