//! What law enforcement asks the provider to destroy of its own, and the word that it was heard.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::{DestructionId, Id as _};
use http::HeaderMap;
use maud::{Markup, html};
use pipeline::portal::{self, Request};
use ui::{Button, button};
use web::door::Token;
use web::moment;

use super::session::SignedIn;
use super::shell::{self, REPORTS};

/// `GET /provider/requests`.
pub(super) async fn page(who: SignedIn) -> Response {
    match portal::requests(&who.portal.house, &who.member).await {
        Ok(all) => shell::page(&who, REPORTS, "Requests to destroy", &main(&who, &all)),
        Err(trouble) => shell::trouble(&who, &trouble),
    }
}

fn main(who: &SignedIn, all: &[Request]) -> Markup {
    html! {
        h1 { "Requests to destroy" }
        p { "A law enforcement agency asks that you permanently destroy your own copy of these files (18 USC 2258B(c)). Acknowledge each once you have, or have begun. Which agency asks is not shown here." }
        @if all.is_empty() { (ui::empty("Nobody asks you to destroy anything.", None)) }
        @for one in all {
            h2 { "File " (one.file) }
            p { "Of report " a href=(format!("/provider/reports/{}", one.report)) { (one.report) } ", asked " (moment(one.asked_at)) "." }
            (ui::post(&format!("/provider/requests/{}", one.id), &who.visit.token(&form(&one.id)),
                &button(&format!("Acknowledge file {}", one.file), Button::Secondary)))
        }
    }
}

fn form(id: &DestructionId) -> String {
    format!("request-{id}")
}

/// `POST /provider/requests/{request}`.
pub(super) async fn acknowledge(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    let Ok(id) = DestructionId::parse(&id) else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, &token.csrf, &form(&id)) {
        return shell::stale_form(&who);
    }
    match portal::acknowledge(&who.portal.house, &who.member, id).await {
        // Twice is once.
        Err(trouble) if trouble.refusal() != Some(&portal::ACKNOWLEDGED) => shell::trouble(&who, &trouble),
        _ => web::redirect("/provider/requests"),
    }
}
