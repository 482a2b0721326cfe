//! The frame of every page of this face: site name, navigation, who is signed in, and the note on what this house is.

use axum::response::Response;
use http::StatusCode;
use maud::Markup;
use ui::Link;
use web::frame::{self, Frame, Inside};

use crate::session::SignedIn;

pub(crate) const INBOX: Link<'static> = Link { href: "/agency/inbox", label: "Inbox" };

/// Where an agency's commander keeps its keys.
pub(crate) const KEYS: Link<'static> = Link { href: "/agency/keys", label: "Keys" };

pub(crate) const EVERYBODY: &[Link<'static>] = &[INBOX];
const KEEPERS: &[Link<'static>] = &[INBOX, KEYS];

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
    let (name, of) = (&who.session.person_name, &who.session.agency_name);
    let person = frame::signed_in(name, of, "/agency", &who.visit);
    let current = if title == KEYS.label { KEYS.href } else { INBOX.href };
    let inside = Inside { title, current: Some(current), person: Some(person), trail, modules: &[] };
    let rooms = if pipeline::agency_keys::keeps(&who.session.viewer) { KEEPERS } else { EVERYBODY };
    frame(crate::profile_note(&who.agencies.house), rooms).inside(status, inside, main)
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
