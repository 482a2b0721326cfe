//! The face for law-enforcement agencies: sign-in behind the use banner, inbox, report page, package; grounds, and the
//! asking for a look at a file, whose picture another origin serves. A handler takes, asks `pipeline` or `viewing`, and
//! shows. Deliberately absent: bytes of files outside a package, and anything that was not made available to the viewer's
//! agency, which is answered as if it did not exist; and the API of agencies' own systems, which is a crate of its own.

mod allowed;
mod cases;
mod certificate;
mod court;
mod document;
mod download;
mod figures;
mod file_page;
mod imports;
mod inbox;
mod keeping;
mod keys;
mod letter;
mod managers;
mod media_page;
mod notify;
mod related;
mod reminders;
mod report_page;
mod session;
mod shell;
mod transfers;
mod viewing_page;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use domain::Profile;
use dossierpage::{self as report, show};
use office::courier::Courier;
use office::outside::Ways;
use pipeline::certificate::Build;
use pipeline::{House, Tools};
use web::FormKey;
use web::door::{Door, Face, Privileged, StepUp};
use web::people::{People, Room};
use web::portal::{self, Portal};

/// What every handler of this face holds.
#[derive(Clone)]
pub struct Agencies {
    house: House,
    door: Door,
    /// The program, for the certificates that it makes.
    build: Build,
    /// Where pictures are served; without it none can be asked for.
    media: Option<Arc<str>>,
    courier: Arc<dyn Courier>,
    /// The tables of today; without them a page shows what they said when a report came.
    tools: Option<Tools>,
    /// Where webhooks may lead.
    reach: herald::Reach,
}

/// What takes a check of one's key that is no older than five minutes. Taking what another agency offers is not on it: whoever
/// offered it was asked, nobody else has it by its being taken, and a night shift takes what cannot wait. Nor is giving a report
/// back: where it goes from there, rules decide, or the desk, which is asked.
pub const PRIVILEGED: &[Privileged] = &[
    Privileged::post("/agency/reports/{report}/files/{position}/look", StepUp::Media),
    Privileged::post("/agency/reports/{report}/files/{position}/grounds/*", StepUp::Media),
    Privileged::post("/agency/cases/{case}/process/*", StepUp::Media),
    Privileged::post("/agency/reports/{report}/viewings", StepUp::Media),
    Privileged::post("/agency/media/*", StepUp::Media),
    Privileged::post("/agency/reports/{report}/package", StepUp::Export),
    Privileged::post("/agency/reports/{report}/document", StepUp::Export),
    Privileged::post("/agency/reports/{report}/court", StepUp::Export),
    Privileged::post("/agency/reports/{report}/preservation", StepUp::Export),
    Privileged::post("/agency/reports/{report}/certificate", StepUp::Export),
    Privileged::post("/agency/reports/{report}/hand-on", StepUp::Disclose),
    Privileged::post("/agency/cases/{case}/entries/{entry}/pass-on", StepUp::Export),
    Privileged::post("/agency/imports/{set}/remove", StepUp::Destroy),
    Privileged::post("/agency/reports/{report}/keeping/*", StepUp::Destroy),
    Privileged::post("/agency/keys/*", StepUp::Administer),
    Privileged::post("/agency/people/*", StepUp::Administer),
    Privileged::post("/agency/notify/webhooks/*", StepUp::Administer),
];

/// Where an agency's commander keeps its people.
static PEOPLE: Room = Room { link: shell::PEOPLE, above: &[], house: None, keys: Some(shell::KEYS.href) };

/// What the agency has in common with the clearinghouse beside reports.
static COMMON: portal::Room =
    portal::Room { link: shell::PORTAL, above: &[], report: ("/agency/reports/", ""), keeps_library: false };

/// Whose door it is.
static FACE: Face = Face {
    prefix: "/agency",
    rooms: &["/agency"],
    whose: "law-enforcement agencies",
    more: &[],
    absent: "There is no such page, or it was not made available to your agency.",
    home: shell::INBOX,
    privileged: PRIVILEGED,
    finds: shell::rooms,
    people: shell::PEOPLE.href,
    fits: |home| home.agency().is_some(),
};

impl Agencies {
    /// The face of `house`; `forms` makes the tokens of its forms, `courier` takes letters to people.
    #[must_use]
    pub fn new(house: House, forms: FormKey, courier: Arc<dyn Courier>) -> Self {
        let frame = shell::frame(profile_note(&house), shell::EVERYBODY);
        let door = Door::new(house.clone(), Arc::new(forms), &FACE, frame);
        let build = Build { version: env!("CARGO_PKG_VERSION").to_owned(), sha256: None };
        let reach = herald::Reach::default();
        Self { house, door, build, media: None, courier, tools: None, reach }
    }

    /// The same, with ways in besides keys.
    #[must_use]
    pub fn entered_by(self, ways: Arc<Ways>) -> Self {
        Self { door: self.door.with(ways), ..self }
    }

    /// The same, by a program that knows its own digest.
    #[must_use]
    pub fn built(self, build: Build) -> Self {
        Self { build, ..self }
    }

    /// The same face, whose pages say what these tables say today.
    #[must_use]
    pub fn looking_up_in(self, tools: Option<Tools>) -> Self {
        Self { tools, ..self }
    }

    /// The same, whose webhooks may lead within `reach`.
    #[must_use]
    pub fn reaching(self, reach: herald::Reach) -> Self {
        Self { reach, ..self }
    }

    /// The same face, whose pages show pictures from this origin.
    #[must_use]
    pub fn showing(self, origin: &str) -> Self {
        Self { media: Some(origin.into()), ..self }
    }
}

/// What the foot of every page says about this installation.
fn profile_note(house: &House) -> &'static str {
    match house.profile() {
        Profile::SyntheticDemo => "Synthetic demo: every report, person and address here is invented.",
        Profile::Ncmec => "Operated under 18 USC 2258A.",
        Profile::LawEnforcement => "Operated by a law-enforcement agency.",
        Profile::Hotline => "Operated by a hotline under its country's law.",
    }
}

/// The pages of this face. They load [`web::assets`], which the binary serves beside every face.
pub fn router(agencies: Agencies) -> Router {
    let pages = Router::new()
        .route("/agency/reminders", get(reminders::page))
        .route("/agency/reports/{report}", get(report_page::page))
        .route("/agency/reports/{report}/package", post(report_page::package))
        .route("/agency/reports/{report}/document", post(document::take))
        .route("/agency/reports/{report}/court", post(court::take))
        .route("/agency/reports/{report}/preservation", get(letter::page).post(letter::take))
        .route(figures::LINK.href, get(figures::page))
        .route("/agency/imports", get(imports::page).post(imports::bring).layer(DefaultBodyLimit::disable()))
        .route("/agency/imports/{set}/remove", post(imports::remove))
        .route("/agency/reports/{report}/keeping", get(keeping::page))
        .route("/agency/reports/{report}/keeping/hold", post(keeping::hold))
        .route("/agency/reports/{report}/keeping/release/{hold}", post(keeping::release))
        .route("/agency/reports/{report}/keeping/destroy", post(keeping::destroy))
        .route("/agency/reports/{report}/keeping/relay", post(keeping::relay))
        .route("/agency/reports/{report}/keeping/letter", post(keeping::letter))
        .route("/agency/reports/{report}/keeping/renew/{letter}", post(keeping::renew))
        .route("/agency/reports/{report}/certificate", post(certificate::make))
        .route("/agency/keys", get(keys::page).post(keys::register))
        .route("/agency/keys/{key}/revoke", post(keys::revoke))
        .route("/agency/reports/{report}/files/{position}", get(file_page::page))
        .route("/agency/reports/{report}/files/{position}/grounds", post(file_page::record))
        .route("/agency/reports/{report}/files/{position}/grounds/{ground}/confirm", post(file_page::confirm))
        .route("/agency/reports/{report}/files/{position}/grounds/{ground}/revoke", post(file_page::revoke))
        .route("/agency/reports/{report}/files/{position}/look", post(file_page::look))
        .route("/agency/reports/{report}/files/{position}/close", post(file_page::close))
        .route("/agency/reports/{report}/files/{position}/class", post(file_page::class))
        .route("/agency/reports/{report}/viewings", get(viewing_page::page).post(viewing_page::record))
        .route("/agency/reports/{report}/viewings/marks", post(viewing_page::mark))
        .route(managers::LINK.href, get(managers::page))
        .route("/agency/managers/notices/{notice}", post(managers::acknowledge))
        .route(media_page::LINK.href, get(media_page::page))
        .route("/agency/media/statements/{file}", get(media_page::statement))
        .route("/agency/media/grant", post(media_page::grant))
        .route("/agency/media/revoke", post(media_page::revoke))
        .merge(inbox::routes())
        .merge(cases::routes())
        .merge(related::routes())
        .merge(transfers::routes())
        .merge(notify::routes())
        .with_state(agencies.clone())
        .merge(People::new(agencies.door.clone(), agencies.courier.clone(), &PEOPLE).routes())
        .merge(Portal::new(agencies.door.clone(), &COMMON).routes());
    let pages = agencies.door.around(pages);
    web::secure(pages, web::Surface::Pages)
}

/// Logs a fault of ours once, under a number that the caller is told.
fn incident(house: &House, fault: &(dyn std::error::Error + 'static)) -> String {
    let number = pipeline::request_number(house);
    tracing::error!(incident = number, error = fault, "an agency's request failed");
    number
}
