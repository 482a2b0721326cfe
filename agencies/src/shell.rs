//! The frame of every page of this face: site name, navigation, who is signed in, and the note on what this house is.

use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};
use policy::Viewer;
use ui::Link;
use web::frame::{self, Frame, Inside, Shell};

use crate::session::SignedIn;
use crate::{cases, figures, imports, managers, media_page, notify, related, transfers};

pub(crate) const PEOPLE: Link<'static> = Link { href: "/agency/people", label: "People" };

pub(crate) const INBOX: Link<'static> = Link { href: "/agency/inbox", label: "Inbox" };

/// Directory, library, requests to the clearinghouse, and each person's own page about looking.
pub(crate) const PORTAL: Link<'static> = Link { href: "/agency/portal", label: "Portal" };

/// Where an agency's commander keeps its keys.
pub(crate) const KEYS: Link<'static> = Link { href: "/agency/keys", label: "Keys" };

/// What stands there before anybody signed in.
pub(crate) const EVERYBODY: &[Link<'static>] = &[INBOX];
const OFFICERS: &[Link<'static>] =
    &[INBOX, cases::LINK, related::LINK, transfers::LINK, notify::LINK, figures::LINK, PORTAL];
const INVESTIGATORS: &[Link<'static>] =
    &[INBOX, cases::LINK, related::LINK, transfers::LINK, notify::LINK, figures::LINK, imports::LINK, PORTAL];
const KEEPERS: &[Link<'static>] = &[
    INBOX,
    cases::LINK,
    related::LINK,
    transfers::LINK,
    notify::LINK,
    figures::LINK,
    imports::LINK,
    PORTAL,
    PEOPLE,
    KEYS,
];
const COMMANDERS: &[Link<'static>] = &[
    INBOX,
    cases::LINK,
    related::LINK,
    transfers::LINK,
    notify::LINK,
    figures::LINK,
    imports::LINK,
    PORTAL,
    PEOPLE,
    KEYS,
    media_page::LINK,
    managers::LINK,
];

pub(crate) fn frame(profile_note: &'static str, rooms: &'static [Link<'static>]) -> Frame<'static> {
    Frame { site: "Clearinghouse for agencies", rooms, banner: None, profile_note }
}

/// A page about the reports of the inbox.
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
    drawn(status, who, (INBOX, title), trail, main, modules)
}

/// A page of one of the rooms, under a title of its own.
pub(crate) fn in_room(
    status: StatusCode,
    who: &SignedIn,
    in_room: (Link<'_>, &str),
    trail: Option<Markup>,
    main: &Markup,
) -> Response {
    drawn(status, who, in_room, trail, main, &[])
}

fn drawn(
    status: StatusCode,
    who: &SignedIn,
    (room, title): (Link<'_>, &str),
    trail: Option<Markup>,
    main: &Markup,
    modules: &[&str],
) -> Response {
    let Shell { frame, person, .. } = shell(who);
    let inside = Inside { title, current: Some(room.href), person: Some(person), trail, modules };
    frame.inside(status, inside, &html! { (main) (printed(who)) })
}

/// Who printed a page and on which day, across every sheet of it and nowhere on the screen. Pictures are not printed.
fn printed(who: &SignedIn) -> Markup {
    let day = who.agencies.house.now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    html! {
        p .house-printed {
            (ui::text(&who.session.person_name)) ", " (ui::text(&who.session.agency_name)) br; (who.session.person) ", " (day)
        }
    }
}

fn shell(who: &SignedIn) -> Shell<'static> {
    let (name, of) = (&who.session.person_name, &who.session.agency_name);
    let person = frame::signed_in(name, of, "/agency", &who.visit);
    let frame = frame(crate::profile_note(&who.agencies.house), rooms(&who.session.viewer));
    Shell { frame, person, home: INBOX }
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
    shell(who).stale_form()
}

/// What is not there, and what is not for this viewer, look the same.
pub(crate) fn not_found(who: &SignedIn) -> Response {
    shell(who).not_found(crate::FACE.absent)
}

/// Ours to mend; the number helps whoever looks for the cause.
pub(crate) fn broken(who: &SignedIn, incident: &str) -> Response {
    shell(who).broken(incident)
}
