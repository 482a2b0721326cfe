//! Webhooks of the agency's own systems, for whoever gives reports to others.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::post;
use herald::webhooks::{self, Fault, Webhook};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use serde::Deserialize;
use ui::{Button, Field, Tone, Value, Weight, button, definitions};
use web::door::Token;

use super::{Said, after, shown};
use crate::session::SignedIn;
use crate::{Agencies, shell, show};

const ADD_FORM: &str = "notify-webhook";

pub(super) fn routes() -> axum::Router<Agencies> {
    axum::Router::new()
        .route("/agency/notify/webhooks", post(add))
        .route("/agency/notify/webhooks/{webhook}/{step}", post(step))
}

pub(super) fn list(who: &SignedIn, webhooks: &[Webhook]) -> Markup {
    html! {
        h2 #webhooks { "Webhooks" }
        p { "Your own system is called when there is something new in the feed, and reads the feed. A call that was lost loses nothing." }
        @if webhooks.is_empty() { (ui::empty("No webhook is there.", None)) }
        @for one in webhooks { (shown_one(who, one)) }
        h3 { "Add a webhook" }
        (ui::post("/agency/notify/webhooks", &who.visit.token(ADD_FORM), &html! {
            (Field::new("url", "Address").required().hint("https, on the public internet, unless the operator named your network"))
            (button("Add it", Button::Secondary))
        }))
    }
}

fn shown_one(who: &SignedIn, one: &Webhook) -> Markup {
    let state = match (one.failing_since, one.last_at) {
        (Some(since), _) => {
            html! { (ui::chip("not taken", Tone::Critical)) " since " (show::moment(since)) ", tried " (one.attempts) " times" }
        }
        (None, Some(_)) => ui::chip("taken", Tone::Plain),
        (None, None) => ui::chip("not called yet", Tone::Muted),
    };
    let moment = |at| Value::from(show::moment(at));
    html! {
        h3 { (ui::text(one.url.reveal())) }
        (definitions(&[
            ("Name", Value::words(Some(&one.id))),
            ("State", Value::from(state)),
            ("Last call", one.last_at.map_or(Value::Unknown, moment)),
            ("Its answer", Value::words(one.last_answer.as_deref())),
            ("Added", moment(one.added_at)),
        ]))
        @for (step, label, weight) in STEPS {
            (ui::post(&format!("/agency/notify/webhooks/{}/{step}", one.id), &who.visit.token(&form(&one.id, step)), &button(label, *weight)))
        }
    }
}

const STEPS: &[(&str, &str, Button)] = &[
    ("test", "Call it now", Button::Secondary),
    ("secret", "Draw another secret", Button::Secondary),
    ("remove", "Take it away", Button::Grave),
];

fn form(id: &str, step: &str) -> String {
    format!("notify-webhook-{id}-{step}")
}

/// The form of a webhook.
#[derive(Deserialize)]
struct Given {
    csrf: String,
    #[serde(default)]
    url: String,
}

/// `POST /agency/notify/webhooks`.
async fn add(who: SignedIn, headers: HeaderMap, Form(given): Form<Given>) -> Response {
    if !who.visit.may_post(&headers, &given.csrf, ADD_FORM) {
        return shell::stale_form(&who);
    }
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    match webhooks::add(house, &who.agencies.reach, viewer, given.url.trim()).await {
        Ok((_, secret)) => shown(&who, told("The webhook is added", secret.reveal())).await,
        Err(Fault::Address(wrong)) => shown(&who, Said::wrong(&format!("{wrong}."))).await,
        Err(Fault::Trouble(trouble)) => after(&who, Err(trouble), "The address is too long.").await,
    }
}

fn told(heading: &str, secret: &str) -> Said {
    let markup = ui::alert(
        Weight::Done,
        heading,
        &html! {
            p { "Its secret is shown this once. Your system checks with it that a call is ours." }
            (ui::snippet("Secret", secret))
        },
    );
    Said { status: StatusCode::OK, markup }
}

/// `POST /agency/notify/webhooks/{webhook}/{step}`.
async fn step(
    who: SignedIn,
    Path((id, step)): Path<(String, String)>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    if !who.visit.may_post(&headers, &token.csrf, &form(&id, &step)) {
        return shell::stale_form(&who);
    }
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    match step.as_str() {
        "test" => after(&who, webhooks::test(house, viewer, id).await, "").await,
        "remove" => after(&who, webhooks::remove(house, viewer, id).await, "").await,
        "secret" => match webhooks::rotate(house, viewer, id).await {
            Ok(secret) => {
                shown(
                    &who,
                    told(
                        "The webhook has another secret; the one before it is good for a day",
                        secret.reveal(),
                    ),
                )
                .await
            }
            Err(trouble) => after(&who, Err(trouble), "").await,
        },
        _ => shell::not_found(&who),
    }
}
