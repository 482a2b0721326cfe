//! The frame of every page of this face: site name, navigation, who is signed in, and the note on what this house is.

use axum::response::Response;
use http::StatusCode;
use maud::Markup;
use policy::Viewer;
use ui::Link;
use web::frame::{self, Frame, Inside};

use crate::session::SignedIn;
use crate::{cases, imports, managers, related};

pub(crate) const PEOPLE: Link<'static> = Link { href: "/agency/people", label: "People" };

pub(crate) const INBOX: Link<'static> = Link { href: "/agency/inbox", label: "Inbox" };

/// Where an agency's commander keeps its keys.
pub(crate) const KEYS: Link<'static> = Link { href: "/agency/keys", label: "Keys" };

/// What stands there before anybody signed in.
pub(crate) const EVERYBODY: &[Link<'static>] = &[INBOX];
const OFFICERS: &[Link<'static>] = &[INBOX, cases::LINK, related::LINK];
const INVESTIGATORS: &[Link<'static>] = &[INBOX, cases::LINK, related::LINK, imports::LINK];
const KEEPERS: &[Link<'static>] = &[INBOX, cases::LINK, related::LINK, imports::LINK, PEOPLE, KEYS];
const COMMANDERS: &[Link<'static>] =
    &[INBOX, cases::LINK, related::LINK, imports::LINK, PEOPLE, KEYS, MEDIA, managers::LINK];

/// Where its commander lets people see media.
const MEDIA: Link<'static> = Link { href: crate::media_page::PATH, label: "Media permission" };

pub(crate) fn frame(profile_note: &'static str, rooms: &'static [Link<'static>]) -> Frame<'static> {
    Frame { site: "Clearinghouse for agencies", rooms, banner: None, profile_note }
}

/// A page for somebody who is signed in.
pub(crate) fn page(
    status: StatusCode,
    who: &SignedIn,
    title: &str,
    trail: Option<Markup>,
    main: &Markup,
) -> Response {
    page_with(status, who, title, trail, main, &[])
}

/// The same, with ES modules that only this page needs.
pub(crate) fn page_with(
    status: StatusCode,
    who: &SignedIn,
    title: &str,
    trail: Option<Markup>,
    main: &Markup,
    modules: &[&str],
) -> Response {
    let room =
        [imports::LINK, PEOPLE, KEYS, MEDIA, managers::LINK].into_iter().find(|room| room.label == title);
    let current = room.map_or(INBOX.href, |room| room.href);
    drawn(status, who, (current, title), trail, main, modules)
}

/// A page of one of the rooms, under a title of its own.
pub(crate) fn in_room(
    status: StatusCode,
    who: &SignedIn,
    (room, title): (Link<'_>, &str),
    trail: Option<Markup>,
    main: &Markup,
) -> Response {
    drawn(status, who, (room.href, title), trail, main, &[])
}

fn drawn(
    status: StatusCode,
    who: &SignedIn,
    (current, title): (&str, &str),
    trail: Option<Markup>,
    main: &Markup,
    modules: &[&str],
) -> Response {
    let (name, of) = (&who.session.person_name, &who.session.agency_name);
    let person = frame::signed_in(name, of, "/agency", &who.visit);
    let inside = Inside { title, current: Some(current), person: Some(person), trail, modules };
    frame(crate::profile_note(&who.agencies.house), rooms(&who.session.viewer)).inside(status, inside, main)
}

/// The rooms that somebody finds.
pub(crate) fn rooms(viewer: &Viewer) -> &'static [Link<'static>] {
    match (viewing::permission::may_grant(viewer), pipeline::agency_keys::keeps(viewer)) {
        (true, _) => COMMANDERS,
        (false, true) => KEEPERS,
        (false, false) if seized::keeps(viewer) => INVESTIGATORS,
        (false, false) => OFFICERS,
    }
}

/// The answer to a form that was not drawn by us for this session.
pub(crate) fn stale_form(who: &SignedIn) -> Response {
    page(StatusCode::FORBIDDEN, who, "Form out of date", None, &frame::stale_form(INBOX))
}

/// What is not there, and what is not for this viewer, look the same.
pub(crate) fn not_found(who: &SignedIn) -> Response {
    let says = "There is no such page, or it was not made available to your agency.";
    let main = frame::not_found(says, Link { href: INBOX.href, label: "Go to the inbox" });
    page(StatusCode::NOT_FOUND, who, "Not found", None, &main)
}

/// Ours to mend; the number helps whoever looks for the cause.
pub(crate) fn broken(who: &SignedIn, incident: &str) -> Response {
    let main = frame::broken(incident);
    page(StatusCode::INTERNAL_SERVER_ERROR, who, "Something went wrong", None, &main)
}
