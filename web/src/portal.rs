//! What agencies and the clearinghouse have in common beside reports, the same pages in both faces: the directory, the library,
//! requests to the clearinghouse's analysts, and each person's own page about looking. Which side somebody is on follows from
//! whoever is signed in, and what may be done is decided below.

mod before;
mod directory;
mod library;
mod requests;
mod wellness;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, State};
use axum::response::Response;
use axum::routing::{get, post};
use domain::portal::RequestState;
use domain::{AgencyId, ReportId};
use http::StatusCode;
use maud::{Markup, html};
use office::{Home, House, Trouble};
use policy::Viewer;
use ui::{Link, Weight, alert};

use crate::door::{Admitted, Door, Inner};

pub(crate) use directory::asked;

pub use before::{classing, goes_on, known_by, looking, not_classed};

/// A form of these pages with every answer at its bound is smaller.
const MOST_FORM_BYTES: usize = 256 * 1024;
/// What stands around a file in its form.
const MOST_AROUND_BYTES: usize = 64 * 1024;

/// The fields of a form, in order; a name may come twice.
type Fields = Vec<(String, String)>;

/// Where the pages stand in their face.
#[derive(Debug)]
pub struct Room {
    /// The first page, with its name.
    pub link: Link<'static>,
    /// The trail to it; nothing where it is a room of its own.
    pub above: &'static [Link<'static>],
    /// Where a report is read in this face: what stands before its number, and behind it.
    pub report: (&'static str, &'static str),
    /// Whether documents are put into the library here.
    pub keeps_library: bool,
}

impl Room {
    /// A page below.
    fn path(&self, rest: &str) -> String {
        format!("{}{rest}", self.link.href)
    }

    fn report(&self, number: ReportId) -> String {
        format!("{}{number}{}", self.report.0, self.report.1)
    }
}

/// The pages of one face.
#[derive(Clone)]
pub struct Portal {
    door: Door,
    room: &'static Room,
}

impl FromRef<Portal> for Door {
    fn from_ref(portal: &Portal) -> Self {
        portal.door.clone()
    }
}

impl Portal {
    /// The pages behind a door.
    #[must_use]
    pub const fn new(door: Door, room: &'static Room) -> Self {
        Self { door, room }
    }

    /// All of them.
    pub fn routes(self) -> Router {
        let at = |path: &str| self.room.path(path);
        let pages = Router::new()
            .route(&at(""), get(page))
            .route(&at("/directory"), get(directory::page).post(directory::add))
            .route(&at("/directory/{contact}"), post(directory::step))
            .route(&at("/library/{document}/{version}"), get(library::take))
            .route(&at("/requests"), get(requests::page).post(requests::open))
            .route(&at("/requests/{request}"), get(requests::thread).post(requests::step))
            .route(&at("/wellness"), get(wellness::page).post(wellness::choose))
            .layer(DefaultBodyLimit::max(MOST_FORM_BYTES));
        let files = DefaultBodyLimit::max(workspace::library::MOST_BYTES + MOST_AROUND_BYTES);
        let library = if self.room.keeps_library {
            Router::new()
                .route(&at("/library"), get(library::page).post(library::add))
                .route(&at("/library/{document}"), get(library::document).post(library::follow))
                .route(&at("/library/{document}/withdraw"), post(library::withdraw))
                .layer(files)
        } else {
            Router::new()
                .route(&at("/library"), get(library::page))
                .route(&at("/library/{document}"), get(library::document))
        };
        pages.merge(library).with_state(self)
    }

    fn house(&self) -> &House {
        &self.door.house
    }

    fn viewer(&self, who: &Admitted) -> Viewer {
        who.somebody.viewer(self.house())
    }

    /// A page below the first one.
    async fn below(
        &self,
        status: StatusCode,
        who: &Admitted,
        above: &[Link<'_>],
        (title, main): (&str, &Markup),
    ) -> Response {
        let Room { link, above: rooms, .. } = self.room;
        let trail: Vec<Link<'_>> =
            rooms.iter().copied().chain([*link]).chain(above.iter().copied()).collect();
        self.drawn(status, who, title, Some(ui::breadcrumb(&trail, title)), main).await
    }

    async fn drawn(
        &self,
        status: StatusCode,
        who: &Admitted,
        title: &str,
        trail: Option<Markup>,
        main: &Markup,
    ) -> Response {
        let current = Some(self.room.above.first().map_or(self.room.link.href, |room| room.href));
        self.door.inner(status, who, Inner { title, current, trail }, main).await
    }

    /// What is not theirs does not exist; what broke has a number.
    async fn away(&self, who: &Admitted, trouble: &Trouble) -> Response {
        if trouble.is_not_found() { self.not_found(who).await } else { self.door.broken(trouble) }
    }

    async fn not_found(&self, who: &Admitted) -> Response {
        let main = crate::frame::not_found(self.door.face.absent, self.door.face.home);
        self.drawn(StatusCode::NOT_FOUND, who, "Not found", None, &main).await
    }

    async fn stale(&self, who: &Admitted) -> Response {
        let main = crate::frame::stale_form(self.room.link);
        self.drawn(StatusCode::FORBIDDEN, who, "Form out of date", None, &main).await
    }
}

/// `GET …`: what waits for whoever asks, and where everything is.
async fn page(State(portal): State<Portal>, who: Admitted) -> Response {
    let (house, viewer) = (portal.house(), portal.viewer(&who));
    let found = async {
        let contacts = workspace::directory::own(house, &viewer).await?;
        let stale = workspace::directory::unconfirmed(house, &viewer).await?;
        let open = workspace::requests::list(house, &viewer, false).await?;
        let documents = workspace::library::list(house, &viewer).await?;
        Ok::<_, Trouble>((contacts, stale, open, documents))
    };
    let (contacts, stale, open, documents) = match found.await {
        Ok(found) => found,
        Err(trouble) => return portal.away(&who, &trouble).await,
    };
    let keeps = workspace::directory::keeps(&viewer);
    let ours =
        if viewer.agency.is_some() { RequestState::WaitsForAgency } else { RequestState::WaitsForHouse };
    let waiting = open.iter().filter(|one| one.state == ours).count();
    let newest = documents.first().map(|newest| newest.added_at);
    let card = |path: &str, label: &str, says: Markup| {
        let href = portal.room.path(path);
        html! { li { h2 { (Link { href: &href, label }) } p { (says) } } }
    };
    let main = html! {
        h1 { (portal.room.link.label) }
        @if stale > 0 { (directory::asked(&portal.room.path("/directory"), stale)) }
        @if keeps && contacts.is_empty() { (nobody_yet(portal.room)) }
        ul .house-cards {
            (card("/directory", "Directory", html! { "Whom to call, at every agency and at the clearinghouse." }))
            (card("/library", "Library", html! {
                "Documents and training material. "
                @match newest { Some(at) => { "The newest came " (crate::moment(at)) "." } None => { "Nothing stands in it yet." } }
            }))
            (card("/requests", "Requests", html! {
                "Questions to the clearinghouse's analysts, with their answers. "
                @match waiting { 0 => "None waits for your side.", 1 => "1 waits for your side.", many => { (many) " wait for your side." } }
            }))
            @if viewing::permission::may_look(&viewer) {
                (card("/wellness", "Looking", html! { "What you were shown lately, your soft limits, and what you do not want to be shown." }))
            }
        }
    };
    let trail =
        (!portal.room.above.is_empty()).then(|| ui::breadcrumb(portal.room.above, portal.room.link.label));
    portal.drawn(StatusCode::OK, &who, portal.room.link.label, trail, &main).await
}

fn nobody_yet(room: &Room) -> Markup {
    let href = room.path("/directory");
    let says = html! { p { "Nobody can look up whom to call here. " (Link { href: &href, label: "Say whom" }) "." } };
    alert(Weight::Info, "The directory has no contact of yours", &says)
}

/// Says that nothing was changed, why, and what was written, so that nothing of it is lost.
fn not_done(says: &str, wrote: &str) -> Markup {
    alert(
        Weight::Error,
        "Nothing was changed",
        &html! {
            p { (says) }
            @if !wrote.is_empty() { p { "You wrote:" } p .house-words { (ui::text(wrote)) } }
        },
    )
}

/// The answer to one question of a form; nothing where there is none.
fn said<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(one, _)| one == name).map_or("", |(_, answer)| answer.trim())
}

/// The version that a form was made from; 0 is never one.
fn version(fields: &Fields) -> u32 {
    said(fields, "version").parse().unwrap_or(0)
}

/// Whether it can be the name of a contact or a document.
fn is_name(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a thing is of the home of whoever asks.
fn is_own(who: &Admitted, agency: Option<&AgencyId>) -> bool {
    match &who.somebody.person.home {
        Home::House => agency.is_none(),
        Home::Agency(own) => agency == Some(own),
        Home::Provider(_) => false,
    }
}
