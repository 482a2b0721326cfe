//! Inviting somebody, and the two codes that have to come back.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::{Id as _, InvitationId};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use maud::{Markup, html};
use office::people as of;
use office::{Home, Invitation, NewInvitation, Words};
use policy::ViewerRole;
use serde::Deserialize;
use ui::{Button, Choice, Column, Field, Kind, Link, Order, Row, Table, Tone, Weight, alert, button};

use super::{People, list, one::home_word};
use crate::door::{Admitted, Token};
use crate::{Visit, moment};

/// What the form says of whom to invite.
#[derive(Deserialize, Default)]
pub(super) struct Invite {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    mail: String,
    #[serde(default)]
    second: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    length: String,
}

impl Invite {
    fn read(&self, home: Home) -> Option<NewInvitation> {
        let role = ViewerRole::OF_PEOPLE.into_iter().find(|role| role.as_str() == self.role)?;
        let words = Words {
            name: self.name.clone().into(),
            mail: self.mail.clone().into(),
            second_channel: self.second.clone().into(),
        };
        Some(NewInvitation { home, role, words, temporary: self.length == "temporary" })
    }
}

/// The roles to choose from; none is chosen beforehand.
pub(super) fn roles(is_offered: impl Fn(ViewerRole) -> bool) -> Vec<Choice<'static>> {
    let offered = ViewerRole::OF_PEOPLE.into_iter().filter(|role| is_offered(*role));
    let choices = offered.map(|role| Choice { value: role.as_str(), label: role.title() });
    std::iter::once(Choice { value: "", label: "Choose a role" }).chain(choices).collect()
}

/// The fields that say whom to invite to a home, with what was typed already.
pub(super) fn fields(home: &Home, said: &Invite) -> Markup {
    let roles = roles(|role| home.has(role));
    let lengths = [
        Choice { value: "", label: "For as long as you attest it" },
        Choice { value: "temporary", label: "Temporary: goes after 24 hours" },
    ];
    html! {
        (Field::new("name", "Name").value(&said.name).required())
        (Field::new("mail", "Mail address at work").kind(Kind::Email).value(&said.mail).required())
        (Field::new("second", "Second channel").hint("Another way to reach them, such as the telephone of their office.").value(&said.second).required())
        (Field::new("role", "Role").kind(Kind::Choice(&roles)).value(&said.role).required())
        @if home.agency().is_some() { (Field::new("length", "How long").kind(Kind::Choice(&lengths)).value(&said.length)) }
        (button("Invite", Button::Secondary))
    }
}

/// Says that both codes of an invitation were drawn, and where they are. Only the demo shows them.
fn codes_drawn(ends_at: Timestamp, sends_mail: bool, shown: Option<(&str, &str)>) -> Markup {
    let says = html! {
        p { "Both codes are good until " (moment(ends_at)) ". Those before them are worth nothing." }
        @if let Some((mail, second)) = shown {
            p { "This demo sends nothing. By mail: " code { (mail) } ". By the second channel: " code { (second) } "." }
        } @else if sends_mail {
            p { "One is on its way by mail. The other lies as a letter in the outbox of this installation, and the operator hands it over by the second channel." }
        } @else {
            p { "No mail server is named here: two letters lie in the outbox of this installation, and the operator hands them over, each by its own channel." }
        }
    };
    alert(Weight::Done, "Codes drawn", &says)
}

/// `POST …/people`.
pub(super) async fn invite(
    State(people): State<People>,
    who: Admitted,
    headers: HeaderMap,
    Form(form): Form<Invite>,
) -> Response {
    if !who.visit.may_post(&headers, &form.csrf, "invite") {
        return people.stale(&who).await;
    }
    let (viewer, home) = people.viewer(&who);
    let Some(new) = form.read(home.clone()) else {
        let says = super::nothing_changed("Choose a role.");
        return list::refused(&people, &who, says, &form).await;
    };
    match of::invite(people.house(), &viewer, new).await {
        Ok(made) => {
            let address = format!("{}/join/{}", home_door(&home), made.token);
            let says =
                html! { p { "Give them this address, which is shown this once: " code { (address) } } };
            list::show(&people, &who, StatusCode::OK, Some(alert(Weight::Done, "Invited", &says))).await
        }
        Err(trouble) => match people.refused(&trouble) {
            Ok(note) => list::refused(&people, &who, note, &form).await,
            Err(why) => people.elsewhere(&who, &trouble, why).await,
        },
    }
}

/// Where the pages of the door begin behind which the people of a home come in.
#[must_use]
pub const fn home_door(home: &Home) -> &'static str {
    match home {
        Home::House => "/desk",
        Home::Agency(_) => "/agency",
        Home::Provider(_) => "/provider",
    }
}

/// `POST …/people/invitations/{invitation}/codes`.
pub(super) async fn codes(
    State(people): State<People>,
    who: Admitted,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Token>,
) -> Response {
    let Ok(id) = InvitationId::parse(&id) else { return people.not_found(&who).await };
    if !who.visit.may_post(&headers, &form.csrf, &format!("codes/{id}")) {
        return people.stale(&who).await;
    }
    let (viewer, _) = people.viewer(&who);
    match of::send_codes(people.house(), &viewer, &*people.courier, id).await {
        Ok(codes) => {
            let is_demo = people.house().profile().has_demo_links();
            let shown = is_demo.then(|| (codes.mail.reveal().as_str(), codes.second.reveal().as_str()));
            let said = codes_drawn(codes.ends_at, people.courier.sends_mail(), shown);
            list::show(&people, &who, StatusCode::OK, Some(said)).await
        }
        Err(trouble) => list::after(&people, &who, &trouble).await,
    }
}

/// `POST …/people/invitations/{invitation}/withdraw`.
pub(super) async fn withdraw(
    State(people): State<People>,
    who: Admitted,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Token>,
) -> Response {
    let Ok(id) = InvitationId::parse(&id) else { return people.not_found(&who).await };
    if !who.visit.may_post(&headers, &form.csrf, &format!("withdraw/{id}")) {
        return people.stale(&who).await;
    }
    let (viewer, _) = people.viewer(&who);
    match of::withdraw(people.house(), &viewer, id).await {
        Ok(()) => crate::redirect(people.room.link.href),
        Err(trouble) => list::after(&people, &who, &trouble).await,
    }
}

/// Who was invited and is not in yet: as cards with what can be done, or as a table that leads to the page of each.
pub(super) fn waiting(people: &People, visit: &Visit, all: &[Invitation]) -> Markup {
    if all.is_empty() {
        return ui::empty("Nobody waits.", None);
    }
    match people.room.house {
        Some(house) => table(house.invitations, all),
        None => cards(people, visit, all),
    }
}

fn cards(people: &People, visit: &Visit, all: &[Invitation]) -> Markup {
    let form = |one: &Invitation, act: &str, label: &str| {
        let path = people.path(&format!("/invitations/{}/{act}", one.id));
        ui::post(&path, &visit.token(&format!("{act}/{}", one.id)), &button(label, Button::Secondary))
    };
    html! {
        ul .house-cards {
            @for one in all {
                li {
                    h3 { (ui::text(one.words.name.reveal())) " " (ui::chip(one.waits_for(), Tone::Notice)) }
                    p { (one.role.title()) ", invited " (moment(one.invited_at)) ", open until " (moment(one.ends_at)) }
                    @if one.confirmed_at.is_none() { (form(one, "codes", "Draw both codes")) }
                    (form(one, "withdraw", "Take the invitation back"))
                }
            }
        }
    }
}

fn table(page: &str, all: &[Invitation]) -> Markup {
    let columns =
        ["Who", "Where", "Role", "Invited", "Waits for"].map(|label| Column { label, order: Order::Fixed });
    let row = |one: &Invitation| {
        let (href, label) = (format!("{page}/{}", one.id), one.words.name.reveal());
        Row {
            head: html! { (Link { href: &href, label }) },
            cells: vec![
                html! { (home_word(&one.home)) },
                html! { (one.role.title()) },
                moment(one.invited_at),
                ui::chip(one.waits_for(), Tone::Notice),
            ],
        }
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    ui::table(&Table { caption: "Invitations", columns: &columns, rows: &rows, swap: None })
}
