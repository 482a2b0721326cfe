//! The people of an agency, as its administrator keeps them: who is there and until when, one form that attests the whole
//! list, who was invited, and the way to switch somebody off at once.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::{Gone, Id as _, InvitationId, PersonId};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use maud::{Markup, html};
use office::people::{self, Listed};
use office::{Home, Invitation, NewInvitation, Trouble, Words};
use policy::ViewerRole;
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Tone, Weight, button};
use web::door::Token;
use web::moment;

use crate::session::SignedIn;
use crate::{report_page, shell};

pub(crate) const LINK: Link<'static> = Link { href: "/agency/people", label: "People" };

/// `GET /agency/people`.
pub(crate) async fn page(who: SignedIn) -> Response {
    drawn(&who, StatusCode::OK, None).await
}

async fn drawn(who: &SignedIn, status: StatusCode, note: Option<Markup>) -> Response {
    let Some(agency) = who.session.viewer.agency.clone() else { return shell::not_found(who) };
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let found = async {
        let all = people::list(house, viewer, Home::Agency(agency.clone())).await?;
        Ok::<_, Trouble>((all, people::invitations(house, viewer, Home::Agency(agency)).await?))
    };
    match found.await {
        Ok((all, waiting)) => {
            shell::page(status, who, "People", None, &main(who, &all, &waiting, note.as_ref()))
        }
        Err(trouble) => report_page::refusal(who, &trouble),
    }
}

fn main(who: &SignedIn, all: &[Listed], waiting: &[Invitation], note: Option<&Markup>) -> Markup {
    let now = who.agencies.house.now();
    let (live, gone): (Vec<&Listed>, Vec<&Listed>) = all.iter().partition(|one| one.account.gone.is_none());
    let due = live.iter().filter(|one| one.account.is_due(now)).count();
    html! {
        h1 { "People" }
        @if let Some(note) = note { (note) }
        @if due > 0 {
            (ui::alert(Weight::Warning, "To attest", &html! {
                p { (due) " of your people will be switched off within 14 days unless you say that they still work here." }
            }))
        }
        h2 { "Who works here" }
        p { "Every 90 days you say of each person that they still work here and still need this. Whom you do not name is switched off on the day that is shown." }
        div .house-table-form {
            (ui::post("/agency/people/attest", &who.visit.token("attest"), &html! {
                (live_table(who, &live, now))
                (button("The people I ticked still work here", Button::Primary))
            }))
        }
        p { "Nobody attests for themself: for you, the clearinghouse does." }
        h2 { "Disable somebody everywhere now" }
        (disable_form(who, &live))
        h2 { "Invited" }
        @if waiting.is_empty() { (ui::empty("Nobody waits.", None)) } @else { (invitations(who, waiting)) }
        h2 { "Invite somebody" }
        p { "Codes go to them by two channels. Then the clearinghouse checks who they are, and two of its people let them in." }
        (ui::post(LINK.href, &who.visit.token("invite"), &invite_fields()))
        @if !gone.is_empty() {
            h2 { "Switched off" }
            (gone_table(&gone))
        }
    }
}

fn live_table(who: &SignedIn, live: &[&Listed], now: Timestamp) -> Markup {
    let columns =
        ["Who", "Role", "Last sign-in", "Attested until"].map(|label| Column { label, order: Order::Fixed });
    let row = |one: &&Listed| {
        let (account, own) = (&one.account, one.account.person == who.session.person);
        let id = format!("person-{}", account.person);
        let end = account.attestation_ends();
        Row {
            head: html! {
                @if own { (ui::text(&one.name)) " (you)" } @else {
                    input #(id) type="checkbox" name="person" value=(account.person);
                    " " label for=(id) { (ui::text(&one.name)) }
                }
            },
            cells: vec![
                html! { (account.role.title()) },
                account.entered_at.map_or_else(|| html! { "never" }, moment),
                html! {
                    @if let Some(end) = end { (moment(end)) }
                    @if account.is_due(now) { " " (ui::chip("due", Tone::Strong)) }
                },
            ],
        }
    };
    let rows: Vec<Row> = live.iter().map(row).collect();
    ui::table(&Table { caption: "People with an account", columns: &columns, rows: &rows, swap: None })
}

fn gone_table(gone: &[&Listed]) -> Markup {
    let columns = ["Who", "When", "Why"].map(|label| Column { label, order: Order::Fixed });
    let rows: Vec<Row> = gone
        .iter()
        .filter_map(|one| one.account.gone.map(|gone| (one, gone)))
        .map(|(one, (at, because))| Row {
            head: html! { (ui::text(&one.name)) },
            cells: vec![moment(at), html! { (because.as_str()) }],
        })
        .collect();
    ui::table(&Table { caption: "People who were switched off", columns: &columns, rows: &rows, swap: None })
}

fn disable_form(who: &SignedIn, live: &[&Listed]) -> Markup {
    let others = live.iter().filter(|one| one.account.person != who.session.person);
    let people: Vec<Choice<'_>> =
        others.map(|one| Choice { value: one.account.person.as_str(), label: &one.name }).collect();
    if people.is_empty() {
        return ui::empty("There is nobody else.", None);
    }
    let reasons = [
        Choice { value: Gone::Terminated.as_str(), label: "They left" },
        Choice { value: Gone::ByHand.as_str(), label: "Another reason" },
    ];
    ui::post(
        "/agency/people/disable",
        &who.visit.token("disable"),
        &html! {
            (Field::new("gone", "Who").kind(Kind::Choice(&people)))
            (Field::new("because", "Why").kind(Kind::Choice(&reasons)))
            p { "Every session of theirs ends at once. It cannot be taken back." }
            (button("Disable everywhere now", Button::Grave))
        },
    )
}

fn invitations(who: &SignedIn, waiting: &[Invitation]) -> Markup {
    html! {
        ul .house-cards {
            @for one in waiting {
                li {
                    h3 { (ui::text(one.words.name.reveal())) " " (ui::chip(one.waits_for(), Tone::Notice)) }
                    p { (one.role.title()) ", invited " (moment(one.invited_at)) }
                    @if one.confirmed_at.is_none() {
                        (ui::post(&format!("/agency/people/invitations/{}/codes", one.id),
                            &who.visit.token(&format!("codes/{}", one.id)), &button("Draw both codes", Button::Secondary)))
                    }
                }
            }
        }
    }
}

fn invite_fields() -> Markup {
    let roles: Vec<Choice<'_>> = ViewerRole::OF_PEOPLE
        .iter()
        .filter(|role| role.is_of_agency())
        .map(|role| Choice { value: role.as_str(), label: role.title() })
        .collect();
    let lengths = [
        Choice { value: "", label: "For as long as you attest it" },
        Choice { value: "temporary", label: "Temporary: goes after 24 hours" },
    ];
    html! {
        (Field::new("name", "Name").required())
        (Field::new("mail", "Mail address at your agency").kind(Kind::Email).required())
        (Field::new("second", "Second channel").hint("Another way to reach them, such as the telephone of their office.").required())
        (Field::new("role", "Role").kind(Kind::Choice(&roles)).required())
        (Field::new("length", "How long").kind(Kind::Choice(&lengths)))
        (button("Invite", Button::Secondary))
    }
}

#[derive(Deserialize)]
pub(crate) struct Invite {
    csrf: String,
    name: String,
    mail: String,
    second: String,
    role: String,
    #[serde(default)]
    length: String,
}

/// `POST /agency/people`.
pub(crate) async fn invite(who: SignedIn, headers: HeaderMap, Form(form): Form<Invite>) -> Response {
    if !who.visit.may_post(&headers, &form.csrf, "invite") {
        return shell::stale_form(&who);
    }
    let role = ViewerRole::OF_PEOPLE.into_iter().find(|role| role.as_str() == form.role);
    let (Some(role), Some(agency)) = (role, who.session.viewer.agency.clone()) else {
        return shell::not_found(&who);
    };
    let words = Words { name: form.name.into(), mail: form.mail.into(), second_channel: form.second.into() };
    let new =
        NewInvitation { home: Home::Agency(agency), role, words, temporary: form.length == "temporary" };
    match people::invite(&who.agencies.house, &who.session.viewer, new).await {
        Ok(made) => {
            let address = format!("/agency/join/{}", made.token);
            let says =
                html! { p { "Give them this address, which is shown this once: " code { (address) } } };
            drawn(&who, StatusCode::OK, Some(ui::alert(Weight::Done, "Invited", &says))).await
        }
        Err(trouble) => refused(&who, &trouble).await,
    }
}

async fn refused(who: &SignedIn, trouble: &Trouble) -> Response {
    match trouble.refusal() {
        Some(refusal) if !trouble.is_not_found() => {
            let says = html! { p { (people::in_words(refusal)) } };
            let note = ui::alert(Weight::Error, "Nothing was changed", &says);
            drawn(who, StatusCode::UNPROCESSABLE_ENTITY, Some(note)).await
        }
        _ => report_page::refusal(who, trouble),
    }
}

/// `POST /agency/people/attest`: one form for the whole list.
pub(crate) async fn attest(
    who: SignedIn,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let all =
        |name: &str| form.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect();
    let tokens: Vec<String> = all("csrf");
    if !tokens.first().is_some_and(|token| who.visit.may_post(&headers, token, "attest")) {
        return shell::stale_form(&who);
    }
    let named: Vec<String> = all("person");
    let people: Vec<PersonId> = named.iter().filter_map(|id| PersonId::parse(id).ok()).collect();
    match people::attest(&who.agencies.house, &who.session.viewer, people).await {
        Ok(count) => {
            let says = html! { p { (count) " people were attested for 90 days." } };
            drawn(&who, StatusCode::OK, Some(ui::alert(Weight::Done, "Recorded", &says))).await
        }
        Err(trouble) => refused(&who, &trouble).await,
    }
}

#[derive(Deserialize)]
pub(crate) struct Disable {
    csrf: String,
    gone: String,
    #[serde(default)]
    because: String,
}

/// `POST /agency/people/disable`.
pub(crate) async fn disable(who: SignedIn, headers: HeaderMap, Form(form): Form<Disable>) -> Response {
    if !who.visit.may_post(&headers, &form.csrf, "disable") {
        return shell::stale_form(&who);
    }
    let Ok(id) = PersonId::parse(&form.gone) else { return shell::not_found(&who) };
    let because = form.because.parse().unwrap_or(Gone::ByHand);
    match people::disable(&who.agencies.house, &who.session.viewer, id, because).await {
        Ok(()) => web::redirect(LINK.href),
        Err(trouble) => refused(&who, &trouble).await,
    }
}

/// `POST /agency/people/invitations/{invitation}/codes`.
pub(crate) async fn codes(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Token>,
) -> Response {
    let Ok(id) = InvitationId::parse(&id) else { return shell::not_found(&who) };
    if !who.visit.may_post(&headers, &form.csrf, &format!("codes/{id}")) {
        return shell::stale_form(&who);
    }
    let courier = &*who.agencies.courier;
    match people::send_codes(&who.agencies.house, &who.session.viewer, courier, id).await {
        Ok(codes) => {
            let is_demo = who.agencies.house.profile().has_demo_links();
            let shown = is_demo.then(|| (codes.mail.reveal().as_str(), codes.second.reveal().as_str()));
            drawn(&who, StatusCode::OK, Some(web::people::codes_drawn(codes.ends_at, shown))).await
        }
        Err(trouble) => refused(&who, &trouble).await,
    }
}
