//! Reports that go from one agency to another, and back to the clearinghouse: what waits for an answer, what was handed on,
//! and who holds a report. `dossierpage::transfers` draws them.

mod hand_on;
mod one;

use axum::response::Response;
use axum::routing::{get, post};
use domain::ReportId;
use http::StatusCode;
use maud::{Markup, html};
use workspace::{Trouble, given_back, transfers};

use crate::report::transfers::hand_on::{Form, Said};
use crate::report::transfers::{self as drawing, part};
use crate::report_page::refusal;
use crate::session::SignedIn;
use crate::{Agencies, shell};

pub(crate) use drawing::LINK;

/// The routes of this room.
pub(crate) fn routes() -> axum::Router<Agencies> {
    axum::Router::new()
        .route(LINK.href, get(list))
        .route("/agency/transfers/{transfer}", get(one::page))
        .route("/agency/transfers/{transfer}/{step}", post(one::step))
        .route("/agency/reports/{report}/hand-on", get(hand_on::page).post(hand_on::offer))
        .route("/agency/reports/{report}/not-ours", post(hand_on::give_back))
}

/// `GET /agency/transfers`.
async fn list(who: SignedIn) -> Response {
    match transfers::list(&who.agencies.house, &who.session.viewer).await {
        Ok((incoming, outgoing)) => {
            let main = drawing::list(&incoming, &outgoing, who.agencies.house.now());
            shell::in_room(StatusCode::OK, &who, (LINK, LINK.label), None, &main)
        }
        Err(trouble) => refusal(&who, &trouble),
    }
}

/// The part of a report's page; nothing for whoever has no part in handing reports on.
///
/// # Errors
/// A fault.
pub(crate) async fn section(who: &SignedIn, report: ReportId, version: u32) -> Result<Markup, Trouble> {
    let (house, viewer) = (&who.agencies.house, &who.session.viewer);
    let (all, holder) = match transfers::of_report(house, viewer, report).await {
        Ok(found) => found,
        Err(trouble) if trouble.is_not_found() => return Ok(html! {}),
        Err(trouble) => return Err(trouble),
    };
    let returned = given_back::of_report(house, viewer, report).await?;
    let (token, said) = (who.visit.token(&hand_on::token(report)), Said::default());
    let form = Form { report, version, token: &token, said: &said };
    Ok(part::main(&form, &part::Way { all, holder, returned }, house.now()))
}
