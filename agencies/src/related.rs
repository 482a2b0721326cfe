//! Deconfliction as one agency sees it: that another one holds related material, whom to call there, and what both agreed.

use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use domain::Settlement;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use serde::Deserialize;
use ui::{
    Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Tone, Value, Weight, breadcrumb, button,
    definitions,
};
use web::door::Token;
use workspace::Trouble;
use workspace::related::{self, Contact, Event, Known};

use crate::report_page::refusal;
use crate::session::SignedIn;
use crate::{Agencies, shell, show};

/// The room in the navigation.
pub(crate) const LINK: Link<'static> = Link { href: "/agency/deconfliction", label: "Deconfliction" };

const CONTACT_FORM: &str = "desk-contact";

/// The routes of this room.
pub(crate) fn routes() -> axum::Router<Agencies> {
    axum::Router::new()
        .route(LINK.href, get(list))
        .route("/agency/deconfliction/contact", post(contact))
        .route("/agency/deconfliction/{event}", get(page).post(settle))
        .route("/agency/deconfliction/{event}/take", post(take))
}

/// Where an event is.
pub(crate) fn address(id: &str) -> String {
    format!("{}/{id}", LINK.href)
}

/// Which events the list shows.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    settled: String,
}

/// `GET /agency/deconfliction`.
async fn list(who: SignedIn, Query(asked): Query<Asked>) -> Response {
    listed(&who, StatusCode::OK, asked.settled == "yes", None).await
}

async fn listed(
    who: &SignedIn,
    status: StatusCode,
    settled: bool,
    refused: Option<(&str, &Contact)>,
) -> Response {
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let found = async {
        let events = related::list(house, viewer, settled).await?;
        Ok::<_, Trouble>((events, related::own_contact(house, viewer).await?))
    };
    match found.await {
        Ok((events, own)) => {
            let main = main(who, &events, own.as_ref(), settled, refused);
            shell::in_room(status, who, (LINK, LINK.label), None, &main)
        }
        Err(trouble) => refusal(who, &trouble),
    }
}

fn main(
    who: &SignedIn,
    events: &[Event],
    own: Option<&Known>,
    settled: bool,
    refused: Option<(&str, &Contact)>,
) -> Markup {
    html! {
        h1 { "Deconfliction" }
        @if let Some((says, _)) = refused { (ui::alert(Weight::Error, "Nothing was changed", &html! { p { (says) } })) }
        p {
            "Another agency has a report or a case that names the same account, screen name, mail address, telephone number or device as one of your reports or cases. "
            "Both of you are told so, and nothing of what the other one holds (R-28). Call each other before anybody knocks on a door."
        }
        p { "Of what one person writes into cases on one day (UTC), 1,000 new accounts, names, addresses and numbers are matched. More is kept and matched with nothing." }
        p { @if settled { a href=(LINK.href) { "Open events" } } @else { a href={ (LINK.href) "?settled=yes" } { "Settled events" } } }
        @if events.is_empty() {
            (ui::empty(if settled { "Nothing was settled yet." } else { "Nothing waits to be settled." }, None))
        } @else { (table(who, events, settled)) }
        h2 { "Whom others call at your agency" }
        (own_contact(who, own, refused.map(|(_, given)| given)))
    }
}

fn table(who: &SignedIn, events: &[Event], settled: bool) -> Markup {
    let columns = ["Agency", "Told", "Due", "State"].map(|label| Column { label, order: Order::Fixed });
    let row = |event: &Event| {
        let href = address(&event.related.id);
        Row {
            head: html! { a href=(href) { (ui::text(&event.other_name)) } },
            cells: vec![
                show::moment(event.related.opened_at),
                show::moment(event.related.due_at),
                state(who, event),
            ],
        }
    };
    let rows: Vec<Row> = events.iter().map(row).collect();
    let caption = if settled { "Settled with other agencies" } else { "To be settled with other agencies" };
    ui::table(&Table { caption, columns: &columns, rows: &rows, swap: None })
}

fn state(who: &SignedIn, event: &Event) -> Markup {
    let one = &event.related;
    let late = one.is_late(who.agencies.house.now());
    match (one.settled_at, one.proposed) {
        (Some(_), proposed) => {
            ui::chip(proposed.map_or("settled", |(how, _)| words(how, one.owns)), Tone::Muted)
        }
        (None, _) if late => ui::chip("late", Tone::Strong),
        (None, Some((_, true))) => ui::chip("waits for them", Tone::Plain),
        (None, Some((_, false))) => ui::chip("waits for your answer", Tone::Notice),
        (None, None) if one.owns => ui::chip("yours to see to", Tone::Notice),
        (None, None) => ui::chip("theirs to see to", Tone::Plain),
    }
}

/// A settlement as the reader's side calls it.
const fn words(how: Settlement, owns: bool) -> &'static str {
    match (how, owns) {
        (Settlement::OwnerLeads, true) | (Settlement::OtherLeads, false) => "your agency leads",
        (Settlement::OwnerLeads, false) | (Settlement::OtherLeads, true) => "the other agency leads",
        (Settlement::Joint, _) => "both work it together",
        (Settlement::Unrelated, _) => "not the same person",
    }
}

fn own_contact(who: &SignedIn, own: Option<&Known>, given: Option<&Contact>) -> Markup {
    let nobody = Contact::default();
    let shown = given.or(own.map(|known| &known.contact)).unwrap_or(&nobody);
    let version = own.map_or(0, |known| known.version);
    html! {
        @if own.is_none() { p { "Nobody said yet whom others call. They see your agency's name only." } }
        @if workspace::standing::may_assign(&who.session.viewer) {
            (ui::post("/agency/deconfliction/contact", &who.visit.token(CONTACT_FORM), &html! {
                input type="hidden" name="version" value=(version);
                (Field::new("desk", "Desk").value(&shown.desk).required().hint("A desk that somebody answers at night, not a person"))
                (Field::new("phone", "Telephone").kind(Kind::Telephone).value(&shown.phone))
                (Field::new("mail", "Mailbox").kind(Kind::Email).value(&shown.mail))
                (button("Save", Button::Primary))
            }))
        } @else if let Some(known) = own { (card(&known.contact)) }
    }
}

fn card(contact: &Contact) -> Markup {
    let said = |text: &str| Value::words(Some(text));
    definitions(&[
        ("Desk", said(&contact.desk)),
        ("Telephone", said(&contact.phone)),
        ("Mailbox", said(&contact.mail)),
    ])
}

/// The form of the own contact.
#[derive(Deserialize)]
struct Said {
    csrf: String,
    #[serde(default)]
    version: u32,
    #[serde(default)]
    desk: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    mail: String,
}

/// `POST /agency/deconfliction/contact`.
async fn contact(who: SignedIn, headers: HeaderMap, Form(said): Form<Said>) -> Response {
    if !who.visit.may_post(&headers, &said.csrf, CONTACT_FORM) {
        return shell::stale_form(&who);
    }
    let Said { desk, phone, mail, version, .. } = said;
    let [desk, phone, mail] = [desk, phone, mail].map(|text| text.trim().to_owned());
    let given = Contact { desk, phone, mail };
    match related::put_contact(&who.agencies.house, &who.session.viewer, version, given.clone()).await {
        Ok(()) => web::redirect(LINK.href),
        Err(trouble) => {
            let says = match trouble.refusal().map(|refused| refused.code()) {
                Some("conflict") => {
                    "Somebody else changed it meanwhile. What you wrote is in the form; send it again to put it in place of theirs."
                }
                Some("unfit") => "Say a desk, and a telephone or a mailbox of at most 200 letters.",
                _ => return refusal(&who, &trouble),
            };
            listed(&who, StatusCode::UNPROCESSABLE_ENTITY, false, Some((says, &given))).await
        }
    }
}

/// `GET /agency/deconfliction/{event}`.
async fn page(who: SignedIn, Path(id): Path<String>) -> Response {
    drawn(&who, id, StatusCode::OK, None).await
}

async fn drawn(who: &SignedIn, id: String, status: StatusCode, refused: Option<&str>) -> Response {
    match related::get(&who.agencies.house, &who.session.viewer, id).await {
        Ok(event) => {
            let title = format!("Related material at {}", ui::visible(&event.other_name));
            let trail = breadcrumb(&[LINK], &title);
            shell::in_room(status, who, (LINK, &title), Some(trail), &one(who, &title, &event, refused))
        }
        Err(trouble) => refusal(who, &trouble),
    }
}

fn one(who: &SignedIn, title: &str, event: &Event, refused: Option<&str>) -> Markup {
    let related = &event.related;
    html! {
        h1 { (title) }
        @if let Some(says) = refused { (ui::alert(Weight::Error, "Nothing was changed", &html! { p { (says) } })) }
        p { (state(who, event)) }
        (definitions(&facts(who, event)))
        h2 { "Whom to call" }
        @match &event.contact {
            Some(known) => (card(&known.contact)),
            None => p { "They have not said yet. Ask the clearinghouse to put you through." },
        }
        h2 { "Your reports and cases that it is about" }
        ul {
            @for report in &event.reports { li { a href={ "/agency/reports/" (report) } { "Report " (report) } } }
            @for case in &event.cases { li { a href=(crate::cases::address(*case)) { "Case " (case) } } }
            @if event.other_cases > 0 { li { (event.other_cases) " of your agency's cases that you do not reach: ask your commander" } }
        }
        @if related.settled_at.is_none() { (forms(who, event)) }
    }
}

fn facts(who: &SignedIn, event: &Event) -> Vec<(&'static str, Value)> {
    let related = &event.related;
    let owner = if related.owns { "your agency, which had its part first" } else { "the other agency" };
    let mine = related
        .person
        .as_ref()
        .map(|person| if *person == who.session.person { "you".to_owned() } else { person.to_string() });
    let mut facts = vec![
        ("Told", show::moment(related.opened_at).into()),
        ("To be settled until", show::moment(related.due_at).into()),
        ("Who sees to it", Value::words(Some(owner))),
        ("Handled here by", Value::words(mine.as_deref().or(Some("nobody yet")))),
    ];
    if let Some((how, own)) = related.proposed {
        let by = if related.settled_at.is_some() {
            "agreed"
        } else if own {
            "proposed by you"
        } else {
            "proposed by them"
        };
        let says = format!("{} ({by})", words(how, related.owns));
        facts.push(("Settlement", html! { (says) }.into()));
    }
    facts.extend(related.settled_at.map(|at| ("Settled", show::moment(at).into())));
    facts
}

fn forms(who: &SignedIn, event: &Event) -> Markup {
    let related = &event.related;
    let choices: Vec<Choice<'_>> = Settlement::ALL
        .iter()
        .map(|how| Choice { value: how.as_str(), label: words(*how, related.owns) })
        .collect();
    let theirs = related.proposed.filter(|(_, own)| !own).map(|(how, _)| how);
    let action = address(&related.id);
    let token = who.visit.token(&form(&related.id));
    html! {
        h2 { "Settle it" }
        p { "It is settled when both sides say the same. Once its time is over, whoever sees to it settles it alone." }
        @if related.person.as_ref() != Some(&who.session.person) {
            (ui::post(&format!("{action}/take"), &token, &button("I handle it here", Button::Secondary)))
        }
        @if let Some(how) = theirs {
            (ui::post(&action, &token, &html! {
                (version(event))
                input type="hidden" name="how" value=(how.as_str());
                (button(&format!("Agree: {}", words(how, related.owns)), Button::Primary))
            }))
        }
        (ui::post(&action, &token, &html! {
            (version(event))
            (Field::new("how", "How your side wants to settle it").kind(Kind::Choice(&choices)))
            (button("Say so to the other side", Button::Secondary))
        }))
    }
}

fn version(event: &Event) -> Markup {
    html! { input type="hidden" name="version" value=(event.related.version); }
}

fn form(id: &str) -> String {
    format!("deconfliction-{id}")
}

/// The form of a settlement.
#[derive(Deserialize)]
struct Settling {
    csrf: String,
    #[serde(default)]
    version: u32,
    #[serde(default)]
    how: String,
}

/// `POST /agency/deconfliction/{event}`.
async fn settle(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(said): Form<Settling>,
) -> Response {
    if !who.visit.may_post(&headers, &said.csrf, &form(&id)) {
        return shell::stale_form(&who);
    }
    let Ok(how) = said.how.parse::<Settlement>() else {
        return drawn(&who, id, StatusCode::UNPROCESSABLE_ENTITY, Some("Choose one of the answers.")).await;
    };
    let seen = (id.clone(), said.version);
    match related::settle(&who.agencies.house, &who.session.viewer, seen, how).await {
        Ok(_) => web::redirect(&address(&id)),
        Err(trouble) => match trouble.refusal().map(|refused| refused.code()) {
            Some("conflict") => {
                let says = "The other side, or somebody of yours, changed it since you opened the page. This is how it stands now.";
                drawn(&who, id, StatusCode::CONFLICT, Some(says)).await
            }
            Some("closed") => drawn(&who, id, StatusCode::CONFLICT, Some("It is settled already.")).await,
            _ => refusal(&who, &trouble),
        },
    }
}

/// `POST /agency/deconfliction/{event}/take`.
async fn take(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    if !who.visit.may_post(&headers, &token.csrf, &form(&id)) {
        return shell::stale_form(&who);
    }
    match related::take(&who.agencies.house, &who.session.viewer, id.clone()).await {
        Ok(()) => web::redirect(&address(&id)),
        Err(trouble) => refusal(&who, &trouble),
    }
}
