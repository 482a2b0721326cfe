//! The frame of every page: rooms, who is signed in, and whether this is a place for tests.

use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};
use pipeline::Trouble;
use ui::{Link, Weight};
use web::frame::{self, Frame, Inside};

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

const ROOMS: [Link<'static>; 8] = [HOME, REPORTS, NEW_REPORT, QUALITY, CREDENTIALS, CONTACTS, PROFILE, HELP];

pub(super) fn frame(is_test: bool) -> Frame<'static> {
    let (site, profile_note) = if is_test {
        ("Clearinghouse for providers (test)", "Test environment: what is sent here must be invented.")
    } else {
        ("Clearinghouse for providers (live)", "Live environment: a report that is filed here is a report.")
    };
    Frame { site, rooms: &ROOMS, banner: is_test.then(test_band), profile_note }
}

/// The band of a place for tests. It is words first; the colour repeats them.
fn test_band() -> Markup {
    html! {
        section .house-test aria-label="Environment" {
            "TEST. Nothing that is sent here reaches law enforcement. Send invented data only."
        }
    }
}

/// A page of a room.
pub(super) fn page(who: &SignedIn, room: Link<'_>, title: &str, main: &Markup) -> Response {
    draw(StatusCode::OK, who, Some(room), title, None, main)
}

/// A page that answers a form which was not accepted.
pub(super) fn refused(who: &SignedIn, room: Link<'_>, title: &str, main: &Markup) -> Response {
    draw(StatusCode::UNPROCESSABLE_ENTITY, who, Some(room), title, None, main)
}

/// A page below a room.
pub(super) fn below(
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
    let (name, of) = (&who.member.person_name, &who.member.provider_name);
    let person = frame::signed_in(name, of, "/provider", &who.visit);
    let inside =
        Inside { title, current: room.map(|room| room.href), person: Some(person), trail, modules: &[] };
    frame(who.portal.is_test).inside(status, inside, main)
}

/// A page for somebody who is not signed in.
pub(super) fn outside(status: StatusCode, portal: &Portal, title: &str, main: &Markup) -> Response {
    frame(portal.is_test).outside(status, title, &[], main)
}

/// What is not there, and what is another provider's, look the same.
pub(super) fn not_found(who: &SignedIn) -> Response {
    let says = "There is no such page, or it is not yours.";
    let main = frame::not_found(says, Link { href: REPORTS.href, label: "Go to your reports" });
    draw(StatusCode::NOT_FOUND, who, None, "Not found", None, &main)
}

/// The answer to a form that was not drawn by us for this session, or that is older than the last start.
pub(super) fn stale_form(who: &SignedIn) -> Response {
    let main = html! {
        h1 { "This form is out of date" }
        p { "Nothing was changed. Go back, load the page again, and send the form once more." }
        p { (HOME) }
    };
    draw(StatusCode::FORBIDDEN, who, None, "Form out of date", None, &main)
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
    let main = frame::broken(&super::incident(&who.portal.house, fault));
    draw(StatusCode::INTERNAL_SERVER_ERROR, who, None, "Something went wrong", None, &main)
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
