//! The face for the clearinghouse's own people: the desk, administration and oversight. A page is one file with its
//! `routes`, one line in [`router`] and one line in the index of its room. Deliberately absent: rows, decisions, bytes of files:
//! a picture that somebody asked for is served by another origin.

mod admin;
mod desk;
mod index;
mod oversight;
mod session;
mod shell;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use domain::Profile;
use office::courier::Courier;
use office::outside::Ways;
use office::{Home, House};
use web::FormKey;
use web::door::{Door, Face, Privileged, StepUp};
use web::people::People;
use web::portal::Portal;

/// What every handler of this face holds.
#[derive(Clone)]
pub struct Staff {
    house: House,
    door: Door,
    courier: Arc<dyn Courier>,
    /// Where pictures are served; without it none can be asked for.
    media: Option<Arc<str>>,
}

/// What takes a check of one's key that is no older than five minutes: the way to a look, the word by which a report goes to
/// another agency, every form of administration and of oversight, and what is taken away from there.
pub const PRIVILEGED: &[Privileged] = &[
    Privileged::post("/desk/reports/{report}/files/{position}/look", StepUp::Media),
    Privileged::post("/desk/reports/{report}/files/counsel", StepUp::Media),
    Privileged::post("/desk/returned/*", StepUp::Disclose),
    Privileged::post("/desk/foreign-requests/{report}/forward", StepUp::Disclose),
    Privileged::post("/admin/*", StepUp::Administer),
    Privileged::post("/oversight/destructions/*", StepUp::Destroy),
    Privileged::post("/oversight/retention/*", StepUp::Destroy),
    Privileged::post("/oversight/ledger/*", StepUp::Export),
    Privileged::post("/oversight/*", StepUp::Administer),
    Privileged::get("/oversight/destructions/{destruction}/certificate.json", StepUp::Export),
    Privileged::get("/oversight/destructions/{destruction}/certificate.pdf", StepUp::Export),
];

/// Whose door it is.
static FACE: Face = Face {
    prefix: shell::DESK.href,
    rooms: &[shell::DESK.href, shell::ADMIN.href, shell::OVERSIGHT.href],
    whose: "the people of this clearinghouse",
    more: &["Open only what your work needs. Nobody looks at a file without a recorded ground."],
    absent: "There is no such page, or it is not for your role.",
    home: shell::DESK,
    privileged: PRIVILEGED,
    finds: |_| shell::ROOMS,
    people: admin::people::LINK.href,
    fits: |home| matches!(home, Home::House),
};

impl Staff {
    /// The face of `house`; `forms` makes the tokens of its forms, `courier` takes letters to people.
    #[must_use]
    pub fn new(house: House, forms: FormKey, courier: Arc<dyn Courier>) -> Self {
        let frame = shell::frame(profile_note(&house));
        let door = Door::new(house.clone(), Arc::new(forms), &FACE, frame);
        Self { house, door, courier, media: None }
    }

    /// The same face, whose pages show pictures from this origin.
    #[must_use]
    pub fn showing(self, origin: &str) -> Self {
        Self { media: Some(origin.into()), ..self }
    }

    /// The same, with ways in besides keys.
    #[must_use]
    pub fn entered_by(self, ways: Arc<Ways>) -> Self {
        Self { door: self.door.with(ways), ..self }
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

/// All pages. They load [`web::assets`], which the binary serves beside every face.
pub fn router(staff: Staff) -> Router {
    let pages = Router::new()
        .merge(desk::routes())
        .merge(admin::routes())
        .merge(oversight::routes())
        .layer(DefaultBodyLimit::max(MOST_FORM_BYTES))
        .with_state(staff.clone())
        .merge(People::new(staff.door.clone(), staff.courier.clone(), &admin::people::ROOM).routes())
        .merge(Portal::new(staff.door.clone(), &desk::PORTAL).routes());
    web::secure(staff.door.around(pages), web::Surface::Pages)
}

/// A form of ours with every answer at its bound is smaller.
const MOST_FORM_BYTES: usize = 256 * 1024;

/// Logs a fault of ours once, under a number that the caller is told.
fn incident(house: &House, fault: &(dyn std::error::Error + 'static)) -> String {
    let number = office::request_number(house);
    tracing::error!(incident = number, error = fault, "a page of the staff failed");
    number
}
