//! How an agency is told that there is something: messages to its people, the on-call ladder, webhooks of its systems.

mod systems;

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use domain::ReportId;
use dossierpage::notify::{self, Address, Asked, Code, Known, Place, Turn, Wrong};
use herald::{Trouble, webhooks};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use ui::{Link, Weight};
use web::door::Token;

use crate::report_page::refusal;
use crate::session::SignedIn;
use crate::{Agencies, shell};

/// The room in the navigation.
pub(crate) const LINK: Link<'static> = Link { href: "/agency/notify", label: "Notify" };

const PLACE: Place = Place {
    href: LINK.href,
    answers: "/agency/notify/calls/",
    report: ("/agency/reports/", ""),
    waits: "nobody has taken notice of it.",
    ladder: "When a report of the highest priority comes, the first place is called by mail, then the next, until somebody says \
             that they have it or takes notice of the report. Then it begins anew. Where nobody's turn is written down, \
             commanders are called.",
    mailbox: "At your agency. Leave it empty to get no message. Your colleagues see that you can be written to, not where.",
    news: "Also tell me, at most once an hour, that there is something new",
};

/// The routes of this room.
pub(crate) fn routes() -> axum::Router<Agencies> {
    axum::Router::new()
        .route(LINK.href, get(page))
        .route("/agency/notify/address", post(address))
        .route("/agency/notify/confirm", post(confirm))
        .route("/agency/notify/test", post(test))
        .route("/agency/notify/steps", post(add))
        .route("/agency/notify/steps/{turn}/remove", post(remove))
        .route("/agency/notify/calls/{report}/answer", post(answer))
        .merge(systems::routes())
}

/// What is said on top, and with which status.
#[derive(Clone)]
struct Said {
    status: StatusCode,
    markup: Markup,
}

impl Said {
    fn nothing() -> Self {
        Self { status: StatusCode::OK, markup: html! {} }
    }

    fn wrong(says: &str) -> Self {
        let markup = ui::alert(Weight::Error, "Nothing was changed", &html! { p { (says) } });
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, markup }
    }
}

/// `GET /agency/notify`.
async fn page(who: SignedIn) -> Response {
    shown(&who, Said::nothing()).await
}

async fn shown(who: &SignedIn, said: Said) -> Response {
    match room(who).await {
        Ok((known, webhooks)) => {
            let main = main(who, &known, webhooks.as_deref(), &said.markup);
            shell::in_room(said.status, who, (LINK, LINK.label), None, &main)
        }
        Err(trouble) => refusal(who, &trouble),
    }
}

async fn room(who: &SignedIn) -> Result<(Known, Option<Vec<webhooks::Webhook>>), Trouble> {
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let known = Known::find(house, viewer).await?;
    let webhooks = if webhooks::keeps(viewer) { Some(webhooks::list(house, viewer).await?) } else { None };
    Ok((known, webhooks))
}

fn main(who: &SignedIn, known: &Known, webhooks: Option<&[webhooks::Webhook]>, said: &Markup) -> Markup {
    let visit = &who.visit;
    html! {
        h1 { "Notify" }
        (said)
        p { "Messages and calls say that there is something, and never what: no number, no name, no place, not how many. Whatever they lead to is here, after signing in." }
        (notify::calls(&PLACE, visit, &known.ladder.open))
        (notify::own(&PLACE, visit, known.own.as_ref()))
        (notify::ladder(&PLACE, visit, &known.ladder, known.sent.is_some()))
        @if let Some(webhooks) = webhooks { (systems::list(who, webhooks)) }
        @if let Some(sent) = &known.sent { (notify::sent(sent, &known.ladder)) }
    }
}

/// `POST /agency/notify/address`.
async fn address(who: SignedIn, headers: HeaderMap, Form(given): Form<Address>) -> Response {
    if !who.visit.may_post(&headers, &given.csrf, notify::ADDRESS_FORM) {
        return shell::stale_form(&who);
    }
    done(&who, Asked::Address(given)).await
}

/// `POST /agency/notify/confirm`.
async fn confirm(who: SignedIn, headers: HeaderMap, Form(given): Form<Code>) -> Response {
    if !who.visit.may_post(&headers, &given.csrf, notify::CONFIRM_FORM) {
        return shell::stale_form(&who);
    }
    done(&who, Asked::Confirm(given)).await
}

/// `POST /agency/notify/test`.
async fn test(who: SignedIn, headers: HeaderMap, Form(token): Form<Token>) -> Response {
    if !who.visit.may_post(&headers, &token.csrf, notify::TEST_FORM) {
        return shell::stale_form(&who);
    }
    done(&who, Asked::Test).await
}

/// `POST /agency/notify/steps`.
async fn add(who: SignedIn, headers: HeaderMap, Form(given): Form<Turn>) -> Response {
    if !who.visit.may_post(&headers, &given.csrf, notify::STEP_FORM) {
        return shell::stale_form(&who);
    }
    done(&who, Asked::Add(given)).await
}

/// `POST /agency/notify/steps/{turn}/remove`.
async fn remove(
    who: SignedIn,
    Path(step): Path<String>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    if !who.visit.may_post(&headers, &token.csrf, &notify::removal(&step)) {
        return shell::stale_form(&who);
    }
    done(&who, Asked::Remove(step)).await
}

/// `POST /agency/notify/calls/{report}/answer`.
async fn answer(
    who: SignedIn,
    Path(number): Path<String>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    if !who.visit.may_post(&headers, &token.csrf, &notify::answering(&number)) {
        return shell::stale_form(&who);
    }
    let Ok(report) = number.parse::<ReportId>() else { return shell::not_found(&who) };
    done(&who, Asked::Answer(report)).await
}

async fn done(who: &SignedIn, asked: Asked) -> Response {
    ended(who, notify::done(&who.agencies.house, &who.session.viewer, asked).await).await
}

async fn after(who: &SignedIn, done: Result<(), Trouble>, unfit: &str) -> Response {
    ended(who, done.map_err(|trouble| Wrong::of(trouble, unfit))).await
}

/// Back to the page, or what was wrong on it.
async fn ended(who: &SignedIn, done: Result<(), Wrong>) -> Response {
    match done {
        Ok(()) => web::redirect(LINK.href),
        Err(Wrong::Said(says)) => shown(who, Said::wrong(&says)).await,
        Err(Wrong::Trouble(trouble)) => refusal(who, &trouble),
    }
}
