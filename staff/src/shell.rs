//! The frame of every page of this face: the three rooms, who is signed in, and the note on what this house is.

use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};
use office::Trouble;
use ui::Link;
use web::frame::{self, Frame, Inside};

use crate::session::SignedIn;

pub(crate) const DESK: Link<'static> = Link { href: "/desk", label: "Desk" };
pub(crate) const ADMIN: Link<'static> = Link { href: "/admin", label: "Administration" };
pub(crate) const OVERSIGHT: Link<'static> = Link { href: "/oversight", label: "Oversight" };

const ROOMS: [Link<'static>; 3] = [DESK, ADMIN, OVERSIGHT];

pub(crate) fn frame(profile_note: &'static str) -> Frame<'static> {
    Frame { site: "Clearinghouse desk", rooms: &ROOMS, banner: None, profile_note }
}

/// A page of a room.
pub(crate) fn page(who: &SignedIn, room: Link<'_>, title: &str, main: &Markup) -> Response {
    draw(StatusCode::OK, who, Some(room), title, None, main)
}

/// A page below a room.
pub(crate) fn below(
    status: StatusCode,
    who: &SignedIn,
    above: &[Link<'_>],
    title: &str,
    main: &Markup,
) -> Response {
    draw(status, who, above.first().copied(), title, Some(ui::breadcrumb(above, title)), main)
}

fn draw(
    status: StatusCode,
    who: &SignedIn,
    room: Option<Link<'_>>,
    title: &str,
    trail: Option<Markup>,
    main: &Markup,
) -> Response {
    let (name, role) = (&who.member.name, who.member.role.title());
    let person = frame::signed_in(name, role, DESK.href, &who.visit);
    let inside =
        Inside { title, current: room.map(|room| room.href), person: Some(person), trail, modules: &[] };
    frame(crate::profile_note(&who.staff.house)).inside(status, inside, main)
}

/// What is not there, and what is not for this role, look the same.
pub(crate) fn not_found(who: &SignedIn) -> Response {
    let says = "There is no such page, or it is not for your role.";
    let main = frame::not_found(says, Link { href: DESK.href, label: "Go to the desk" });
    draw(StatusCode::NOT_FOUND, who, None, "Not found", None, &main)
}

/// The answer to a form that was not drawn by us for this session.
pub(crate) fn stale_form(who: &SignedIn) -> Response {
    let main = html! {
        h1 { "This form is out of date" }
        p { "Nothing was changed. Go back, load the page again, and send the form once more." }
        p { (DESK) }
    };
    draw(StatusCode::FORBIDDEN, who, None, "Form out of date", None, &main)
}

/// What is not for this person does not exist; what broke has a number.
pub(crate) fn trouble(who: &SignedIn, trouble: &Trouble) -> Response {
    if trouble.is_not_found() {
        return not_found(who);
    }
    let main = frame::broken(&crate::incident(&who.staff.house, trouble));
    draw(StatusCode::INTERNAL_SERVER_ERROR, who, None, "Something went wrong", None, &main)
}
