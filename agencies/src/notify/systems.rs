//! Webhooks of the agency's own systems, for whoever gives reports to others.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::post;
use herald::Trouble;
use herald::webhooks::{self, Behind, Fault, Replay, Webhook};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use serde::Deserialize;
use ui::{Button, Field, Kind, Tone, Value, Weight, button, definitions};

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
    let again = if one.again.is_some() { "Calls that were asked for, one a second" } else { "Nothing" };
    let since = format!("since-{}", one.id);
    html! {
        h3 { (ui::text(one.url.reveal())) }
        (definitions(&[
            ("Name", Value::words(Some(&one.id))),
            ("State", Value::from(state)),
            ("Last call", one.last_at.map_or_else(|| Value::words(Some("none yet")), moment)),
            ("Its answer", Value::words(Some(one.last_answer.as_deref().unwrap_or("none yet")))),
            ("Said again", Value::words(Some(again))),
            ("Added", moment(one.added_at)),
        ]))
        (ui::post(&format!("/agency/notify/webhooks/{}/{REPLAY}", one.id), &who.visit.token(&form(&one.id, REPLAY)), &html! {
            (Field::new(&since, "Make its calls again since (UTC)").named("since").kind(Kind::Date).required().hint("Your system knows each by the name that it had. Calls are remembered for 30 days"))
            (button("Make them again", Button::Secondary))
        }))
        @for (step, label, weight) in STEPS {
            (ui::post(&format!("/agency/notify/webhooks/{}/{step}", one.id), &who.visit.token(&form(&one.id, step)), &button(label, *weight)))
        }
    }
}

const REPLAY: &str = "replay";
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
    #[serde(default)]
    since: String,
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
    Form(given): Form<Given>,
) -> Response {
    if !who.visit.may_post(&headers, &given.csrf, &form(&id, &step)) {
        return shell::stale_form(&who);
    }
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    match step.as_str() {
        "test" => after(&who, webhooks::test(house, viewer, id).await, "").await,
        REPLAY => match office::day(&given.since) {
            Some(day) => again(&who, webhooks::replay(house, viewer, id, Behind::Moment(day)).await).await,
            None => shown(&who, Said::wrong("This is no day. Write it as 2026-03-31.")).await,
        },
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

/// What will be said again.
async fn again(who: &SignedIn, asked: Result<Replay, Trouble>) -> Response {
    let replay = match asked {
        Ok(replay) => replay,
        Err(trouble) if trouble.refusal().is_some_and(|refused| refused.code() == "conflict") => {
            let says = "Calls before these are still being made again. Ask once that is done.";
            return shown(who, Said::wrong(says)).await;
        }
        Err(trouble) => return after(who, Err(trouble), "").await,
    };
    let says = html! {
        p {
            @if replay.calls == 0 { "No call is remembered since then. Your system misses nothing that it reads in the feed." }
            @else if replay.calls == 1 { "1 call is made again." }
            @else { (replay.calls) " calls are made again, one a second, the earliest first." }
            @if replay.is_more { " There are more: once these are done, ask from a later day, or over the API behind the place " (replay.through) "." }
        }
    };
    let markup = ui::alert(Weight::Done, "Asked for", &says);
    shown(who, Said { status: StatusCode::OK, markup }).await
}
