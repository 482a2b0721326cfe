//! The pages of a provider under `/provider`: own reports and receipts, credentials, contacts, profile, quality, a form
//! to report by hand, and the documentation. A handler takes, asks `pipeline`, and shows; every page works without a
//! script. Another provider's things do not exist here.

mod contacts;
mod credentials;
mod form;
mod help;
mod home;
mod profile;
mod quality;
mod receipt;
mod report;
mod reports;
mod requests;
mod session;
mod shell;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use cybertip::Profile as Schema;
use office::courier::Courier;
use office::outside::Ways;
use pipeline::House;
use web::FormKey;
use web::door::{Door, Face, Privileged, StepUp};
use web::people::{People, Room};

/// What every handler of these pages holds.
#[derive(Clone)]
pub struct Portal {
    house: House,
    door: Door,
    schema: Schema,
    is_test: bool,
    courier: Arc<dyn Courier>,
}

impl Portal {
    /// The pages of `house`, whose intake enforces `schema`; `forms` makes the tokens of its forms, `courier` takes letters to
    /// people.
    #[must_use]
    pub fn new(house: House, forms: FormKey, schema: Schema, courier: Arc<dyn Courier>) -> Self {
        let is_test = house.profile() == domain::Profile::SyntheticDemo;
        let door = Door::new(house.clone(), Arc::new(forms), &FACE, shell::frame(is_test));
        Self { house, door, schema, is_test, courier }
    }

    /// The same, with ways in besides keys.
    #[must_use]
    pub fn entered_by(self, ways: Arc<Ways>) -> Self {
        Self { door: self.door.with(ways), ..self }
    }
}

/// What takes a check of one's key that is no older than five minutes.
pub const PRIVILEGED: &[Privileged] = &[
    Privileged::post("/provider/credentials/*", StepUp::Administer),
    Privileged::post("/provider/people/*", StepUp::Administer),
];

/// Where a provider's administrator keeps its people.
static PEOPLE: Room = Room { link: shell::PEOPLE, above: &[], house: None, keys: None };

/// Whose door it is. Its banner says where content may go.
static FACE: Face = Face {
    prefix: "/provider",
    rooms: &["/provider"],
    whose: "providers",
    more: &[
        "Your company may give the content of a report only to law-enforcement agencies that the law names, to this \
         clearinghouse, or to answer legal process, as 18 USC 2258A(g)(4) and 2702(b) allow.",
        "You see what your company sent, and nothing of any other company.",
    ],
    absent: "There is no such page, or it is not yours.",
    home: shell::HOME,
    privileged: PRIVILEGED,
    finds: shell::rooms,
    people: shell::PEOPLE.href,
    fits: |home| home.provider().is_some(),
};

/// All pages. They load [`web::assets`], which the binary serves beside every face.
pub fn router(portal: Portal) -> Router {
    let pages = Router::new()
        .route("/provider", get(home::page))
        .route("/provider/reports", get(reports::page))
        .route("/provider/reports/{report}", get(report::page))
        .route("/provider/reports/{report}/receipt.json", get(receipt::json))
        .route("/provider/reports/{report}/receipt.xml", get(receipt::xml))
        .route("/provider/reports/{report}/receipt.pdf", get(receipt::pdf))
        .route("/provider/contacts", get(contacts::page).post(contacts::save))
        .route("/provider/credentials", get(credentials::page))
        .route("/provider/credentials/new", post(credentials::add))
        .route("/provider/credentials/{credential}/rotate", post(credentials::rotate))
        .route("/provider/credentials/{credential}/revoke", post(credentials::revoke))
        .route("/provider/requests", get(requests::page))
        .route("/provider/requests/{request}", post(requests::acknowledge))
        .route("/provider/quality", get(quality::page))
        .route("/provider/profile", get(profile::page).post(profile::save))
        .route("/provider/profile/submit", post(profile::submit))
        .merge(form::routes())
        .merge(help::routes())
        .layer(DefaultBodyLimit::max(MOST_FORM_BYTES))
        .merge(form::file_routes())
        .with_state(portal.clone())
        .merge(People::new(portal.door.clone(), portal.courier.clone(), &PEOPLE).routes());
    web::secure(portal.door.around(pages), web::Surface::Pages)
}

/// A form of ours with every answer at its bound is smaller.
const MOST_FORM_BYTES: usize = 1 << 20;

/// Logs a fault of ours once, under a number that the caller is told.
fn incident(house: &House, fault: &(dyn std::error::Error + 'static)) -> String {
    let number = pipeline::request_number(house);
    tracing::error!(incident = number, error = fault, "a provider's page failed");
    number
}
