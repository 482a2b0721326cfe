//! How an agency is told that there is something: messages to its people, the on-call ladder, webhooks of its systems.

mod ladder;
mod systems;

use axum::Form;
use axum::response::Response;
use axum::routing::{get, post};
use herald::ladder::Ladder;
use herald::messages::{self, Sent, Wish};
use herald::{Trouble, webhooks};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use serde::Deserialize;
use ui::{Button, Choice, Choices, Column, Field, Kind, Link, Order, Row, Table, Weight, button};
use web::door::Token;

use crate::report_page::refusal;
use crate::session::SignedIn;
use crate::{Agencies, shell, show};

/// The room in the navigation.
pub(crate) const LINK: Link<'static> = Link { href: "/agency/notify", label: "Notify" };

const ADDRESS_FORM: &str = "notify-address";
const CONFIRM_FORM: &str = "notify-confirm";
const TEST_FORM: &str = "notify-test";
const NEW: &str = "new";

/// The routes of this room.
pub(crate) fn routes() -> axum::Router<Agencies> {
    axum::Router::new()
        .route(LINK.href, get(page))
        .route("/agency/notify/address", post(address))
        .route("/agency/notify/confirm", post(confirm))
        .route("/agency/notify/test", post(test))
        .merge(ladder::routes())
        .merge(systems::routes())
}

/// What the page shows.
struct Room {
    own: Option<Wish>,
    ladder: Ladder,
    /// For whoever gives reports to others.
    sent: Vec<Sent>,
    webhooks: Vec<webhooks::Webhook>,
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
        Ok(room) => {
            let main = main(who, &room, &said.markup);
            shell::in_room(said.status, who, (LINK, LINK.label), None, &main)
        }
        Err(trouble) => refusal(who, &trouble),
    }
}

async fn room(who: &SignedIn) -> Result<Room, Trouble> {
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let keeps = webhooks::keeps(viewer);
    Ok(Room {
        own: messages::own(house, viewer).await?,
        ladder: herald::ladder::find(house, viewer).await?,
        sent: if keeps { messages::sent(house, viewer).await? } else { Vec::new() },
        webhooks: if keeps { webhooks::list(house, viewer).await? } else { Vec::new() },
    })
}

fn main(who: &SignedIn, room: &Room, said: &Markup) -> Markup {
    html! {
        h1 { "Notify" }
        (said)
        p { "Messages and calls say that there is something, and never what: no number, no name, no place, not how many. Whatever they lead to is here, after signing in." }
        (ladder::calls(who, &room.ladder))
        h2 #you { "You" }
        (own(who, room.own.as_ref()))
        (ladder::steps(who, &room.ladder))
        @if webhooks::keeps(&who.session.viewer) {
            (systems::list(who, &room.webhooks))
            h2 #sent { "Messages" }
            (sent(&room.sent, &room.ladder))
        }
    }
}

fn own(who: &SignedIn, own: Option<&Wish>) -> Markup {
    let shown = own.map_or("", |wish| wish.address.reveal().as_str());
    let options =
        [Choice { value: NEW, label: "Also tell me, at most once an hour, that there is something new" }];
    let chosen: &[&str] = if own.is_some_and(|wish| wish.wants_new) { &[NEW] } else { &[] };
    let hint = "At your agency. Leave it empty to get no message. Your colleagues see that you can be written to, not where.";
    html! {
        (ui::post("/agency/notify/address", &who.visit.token(ADDRESS_FORM), &html! {
            input type="hidden" name="version" value=(own.map_or(0, |wish| wish.version));
            (Field::new("address", "Your mailbox").kind(Kind::Email).value(shown).hint(hint).autocomplete("email"))
            (Choices::any("about", "What for", &options).chosen(chosen).hint("You are always written to when it is your turn on the ladder."))
            (button("Save", Button::Primary))
        }))
        @match own {
            None => {}
            Some(wish) if wish.confirmed_at.is_some() => {
                (ui::post("/agency/notify/test", &who.visit.token(TEST_FORM), &button("Send me a test", Button::Secondary)))
            }
            Some(_) => { (unconfirmed(who)) }
        }
    }
}

/// A mailbox that nothing is sent to yet.
fn unconfirmed(who: &SignedIn) -> Markup {
    html! {
        (ui::alert(Weight::Warning, "Nothing is sent to this mailbox yet", &html! {
            p { "A code is on its way there. Type it below, and it is known that the mailbox is yours. The code serves for a day." }
        }))
        (ui::post("/agency/notify/confirm", &who.visit.token(CONFIRM_FORM), &html! {
            (Field::new("code", "The code from the message").required().hint("Eight letters").autocomplete("one-time-code"))
            (button("Confirm", Button::Primary))
        }))
        (ui::post("/agency/notify/test", &who.visit.token(TEST_FORM), &button("Send me another code", Button::Secondary)))
    }
}

fn sent(sent: &[Sent], ladder: &Ladder) -> Markup {
    if sent.is_empty() {
        return ui::empty("No message was sent yet.", None);
    }
    let columns = ["To", "About", "Made", "State"].map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Sent| Row {
        head: ladder::person(ladder, &one.person),
        cells: vec![
            html! { (about(one)) },
            show::moment(one.made_at),
            match (one.sent_at, one.given_up_at) {
                (Some(at), _) => html! { "taken by the mail server " (show::moment(at)) },
                (None, Some(at)) => html! { "given up " (show::moment(at)) },
                (None, None) => html! { "waits, tried " (one.attempts) " times" },
            },
        ],
    };
    let rows: Vec<Row> = sent.iter().map(row).collect();
    ui::table(&Table {
        caption: "The last messages to your people",
        columns: &columns,
        rows: &rows,
        swap: None,
    })
}

fn about(one: &Sent) -> &'static str {
    match one.kind.as_str() {
        "immediate" => "their turn on the ladder",
        "new" => "something new",
        "confirm" => "a code for their mailbox",
        _ => "a test",
    }
}

/// The form of one's own address.
#[derive(Deserialize)]
struct Address {
    csrf: String,
    #[serde(default)]
    version: u32,
    #[serde(default)]
    address: String,
    #[serde(default)]
    about: String,
}

/// `POST /agency/notify/address`.
async fn address(who: SignedIn, headers: HeaderMap, Form(given): Form<Address>) -> Response {
    if !who.visit.may_post(&headers, &given.csrf, ADDRESS_FORM) {
        return shell::stale_form(&who);
    }
    let address = Some(given.address.trim().to_owned()).filter(|address| !address.is_empty());
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let done = messages::put(house, viewer, given.version, address, given.about == NEW).await;
    after(&who, done, "This is no mail address. Write one address, such as night.desk@agency.example.").await
}

/// The form of the code.
#[derive(Deserialize)]
struct Code {
    csrf: String,
    #[serde(default)]
    code: String,
}

/// `POST /agency/notify/confirm`.
async fn confirm(who: SignedIn, headers: HeaderMap, Form(given): Form<Code>) -> Response {
    if !who.visit.may_post(&headers, &given.csrf, CONFIRM_FORM) {
        return shell::stale_form(&who);
    }
    match messages::confirm(&who.agencies.house, &who.session.viewer, given.code).await {
        Ok(true) => web::redirect(LINK.href),
        Ok(false) => shown(&who, Said::wrong("This is not the code that was sent last.")).await,
        Err(trouble) if trouble.refusal().is_some_and(|refused| refused.code() == "conflict") => {
            let says = "No code waits for you: it was used, a day has passed, or too many wrong ones were typed. Ask for another one.";
            shown(&who, Said::wrong(says)).await
        }
        Err(trouble) => refusal(&who, &trouble),
    }
}

/// `POST /agency/notify/test`.
async fn test(who: SignedIn, headers: HeaderMap, Form(token): Form<Token>) -> Response {
    if !who.visit.may_post(&headers, &token.csrf, TEST_FORM) {
        return shell::stale_form(&who);
    }
    let done = messages::test(&who.agencies.house, &who.session.viewer).await;
    after(&who, done, "").await
}

/// Back to the page, or what was wrong on it.
async fn after(who: &SignedIn, done: Result<(), Trouble>, unfit: &str) -> Response {
    let trouble = match done {
        Ok(()) => return web::redirect(LINK.href),
        Err(trouble) => trouble,
    };
    match trouble.refusal().map(|refused| refused.code()) {
        Some("unfit") => shown(who, Said::wrong(unfit)).await,
        Some("conflict") => {
            let says = "It was changed meanwhile, or there are as many as may be, or you asked less than a minute ago. This is how it stands now.";
            shown(who, Said::wrong(says)).await
        }
        _ => refusal(who, &trouble),
    }
}
