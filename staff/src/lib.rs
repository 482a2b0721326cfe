//! The face for the clearinghouse's own people: the desk, administration and oversight. A page is one file with its
//! `routes`, one line in [`router`] and one line in the index of its room. Deliberately absent: rows, decisions, media.

mod admin;
mod desk;
mod index;
mod oversight;
mod session;
mod shell;
mod sign_in;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::any;
use domain::Profile;
use office::House;
use web::FormKey;

/// What every handler of this face holds.
#[derive(Clone)]
pub struct Staff {
    house: House,
    forms: Arc<FormKey>,
}

impl Staff {
    /// The face of `house`; `forms` makes the tokens of its forms.
    #[must_use]
    pub fn new(house: House, forms: FormKey) -> Self {
        Self { house, forms: Arc::new(forms) }
    }

    /// What the foot of every page says about this installation.
    fn profile_note(&self) -> &'static str {
        match self.house.profile() {
            Profile::SyntheticDemo => "Synthetic demo: every report, person and address here is invented.",
            Profile::Ncmec => "Operated under 18 USC 2258A.",
            Profile::LawEnforcement => "Operated by a law-enforcement agency.",
            Profile::Hotline => "Operated by a hotline under its country's law.",
        }
    }
}

/// All pages. They load [`web::assets`], which the binary serves beside every face.
pub fn router(staff: Staff) -> Router {
    let pages = Router::new()
        .merge(sign_in::routes())
        .merge(desk::routes())
        .merge(admin::routes())
        .merge(oversight::routes())
        .route("/desk/{*rest}", any(nowhere))
        .route("/admin/{*rest}", any(nowhere))
        .route("/oversight/{*rest}", any(nowhere))
        .layer(DefaultBodyLimit::max(MOST_FORM_BYTES))
        .with_state(staff);
    web::secure(pages, web::Surface::Pages)
}

/// A form of ours with every answer at its bound is smaller.
const MOST_FORM_BYTES: usize = 256 * 1024;

/// What is no page of ours.
async fn nowhere(who: session::SignedIn) -> Response {
    shell::not_found(&who)
}

/// Logs a fault of ours once, under a number that the caller is told.
fn incident(house: &House, fault: &(dyn std::error::Error + 'static)) -> String {
    let number = office::request_number(house);
    tracing::error!(incident = number, error = fault, "a page of the staff failed");
    number
}
