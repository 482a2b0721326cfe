//! The keys to which this agency's packages are sealed. Its commander registers and revokes them; the clearinghouse
//! compares the fingerprint over the telephone before anything is sealed to one.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use pipeline::Trouble;
use pipeline::agency_keys::{self, AgencyKey, Fingerprint, State};
use serde::Deserialize;
use ui::{Button, Column, Field, Kind, Order, Row, Table, Tone, Weight, alert, button};
use web::door::Token;

use crate::report_page::refusal;
use crate::session::SignedIn;
use crate::{shell, show};

const REGISTER: &str = "key-register";
const ADDRESS: &str = "/agency/keys";

/// The form with a public key.
#[derive(Deserialize)]
pub(crate) struct New {
    csrf: String,
    #[serde(default)]
    key: String,
}

/// `GET /agency/keys`.
pub(crate) async fn page(who: SignedIn) -> Response {
    shown(&who, StatusCode::OK, &html! {}, "", None).await
}

/// `POST /agency/keys`.
pub(crate) async fn register(who: SignedIn, headers: HeaderMap, Form(form): Form<New>) -> Response {
    if !who.visit.may_post(&headers, &form.csrf, REGISTER) {
        return stale(&who).await;
    }
    if form.key.len() > agency_keys::MOST_KEY_BYTES {
        return wrong(&who, "", "This is too long for a public key.").await;
    }
    match agency_keys::register(&who.agencies.house, &who.session.viewer, &form.key).await {
        Ok(fingerprint) => shown(&who, StatusCode::OK, &registered(fingerprint), "", None).await,
        Err(trouble) => match why(&trouble) {
            Some(says) => wrong(&who, &form.key, says).await,
            None => refusal(&who, &trouble),
        },
    }
}

/// `POST /agency/keys/{key}/revoke`.
pub(crate) async fn revoke(
    who: SignedIn,
    Path(key): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Token>,
) -> Response {
    let Ok(key) = key.parse::<Fingerprint>() else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, &form.csrf, &revocation(key)) {
        return stale(&who).await;
    }
    match agency_keys::revoke(&who.agencies.house, &who.session.viewer, key).await {
        Ok(()) => {
            let says = html! { p { "The next package is not sealed to it. What was sealed before stays as it is." } };
            shown(&who, StatusCode::OK, &alert(Weight::Done, "The key is revoked", &says), "", None).await
        }
        Err(trouble) => refusal(&who, &trouble),
    }
}

/// What the one who filled the form can do about it.
fn why(trouble: &Trouble) -> Option<&'static str> {
    match trouble.refusal()?.code() {
        "conflict" => Some("This key was registered before. Make a new one: a key never comes back."),
        "unfit" => Some(
            "This is not a public key on the curve P-384 or P-256, or your agency has too many keys. Paste the text from \
             BEGIN PUBLIC KEY to END PUBLIC KEY. Never paste a private key.",
        ),
        _ => None,
    }
}

fn registered(fingerprint: Fingerprint) -> Markup {
    let says = html! {
        p { "Nothing is sealed to it yet. Somebody of the clearinghouse calls you on a number that was known before, and you read out this fingerprint:" }
        (ui::snippet("Fingerprint", &fingerprint.to_string()))
    };
    alert(Weight::Done, "The key is registered", &says)
}

async fn wrong(who: &SignedIn, given: &str, says: &str) -> Response {
    let mistakes = ui::mistakes(&[("key", says)]);
    shown(who, StatusCode::UNPROCESSABLE_ENTITY, &mistakes, given, Some(says)).await
}

async fn stale(who: &SignedIn) -> Response {
    let says = html! { p { "The page was open for too long. Please try again." } };
    shown(who, StatusCode::FORBIDDEN, &alert(Weight::Error, "Nothing was changed", &says), "", None).await
}

async fn shown(
    who: &SignedIn,
    status: StatusCode,
    said: &Markup,
    given: &str,
    error: Option<&str>,
) -> Response {
    match agency_keys::own(&who.agencies.house, &who.session.viewer).await {
        Ok(keys) => {
            let main = main(who, &keys, said, given, error);
            shell::in_room(status, who, (shell::KEYS, shell::KEYS.label), None, &main)
        }
        Err(trouble) => refusal(who, &trouble),
    }
}

fn main(who: &SignedIn, keys: &[AgencyKey], said: &Markup, given: &str, error: Option<&str>) -> Markup {
    let now = who.agencies.house.now();
    let (open, over): (Vec<&AgencyKey>, Vec<&AgencyKey>) =
        keys.iter().partition(|key| matches!(key.state(now), State::Waits | State::Live));
    let live = open.iter().any(|key| key.state(now) == State::Live);
    let hint = "The text from BEGIN PUBLIC KEY to END PUBLIC KEY, as clearinghouse-verify keygen or OpenSSL print it.";
    let field =
        Field::new("key", "Public key").hint(hint).error(error).value(given).kind(Kind::Lines(7)).required();
    html! {
        h1 { "Keys" }
        (said)
        @if live {
            p { "Your packages are sealed: only the private keys that belong to the live keys below open them. Open one with: " }
            (ui::snippet("Command", "clearinghouse-verify open REPORT_v2.sealed --key agency-key.pem --keys keys.txt --to REPORT/"))
        } @else {
            p { "Your packages are ordinary zip files. Once a key lives here, they are sealed to it and nobody on the way can open them." }
        }
        h2 { "In use" }
        @if open.is_empty() { (ui::empty("No key is registered.", None)) } @else { (table("Keys in use", &open, now)) }
        @for key in &open { (revoking(who, key)) }
        h2 { "Register a key" }
        p { "Make the pair on your own machine and keep the private key there: " code { "clearinghouse-verify keygen --to agency-key.pem" } }
        (ui::post(ADDRESS, &who.visit.token(REGISTER), &html! { (field) (button("Register the key", Button::Primary)) }))
        @if !over.is_empty() {
            h2 { "Over" }
            (table("Keys that nothing is sealed to any more", &over, now))
        }
    }
}

fn table(caption: &str, keys: &[&AgencyKey], now: jiff::Timestamp) -> Markup {
    let columns = ["Fingerprint", "State", "Curve", "Registered", "Good until"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |key: &&AgencyKey| {
        let until = key.confirmation.as_ref().map(|confirmation| show::moment(confirmation.ends_at));
        let cells = vec![
            state(key.state(now)),
            html! { (key.key.curve().as_str()) },
            show::moment(key.registered_at),
            until.unwrap_or_else(|| html! { "not confirmed yet" }),
        ];
        Row { head: html! { code { (key.fingerprint) } }, cells }
    };
    let rows: Vec<Row> = keys.iter().map(row).collect();
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

fn state(state: State) -> Markup {
    match state {
        State::Waits => ui::chip("waits for confirmation", Tone::Notice),
        State::Live => ui::chip("live", Tone::Strong),
        State::Ended => ui::chip("its year is over", Tone::Muted),
        State::Revoked => ui::chip("revoked", Tone::Muted),
    }
}

fn revoking(who: &SignedIn, key: &AgencyKey) -> Markup {
    let action = format!("{ADDRESS}/{}/revoke", key.fingerprint.hex());
    let start = &key.fingerprint.to_string()[..9];
    let label = format!("Revoke the key {start} …");
    ui::post(&action, &who.visit.token(&revocation(key.fingerprint)), &button(&label, Button::Secondary))
}

fn revocation(key: Fingerprint) -> String {
    format!("key-revoke-{}", key.hex())
}
