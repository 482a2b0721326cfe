//! The frame of every page of a face: site name, rooms, who is signed in, the note on what this house is.

use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};
use ui::{Assets, Button, Link, Page, button};

use crate::{HOUSE_CSS, HTMX_JS, HTMX_POLICY_JS, ICON_SVG, USWDS_CSS, Visit, reply};

const STYLES: &[&str] = &[USWDS_CSS, HOUSE_CSS];
const SCRIPTS: &[&str] = &[HTMX_JS, HTMX_POLICY_JS];

/// What all pages of one face have in common.
#[derive(Debug, Clone)]
pub struct Frame<'a> {
    /// Whose pages these are.
    pub site: &'a str,
    /// Links to the rooms; the first one is home.
    pub rooms: &'a [Link<'a>],
    /// Stands above everything, where every page must carry it.
    pub banner: Option<Markup>,
    /// Which kind of installation this is.
    pub profile_note: &'a str,
}

/// What one page inside adds to its frame.
#[derive(Debug, Clone, Default)]
pub struct Inside<'a> {
    /// What the page is.
    pub title: &'a str,
    /// The address of its room.
    pub current: Option<&'a str>,
    /// Who is signed in, with the form that signs out.
    pub person: Option<Markup>,
    /// The trail to it.
    pub trail: Option<Markup>,
    /// Scripts of this page alone, as ES modules.
    pub modules: &'a [&'a str],
}

impl Frame<'_> {
    /// A page for somebody who is signed in.
    #[must_use]
    pub fn inside(&self, status: StatusCode, inside: Inside<'_>, main: &Markup) -> Response {
        self.draw(status, inside, SCRIPTS, self.rooms, main)
    }

    /// A page for somebody who is not: no rooms, and no script but these.
    #[must_use]
    pub fn outside(&self, status: StatusCode, title: &str, modules: &[&str], main: &Markup) -> Response {
        self.draw(status, Inside { title, modules, ..Inside::default() }, &[], &[], main)
    }

    fn draw(
        &self,
        status: StatusCode,
        inside: Inside<'_>,
        scripts: &[&str],
        rooms: &[Link<'_>],
        main: &Markup,
    ) -> Response {
        let Inside { title, current, person, trail, modules } = inside;
        let page = Page {
            title,
            site: self.site,
            lang: "en",
            assets: Assets { icon: Some(ICON_SVG), styles: STYLES, scripts, modules },
            banner: self.banner.clone(),
            navigation: rooms,
            current,
            person,
            breadcrumb: trail,
            profile_note: self.profile_note,
        };
        reply::page(status, ui::page(&page, main))
    }
}

/// The frame as one person who is signed in sees it: what the pages of every face have in common.
pub struct Shell<'a> {
    /// The frame, with the rooms that they find.
    pub frame: Frame<'a>,
    /// Who they are, as [`signed_in`] draws it.
    pub person: Markup,
    /// Where they go on when there is nothing.
    pub home: Link<'a>,
}

impl Shell<'_> {
    /// A page of a room.
    #[must_use]
    pub fn page(&self, status: StatusCode, room: Link<'_>, title: &str, main: &Markup) -> Response {
        self.draw(status, Some(room), title, None, main)
    }

    /// A page below rooms, with the trail to it.
    #[must_use]
    pub fn below(&self, status: StatusCode, above: &[Link<'_>], title: &str, main: &Markup) -> Response {
        self.draw(status, above.first().copied(), title, Some(ui::breadcrumb(above, title)), main)
    }

    /// What is not there, and what is not for this person, look the same.
    #[must_use]
    pub fn not_found(&self, says: &str) -> Response {
        self.draw(StatusCode::NOT_FOUND, None, "Not found", None, &not_found(says, self.home))
    }

    /// The answer to a form that was not drawn by us for this session, or that is older than the last start.
    #[must_use]
    pub fn stale_form(&self) -> Response {
        self.draw(StatusCode::FORBIDDEN, None, "Form out of date", None, &stale_form(self.home))
    }

    /// Ours to mend; the number helps whoever looks for the cause.
    #[must_use]
    pub fn broken(&self, incident: &str) -> Response {
        self.draw(StatusCode::INTERNAL_SERVER_ERROR, None, "Something went wrong", None, &broken(incident))
    }

    fn draw(
        &self,
        status: StatusCode,
        room: Option<Link<'_>>,
        title: &str,
        trail: Option<Markup>,
        main: &Markup,
    ) -> Response {
        let current = room.map(|room| room.href);
        let inside = Inside { title, current, person: Some(self.person.clone()), trail, modules: &[] };
        self.frame.inside(status, inside, main)
    }
}

/// What is said of a form that was not drawn by us for this session.
#[must_use]
pub fn stale_form(home: Link<'_>) -> Markup {
    html! {
        h1 { "This form is out of date" }
        p { "Nothing was changed. Go back, load the page again, and send the form once more." }
        p { (home) }
    }
}

/// Who is signed in and for whom, with the way to their own sign-in, and the forms that lock the screen and sign out.
/// `prefix` is where the pages of their face begin.
#[must_use]
pub fn signed_in(name: &str, of: &str, prefix: &str, visit: &Visit) -> Markup {
    let at = |path: &str| format!("{prefix}{path}");
    html! {
        span dir="auto" { (ui::text(name)) ", " (ui::text(of)) }
        (Link { href: &at("/me"), label: "My sign-in" })
        (ui::post(&at("/lock"), &visit.token("lock"), &button("Lock", Button::Secondary)))
        (ui::post(&at("/sign-out"), &visit.token("sign-out"), &button("Sign out", Button::Secondary)))
    }
}

/// What is said of a page that is not there, or not for this viewer: both look the same.
#[must_use]
pub fn not_found(says: &str, home: Link<'_>) -> Markup {
    html! {
        h1 { "Not found" }
        p { (says) }
        p { (home) }
    }
}

/// What is said when something of ours broke; the number helps whoever looks for the cause.
#[must_use]
pub fn broken(incident: &str) -> Markup {
    html! {
        h1 { "Something went wrong here" }
        p { "Nothing was lost. Try again in a moment. If it stays, tell your administrator this number: " code { (incident) } "." }
    }
}
