//! Saved views: a question under a name, one's own or one that the commander gives to everybody.

use axum::Form;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use maud::{Markup, html};
use ui::{Button, Choice, Choices, Field, Link, Weight, button};
use workspace::inbox::{self, Inbox, NewView, SavedView};
use workspace::standing;

use super::shown;
use crate::cases::{Fields, said};
use crate::session::SignedIn;
use crate::{report_page, shell};
use dossierpage::asked::{Asked, PATH as INBOX};

pub(super) const PATH: &str = "/agency/inbox/views";
const FORM: &str = "inbox-view";

pub(super) fn section(who: &SignedIn, asked: &Asked, found: &Inbox) -> Markup {
    let all = Link { href: INBOX, label: "Everything that is open" };
    html! {
        nav aria-label="Saved views" {
            ul .house-views {
                li { (all) }
                @for view in &found.views {
                    @let href = Asked::parse(&view.question).address();
                    li { (Link { href: &href, label: &view.name }) @if view.shared { " (for everybody)" } }
                }
            }
        }
        (ui::details("Keep this view, or remove one", &html! {
            (save_form(who, asked))
            @for view in found.views.iter().filter(|view| view.person == who.session.person) { (remove_form(who, view)) }
        }))
    }
}

fn save_form(who: &SignedIn, asked: &Asked) -> Markup {
    let shared = [Choice { value: "yes", label: "Everybody of the agency finds it" }];
    let body = html! {
        input type="hidden" name="question" value=(asked.words());
        (Field::new("name", "Name of the view").required().hint("A view of yours with the same name is written over. What you searched for is not kept."))
        @if standing::may_assign(&who.session.viewer) { (Choices::any("shared", "For whom", &shared)) }
        (button("Keep the view", Button::Secondary))
    };
    ui::post(PATH, &who.visit.token(FORM), &body)
}

fn remove_form(who: &SignedIn, view: &SavedView) -> Markup {
    let body = html! {
        input type="hidden" name="view" value=(view.id);
        (button(&format!("Remove {}", view.name), Button::Secondary))
    };
    ui::post("/agency/inbox/views/remove", &who.visit.token(&token(&view.id)), &body)
}

fn token(view: &str) -> String {
    format!("inbox-view-{view}")
}

/// `POST /agency/inbox/views`.
pub(super) async fn save(who: SignedIn, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    if !who.visit.may_post(&headers, said(&fields, "csrf"), FORM) {
        return shell::stale_form(&who);
    }
    let asked = Asked::parse(said(&fields, "question"));
    let new = NewView {
        name: said(&fields, "name").to_owned(),
        question: asked.words(),
        shared: said(&fields, "shared") == "yes",
    };
    match inbox::save_view(&who.agencies.house, &who.session.viewer, new).await {
        Ok(()) => web::redirect(&asked.address()),
        Err(trouble) => match trouble.refusal().map(|refused| refused.code()) {
            Some("unfit") => {
                let says =
                    html! { p { "A view has a name of at most 60 letters, and you can keep 50 of them." } };
                let first = ui::alert(Weight::Error, "The view was not kept", &says);
                shown(&who, StatusCode::UNPROCESSABLE_ENTITY, &asked, Some(first)).await
            }
            _ => report_page::refusal(&who, &trouble),
        },
    }
}

/// `POST /agency/inbox/views/remove`.
pub(super) async fn remove(who: SignedIn, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    let view = said(&fields, "view").to_owned();
    if !who.visit.may_post(&headers, said(&fields, "csrf"), &token(&view)) {
        return shell::stale_form(&who);
    }
    match inbox::remove_view(&who.agencies.house, &who.session.viewer, view).await {
        Ok(()) => web::redirect(INBOX),
        Err(trouble) => report_page::refusal(&who, &trouble),
    }
}
