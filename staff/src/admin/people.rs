//! Invitations as the clearinghouse handles them: who was invited anywhere, the codes, and what shows who they are, upon
//! which a second person is asked to let them in. The people themselves are kept on the pages that every face has.

use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use axum::{Form, Router};
use domain::{Id as _, InvitationId};
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use office::people;
use office::{Invitation, Proof};
use policy::ViewerRole;
use serde::Deserialize;
use ui::{Button, Field, Kind, Link, Value, button};
use web::moment;
use web::people::{HousePages, Room, nothing_changed};

use super::{agencies, approvals};
use crate::index::Entry;
use crate::session::SignedIn;
use crate::{Staff, shell};

pub(super) const ROLES: &[ViewerRole] =
    &[ViewerRole::Supervisor, ViewerRole::Counsel, ViewerRole::SecurityAdmin];

pub(crate) const LINK: Link<'static> = Link { href: "/admin/people", label: "People" };

pub(crate) const ENTRY: Entry = Entry {
    link: LINK,
    says: "Everybody of the clearinghouse, and whoever was invited anywhere and waits.",
    roles: ROLES,
};

pub(crate) const DUE: Entry = Entry {
    link: Link { href: "/admin/people/due", label: "What is due" },
    says: "Attestations, trainings and reviews, what qualifies agencies, and keys: what ends soon.",
    roles: ROLES,
};

/// Where the clearinghouse keeps people.
pub(crate) static ROOM: Room = Room {
    link: LINK,
    above: &[shell::ADMIN],
    house: Some(HousePages {
        invitations: "/admin/invitations",
        approvals: approvals::LINK.href,
        agencies: agencies::LINK.href,
    }),
    keys: Some("/admin/agency-keys"),
};

pub(crate) fn routes() -> Router<Staff> {
    Router::new().route("/admin/invitations/{invitation}", get(invited).post(prove))
}

/// `GET /admin/invitations/{invitation}`.
async fn invited(who: SignedIn, Path(id): Path<String>) -> Response {
    invitation(&who, &id, StatusCode::OK, None).await
}

async fn invitation(who: &SignedIn, id: &str, status: StatusCode, note: Option<Markup>) -> Response {
    if let Err(elsewhere) = who.must_be(ROLES) {
        return *elsewhere;
    }
    let Ok(id) = InvitationId::parse(id) else { return shell::not_found(who) };
    match people::invitation(&who.staff.house, &who.viewer(), id).await {
        Ok(found) => {
            let main = main(who, &found, note.as_ref());
            shell::below(status, who, &[shell::ADMIN, LINK], "Invitation", &main)
        }
        Err(trouble) => shell::trouble(who, &trouble),
    }
}

fn main(who: &SignedIn, found: &Invitation, note: Option<&Markup>) -> Markup {
    let address = format!("/admin/invitations/{}", found.id);
    let home = people::in_text(&found.home);
    let facts = [
        ("Where", Value::words(Some(&home))),
        ("Role", Value::words(Some(found.role.title()))),
        ("Mail", Value::words(Some(found.words.mail.reveal()))),
        ("Second channel", Value::words(Some(found.words.second_channel.reveal()))),
        ("Invited by", Value::words(Some(&found.invited_by))),
        ("Open until", moment(found.ends_at).into()),
        ("Waits for", Value::words(Some(found.waits_for()))),
    ];
    // Codes and taking back are the same in every face: their forms go to the pages of people.
    let form = |act: &str, label: &str, kind| {
        let token = who.visit.token(&format!("{act}/{}", found.id));
        ui::post(&format!("{}/invitations/{}/{act}", LINK.href, found.id), &token, &button(label, kind))
    };
    html! {
        h1 { "Invitation: " (ui::text(found.words.name.reveal())) }
        @if let Some(note) = note { (note) }
        (ui::definitions(&facts))
        @if found.confirmed_at.is_none() {
            h2 { "Codes" }
            (form("codes", "Draw both codes", Button::Primary))
        } @else if found.proof.is_none() {
            h2 { "Proof of identity" }
            p { "Record what was seen and who saw it. Never keep a copy of the document here." }
            (ui::post(&address, &who.visit.token(&format!("prove/{}", found.id)), &html! {
                (Field::new("document", "Kind of document").hint("Such as: passport, seen in person.").required())
                (Field::new("seen_by", "Who saw it").required())
                (Field::new("sha256", "SHA-256 of the record that the agency keeps").hint("64 hexadecimal digits.").required())
                (Field::new("trained_on", "Day of the last training").kind(Kind::Date).required())
                (button("Record, and ask a second person", Button::Primary))
            }))
        } @else {
            p { "A second person decides on the page of approvals." }
        }
        @if found.person.is_none() && found.withdrawn_at.is_none() {
            h2 { "Take it back" }
            (form("withdraw", "Take the invitation back", Button::Secondary))
        }
    }
}

#[derive(Deserialize)]
struct Proved {
    csrf: String,
    document: String,
    seen_by: String,
    sha256: String,
    trained_on: String,
}

async fn prove(
    who: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Proved>,
) -> Response {
    let Ok(own) = InvitationId::parse(&id) else { return shell::not_found(&who) };
    if let Err(stale) = who.must_post(&headers, &form.csrf, &format!("prove/{own}")) {
        return *stale;
    }
    let Some(trained_at) = office::day(&form.trained_on) else {
        let note = nothing_changed("Give the day of the training.");
        return invitation(&who, &id, StatusCode::UNPROCESSABLE_ENTITY, Some(note)).await;
    };
    let proof = Proof {
        document: form.document.into(),
        seen_by: form.seen_by.into(),
        sha256: form.sha256.trim().to_ascii_lowercase(),
        trained_at,
    };
    match people::prove(&who.staff.house, &who.member, own, proof).await {
        Ok(approval) => web::redirect(&format!("{}/{approval}", approvals::LINK.href)),
        Err(trouble) => match trouble.refusal() {
            Some(refusal) if !trouble.is_not_found() => {
                let note = nothing_changed(people::in_words(refusal));
                invitation(&who, &id, StatusCode::UNPROCESSABLE_ENTITY, Some(note)).await
            }
            _ => shell::trouble(&who, &trouble),
        },
    }
}
