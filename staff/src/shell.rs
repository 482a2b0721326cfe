//! The frame of every page of this face: the three rooms, who is signed in, and the note on what this house is.

use axum::response::Response;
use http::StatusCode;
use maud::Markup;
use office::Trouble;
use ui::Link;
use web::frame::{self, Frame, Inside, Shell};

use crate::session::SignedIn;

pub(crate) const DESK: Link<'static> = Link { href: "/desk", label: "Desk" };
pub(crate) const ADMIN: Link<'static> = Link { href: "/admin", label: "Administration" };
pub(crate) const OVERSIGHT: Link<'static> = Link { href: "/oversight", label: "Oversight" };

pub(crate) const ROOMS: &[Link<'static>] = &[DESK, ADMIN, OVERSIGHT];

pub(crate) fn frame(profile_note: &'static str) -> Frame<'static> {
    Frame { site: "Clearinghouse desk", rooms: ROOMS, banner: None, profile_note }
}

fn shell(who: &SignedIn) -> Shell<'static> {
    let (name, role) = (&who.member.name, who.member.role.title());
    let person = frame::signed_in(name, role, DESK.href, &who.visit);
    Shell { frame: frame(crate::profile_note(&who.staff.house)), person, home: DESK }
}

/// A page of a room.
pub(crate) fn page(who: &SignedIn, room: Link<'_>, title: &str, main: &Markup) -> Response {
    shell(who).page(StatusCode::OK, room, title, main)
}

/// A page below a room.
pub(crate) fn below(
    status: StatusCode,
    who: &SignedIn,
    above: &[Link<'_>],
    title: &str,
    main: &Markup,
) -> Response {
    shell(who).below(status, above, title, main)
}

/// The same, with ES modules that only this page needs.
pub(crate) fn below_with(
    status: StatusCode,
    who: &SignedIn,
    above: &[Link<'_>],
    (title, main): (&str, &Markup),
    modules: &[&str],
) -> Response {
    let Shell { frame, person, .. } = shell(who);
    let (current, trail) = (above.first().map(|room| room.href), Some(ui::breadcrumb(above, title)));
    frame.inside(status, Inside { title, current, person: Some(person), trail, modules }, main)
}

/// What is not there, and what is not for this role, look the same.
pub(crate) fn not_found(who: &SignedIn) -> Response {
    shell(who).not_found(crate::FACE.absent)
}

/// The answer to a form that was not drawn by us for this session.
pub(crate) fn stale_form(who: &SignedIn) -> Response {
    shell(who).stale_form()
}

/// What is not for this person does not exist; what broke has a number.
pub(crate) fn trouble(who: &SignedIn, trouble: &Trouble) -> Response {
    if trouble.is_not_found() {
        return not_found(who);
    }
    shell(who).broken(&crate::incident(&who.staff.house, trouble))
}
