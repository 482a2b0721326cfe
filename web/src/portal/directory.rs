//! Whom one calls: looked up by everybody, kept by whoever speaks for an agency or for the clearinghouse, confirmed once a
//! year.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::portal::Duty;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use maud::{Markup, html};
use office::Trouble;
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Tone, Weight, alert, button};
use workspace::directory::{self, Contact, Step, Words};

use super::{Fields, Portal, is_name, is_own, not_done, said, version};
use crate::door::Admitted;
use crate::{moment, redirect};

const TITLE: &str = "Directory";
/// Contacts on one page; whoever looks for another one searches.
const MOST_SHOWN: usize = 300;
const NEW_FORM: &str = "contact-new";

/// What is looked for.
#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

/// `GET …/directory`.
pub(super) async fn page(
    State(portal): State<Portal>,
    who: Admitted,
    Query(asked): Query<Asked>,
) -> Response {
    drawn(&portal, &who, StatusCode::OK, (asked.q.trim(), None)).await
}

async fn drawn(
    portal: &Portal,
    who: &Admitted,
    status: StatusCode,
    (sought, note): (&str, Option<Markup>),
) -> Response {
    let (house, viewer) = (portal.house(), portal.viewer(who));
    let found = async {
        let all = directory::list(house, &viewer, sought).await?;
        Ok::<_, Trouble>((all, directory::own(house, &viewer).await?))
    };
    match found.await {
        Ok((all, own)) => {
            let keeps = directory::keeps(&viewer);
            let main = html! {
                h1 { (TITLE) }
                @if let Some(note) = &note { (note) }
                (search(portal, who, sought, &all))
                @if keeps { (kept(portal, who, &own)) }
            };
            portal.below(status, who, &[], (TITLE, &main)).await
        }
        Err(trouble) => portal.away(who, &trouble).await,
    }
}

fn search(portal: &Portal, who: &Admitted, sought: &str, all: &[Contact]) -> Markup {
    let now = portal.house().now();
    html! {
        p { "Whom to call. Every agency keeps its own contacts and says once a year that they hold; what nobody confirmed for longer is marked, and may be wrong." }
        (ui::get(&portal.room.path("/directory"), &html! {
            (Field::new("q", "Agency, state, desk or duty").kind(Kind::Search).value(sought))
            (button("Search", Button::Secondary))
        }))
        @if all.is_empty() {
            (ui::empty(if sought.is_empty() { "Nobody has a contact here yet." } else { "No contact has these words." }, None))
        } @else { (table(who, all, now)) }
        @if all.len() > MOST_SHOWN { p { "The first " (MOST_SHOWN) " of " (all.len()) " contacts. Search for the others." } }
    }
}

fn table(who: &Admitted, all: &[Contact], now: Timestamp) -> Markup {
    let columns = ["Whose", "About", "Whom", "Telephone", "Mailbox", "Answers", "Confirmed"]
        .map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Contact| {
        let name = one.agency_name.as_deref().unwrap_or("The clearinghouse");
        Row {
            head: html! {
                (ui::text(name))
                @if let Some(state) = &one.state { " (" (ui::text(state)) ")" }
                @if is_own(who, one.agency.as_ref()) { " " (ui::chip("yours", Tone::Plain)) }
            },
            cells: vec![
                html! { (one.duty.title()) },
                ui::text(&one.words.desk),
                ui::text(&one.words.phone),
                ui::text(&one.words.mail),
                ui::text(&one.words.hours),
                confirmed(one, now),
            ],
        }
    };
    let rows: Vec<Row> = all.iter().take(MOST_SHOWN).map(row).collect();
    ui::table(&Table { caption: "Contacts", columns: &columns, rows: &rows, swap: None })
}

fn confirmed(one: &Contact, now: Timestamp) -> Markup {
    html! {
        (moment(one.confirmed_at))
        @if one.is_stale(now) { " " (ui::chip("not confirmed for a year", Tone::Notice)) }
    }
}

/// Asks whoever keeps contacts to say that they hold, on the page at `href`.
pub(crate) fn asked(href: &str, stale: usize) -> Markup {
    let says = html! {
        p {
            @if stale == 1 { "One contact of yours was" } @else { (stale) " contacts of yours were" }
            " not confirmed for a year. Others may be calling a number that nobody answers. "
            (Link { href, label: "Confirm or change" }) "."
        }
    };
    alert(Weight::Warning, "Do your contacts still hold?", &says)
}

fn kept(portal: &Portal, who: &Admitted, own: &[Contact]) -> Markup {
    let now = portal.house().now();
    html! {
        h2 #own { "Your contacts" }
        p { "A desk that somebody answers is better than a person who may have left. No private numbers." }
        @for one in own {
            section {
                h3 { (one.duty.title()) ": " (ui::text(&one.words.desk)) }
                p { "Last confirmed " (confirmed(one, now)) }
                (step_form(portal, who, one, "confirm", &button("It still holds", Button::Secondary)))
                (ui::details(&format!("Change {}", one.words.desk), &html! {
                    (step_form(portal, who, one, "change", &html! {
                        (fields(&one.id, Some(one.duty), &one.words))
                        (button("Save", Button::Primary))
                    }))
                    (step_form(portal, who, one, "remove", &button("Take it out", Button::Grave)))
                }))
            }
        }
        h3 { "Add a contact" }
        (ui::post(&portal.room.path("/directory"), &who.visit.token(NEW_FORM), &html! {
            (fields("new", None, &Words::default()))
            (button("Add", Button::Primary))
        }))
    }
}

fn step_form(portal: &Portal, who: &Admitted, one: &Contact, step: &str, body: &Markup) -> Markup {
    let action = portal.room.path(&format!("/directory/{}", one.id));
    ui::post(
        &action,
        &who.visit.token(&form_of(&one.id)),
        &html! {
            input type="hidden" name="step" value=(step);
            input type="hidden" name="version" value=(one.version);
            (body)
        },
    )
}

fn form_of(id: &str) -> String {
    format!("contact-{id}")
}

fn fields(prefix: &str, duty: Option<Duty>, words: &Words) -> Markup {
    let id = |name: &str| format!("{name}-{prefix}");
    let duties: Vec<Choice<'_>> =
        Duty::ALL.iter().map(|duty| Choice { value: duty.as_str(), label: duty.title() }).collect();
    html! {
        (Field::new(&id("duty"), "What they are called about").named("duty").kind(Kind::Choice(&duties))
            .value(duty.map_or("", Duty::as_str)))
        (Field::new(&id("desk"), "Desk").named("desk").value(&words.desk).required())
        (Field::new(&id("phone"), "Telephone").named("phone").kind(Kind::Telephone).value(&words.phone))
        (Field::new(&id("mail"), "Mailbox").named("mail").kind(Kind::Email).value(&words.mail))
        (Field::new(&id("hours"), "When somebody answers").named("hours").value(&words.hours).hint("Such as: day and night, or weekdays 8 to 17 Central"))
    }
}

fn words(fields: &Fields) -> Words {
    let word = |name: &str| said(fields, name).to_owned();
    Words { desk: word("desk"), phone: word("phone"), mail: word("mail"), hours: word("hours") }
}

/// `POST …/directory`.
pub(super) async fn add(
    State(portal): State<Portal>,
    who: Admitted,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    if !who.visit.may_post(&headers, said(&fields, "csrf"), NEW_FORM) {
        return portal.stale(&who).await;
    }
    let Ok(duty) = said(&fields, "duty").parse::<Duty>() else { return unfit(&portal, &who, &fields).await };
    match directory::add(portal.house(), &portal.viewer(&who), duty, words(&fields)).await {
        Ok(()) => redirect(&portal.room.path("/directory#own")),
        Err(trouble) => failed(&portal, &who, &fields, &trouble).await,
    }
}

/// `POST …/directory/{contact}`.
pub(super) async fn step(
    State(portal): State<Portal>,
    who: Admitted,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    if !is_name(&id) {
        return portal.not_found(&who).await;
    }
    if !who.visit.may_post(&headers, said(&fields, "csrf"), &form_of(&id)) {
        return portal.stale(&who).await;
    }
    let step = match said(&fields, "step") {
        "confirm" => Step::Confirm,
        "remove" => Step::Remove,
        _ => match said(&fields, "duty").parse::<Duty>() {
            Ok(duty) => Step::Change(duty, words(&fields)),
            Err(_) => return unfit(&portal, &who, &fields).await,
        },
    };
    match directory::step(portal.house(), &portal.viewer(&who), (id, version(&fields)), step).await {
        Ok(()) => redirect(&portal.room.path("/directory#own")),
        Err(trouble) => failed(&portal, &who, &fields, &trouble).await,
    }
}

async fn unfit(portal: &Portal, who: &Admitted, fields: &Fields) -> Response {
    let says = "Say what they are called about, a desk, and a telephone or a mailbox, of at most 200 letters each; an agency has at most 50 contacts.";
    refused(portal, who, fields, (StatusCode::UNPROCESSABLE_ENTITY, says)).await
}

async fn failed(portal: &Portal, who: &Admitted, fields: &Fields, trouble: &Trouble) -> Response {
    match trouble.refusal().map(|refused| refused.code()) {
        Some("unfit") => unfit(portal, who, fields).await,
        Some("conflict") => {
            let says = "Somebody else changed this contact meanwhile. What stands now is below.";
            refused(portal, who, fields, (StatusCode::CONFLICT, says)).await
        }
        _ => portal.away(who, trouble).await,
    }
}

/// The page again, with what was written.
async fn refused(
    portal: &Portal,
    who: &Admitted,
    fields: &Fields,
    (status, says): (StatusCode, &str),
) -> Response {
    let Words { desk, phone, mail, hours } = words(fields);
    let wrote = [desk, phone, mail, hours].join("\n");
    drawn(portal, who, status, ("", Some(not_done(says, wrote.trim())))).await
}
