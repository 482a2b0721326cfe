//! The frame of every page: rooms, who is signed in, and whether this is a place for tests.

use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};
use pipeline::Trouble;
use policy::Viewer;
use ui::{Link, Weight};
use web::frame::{self, Frame, Shell};

use super::Portal;
use super::session::SignedIn;

pub(super) const HOME: Link<'static> = Link { href: "/provider", label: "Overview" };
pub(super) const REPORTS: Link<'static> = Link { href: "/provider/reports", label: "Reports" };
pub(super) const NEW_REPORT: Link<'static> = Link { href: "/provider/forms", label: "File by hand" };
pub(super) const QUALITY: Link<'static> = Link { href: "/provider/quality", label: "Quality" };
pub(super) const CREDENTIALS: Link<'static> = Link { href: "/provider/credentials", label: "Credentials" };
pub(super) const CONTACTS: Link<'static> = Link { href: "/provider/contacts", label: "Contacts" };
pub(super) const PROFILE: Link<'static> = Link { href: "/provider/profile", label: "Sender profile" };
pub(super) const HELP: Link<'static> = Link { href: "/provider/help", label: "Help" };

pub(super) const PEOPLE: Link<'static> = Link { href: "/provider/people", label: "People" };

const ROOMS: &[Link<'static>] = &[HOME, REPORTS, NEW_REPORT, QUALITY, CREDENTIALS, CONTACTS, PROFILE, HELP];
const ADMINS: &[Link<'static>] =
    &[HOME, REPORTS, NEW_REPORT, QUALITY, CREDENTIALS, CONTACTS, PEOPLE, PROFILE, HELP];

/// The rooms that somebody finds.
pub(super) fn rooms(viewer: &Viewer) -> &'static [Link<'static>] {
    if office::people::keeps_own(viewer) { ADMINS } else { ROOMS }
}

pub(super) fn frame(is_test: bool) -> Frame<'static> {
    let (site, profile_note) = if is_test {
        ("Clearinghouse for providers (test)", "Test environment: what is sent here must be invented.")
    } else {
        ("Clearinghouse for providers (live)", "Live environment: a report that is filed here is a report.")
    };
    Frame { site, rooms: ROOMS, banner: is_test.then(test_band), profile_note }
}

/// The band of a place for tests. It is words first; the colour repeats them.
fn test_band() -> Markup {
    html! {
        section .house-test aria-label="Environment" {
            "TEST. Nothing that is sent here reaches law enforcement. Send invented data only."
        }
    }
}

fn shell(who: &SignedIn) -> Shell<'static> {
    let (name, of) = (&who.member.person_name, &who.member.provider_name);
    let person = frame::signed_in(name, of, HOME.href, &who.visit);
    let rooms = if who.member.is_admin() { ADMINS } else { ROOMS };
    Shell { frame: Frame { rooms, ..frame(who.portal.is_test) }, person, home: REPORTS }
}

/// A page of a room.
pub(super) fn page(who: &SignedIn, room: Link<'_>, title: &str, main: &Markup) -> Response {
    shell(who).page(StatusCode::OK, room, title, main)
}

/// A page that answers a form which was not accepted.
pub(super) fn refused(who: &SignedIn, room: Link<'_>, title: &str, main: &Markup) -> Response {
    shell(who).page(StatusCode::UNPROCESSABLE_ENTITY, room, title, main)
}

/// A page below a room.
pub(super) fn below(
    status: StatusCode,
    who: &SignedIn,
    above: &[Link<'_>],
    title: &str,
    main: &Markup,
) -> Response {
    shell(who).below(status, above, title, main)
}

/// A page for somebody who is not signed in.
pub(super) fn outside(status: StatusCode, portal: &Portal, title: &str, main: &Markup) -> Response {
    frame(portal.is_test).outside(status, title, &[], main)
}

/// What is not there, and what is another provider's, look the same.
pub(super) fn not_found(who: &SignedIn) -> Response {
    shell(who).not_found(super::FACE.absent)
}

/// The answer to a form that was not drawn by us for this session, or that is older than the last start.
pub(super) fn stale_form(who: &SignedIn) -> Response {
    shell(who).stale_form()
}

/// The same after a form of a room that only somebody fresh may send: they show who they are, and come back to it.
pub(super) fn trouble_in(who: &SignedIn, room: Link<'_>, trouble: &Trouble) -> Response {
    if trouble.asks_for_verification() {
        return who.portal.door.verification(room.href);
    }
    self::trouble(who, trouble)
}

/// What is not for this person does not exist; what broke has a number.
pub(super) fn trouble(who: &SignedIn, trouble: &Trouble) -> Response {
    if trouble.is_not_found() {
        return not_found(who);
    }
    broken(who, trouble)
}

/// Ours to mend; the number helps whoever looks for the cause.
pub(super) fn broken(who: &SignedIn, fault: &(dyn std::error::Error + 'static)) -> Response {
    shell(who).broken(&super::incident(&who.portal.house, fault))
}

/// Says that what a form asked for was done.
pub(super) fn done(says: &str) -> Markup {
    ui::alert(Weight::Done, says, &html! {})
}

/// What people see who may look, but not change.
pub(super) fn only_admins() -> Markup {
    let words = html! { p { "An administrator of your company can change what is on this page." } };
    ui::alert(Weight::Info, "You can look, but not change", &words)
}
