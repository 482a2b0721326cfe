//! The frame of every page of this face: site name, navigation, who is signed in, and the note on what this house is.

use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};
use ui::{Assets, Button, Link, Page, button};

use crate::session::SignedIn;

const STYLES: &[&str] = &[web::USWDS_CSS, web::HOUSE_CSS];
const SCRIPTS: &[&str] = &[web::HTMX_JS];
const SITE: &str = "Clearinghouse for agencies";
const INBOX: Link<'static> = Link { href: "/agency/inbox", label: "Inbox" };

/// A page for somebody who is signed in.
pub(crate) fn page(
    status: StatusCode,
    who: &SignedIn,
    title: &str,
    trail: Option<Markup>,
    main: &Markup,
) -> Response {
    let person = html! {
        span dir="auto" { (ui::text(&who.session.person_name)) ", " (ui::text(&who.session.agency_name)) }
        (ui::post("/agency/sign-out", &who.token("sign-out"), &button("Sign out", Button::Secondary)))
    };
    let frame = Page {
        title,
        site: SITE,
        lang: "en",
        assets: Assets { styles: STYLES, scripts: SCRIPTS, modules: &[] },
        banner: None,
        navigation: &[INBOX],
        current: Some("/agency/inbox"),
        person: Some(person),
        breadcrumb: trail,
        profile_note: who.agencies.profile_note(),
    };
    web::page(status, ui::page(&frame, main))
}

/// A page for somebody who is not signed in.
pub(crate) fn outside(status: StatusCode, profile_note: &str, title: &str, main: &Markup) -> Response {
    let frame = Page {
        title,
        site: SITE,
        lang: "en",
        assets: Assets { styles: STYLES, scripts: &[], modules: &[] },
        banner: None,
        navigation: &[],
        current: None,
        person: None,
        breadcrumb: None,
        profile_note,
    };
    web::page(status, ui::page(&frame, main))
}

/// What is not there, and what is not for this viewer, look the same.
pub(crate) fn not_found(who: &SignedIn) -> Response {
    let main = html! {
        h1 { "Not found" }
        p { "There is no such page, or it was not made available to your agency." }
        p { (Link { href: "/agency/inbox", label: "Go to the inbox" }) }
    };
    page(StatusCode::NOT_FOUND, who, "Not found", None, &main)
}

/// Ours to mend; the number helps whoever looks for the cause.
pub(crate) fn broken(who: &SignedIn, incident: &str) -> Response {
    let main = html! {
        h1 { "Something went wrong here" }
        p { "Nothing was lost. Try again in a moment. If it stays, tell your administrator this number: " code { (incident) } "." }
    };
    page(StatusCode::INTERNAL_SERVER_ERROR, who, "Something went wrong", None, &main)
}
