//! One report on its way between two agencies, as one of them sees it: the answer, or the taking back.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use domain::DeclineReason;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use ui::breadcrumb;
use workspace::transfers;

use crate::report::transfers::one as drawing;
use crate::report::transfers::{LINK, address};
use crate::report_page::refusal;
use crate::session::SignedIn;
use crate::shell;

/// `GET /agency/transfers/{transfer}`.
pub(super) async fn page(who: SignedIn, Path(id): Path<String>) -> Response {
    drawn(&who, id, &Said::default(), None).await
}

/// What a form says.
#[derive(Deserialize, Default)]
pub(super) struct Said {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    version: u32,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    words: String,
}

async fn drawn(who: &SignedIn, id: String, said: &Said, refused: Option<(StatusCode, &str)>) -> Response {
    let token = who.visit.token(&form(&id));
    match transfers::get(&who.agencies.house, &who.session.viewer, id).await {
        Ok(seen) => {
            let (agency_name, now) = (who.session.agency_name.as_str(), who.agencies.house.now());
            let reader = drawing::Reader { agency_name, token: &token, now };
            let said = drawing::Said { reason: &said.reason, words: &said.words };
            let main = drawing::main(&reader, &seen, &said, refused.map(|(_, says)| says));
            let (title, status) =
                (drawing::title(&seen), refused.map_or(StatusCode::OK, |(status, _)| status));
            shell::in_room(status, who, (LINK, &title), Some(breadcrumb(&[LINK], &title)), &main)
        }
        Err(trouble) => refusal(who, &trouble),
    }
}

fn form(id: &str) -> String {
    format!("transfer-{id}")
}

/// `POST /agency/transfers/{transfer}/{step}`.
pub(super) async fn step(
    who: SignedIn,
    Path((id, step)): Path<(String, String)>,
    headers: HeaderMap,
    Form(said): Form<Said>,
) -> Response {
    if !who.visit.may_post(&headers, &said.csrf, &form(&id)) {
        return shell::stale_form(&who);
    }
    let (house, viewer, seen) = (&who.agencies.house, &who.session.viewer, (id.clone(), said.version));
    let done = match step.as_str() {
        "accept" => transfers::accept(house, viewer, seen).await.map(drop),
        "withdraw" => transfers::withdraw(house, viewer, seen).await,
        "decline" => match said.reason.parse::<DeclineReason>() {
            Ok(reason) => {
                let words = said.words.trim().to_owned();
                transfers::decline(house, viewer, seen, (reason, words)).await
            }
            Err(_) => {
                let says = "Say why you do not take it.";
                return drawn(&who, id, &said, Some((StatusCode::UNPROCESSABLE_ENTITY, says))).await;
            }
        },
        _ => return shell::not_found(&who),
    };
    match done {
        Ok(()) => web::redirect(&address(&id)),
        Err(trouble) => {
            let says = match trouble.refusal().map(|refused| refused.code()) {
                Some("conflict" | "closed") => (StatusCode::CONFLICT, MEANWHILE),
                Some("unfit" | "destroyed") if step == "accept" => (StatusCode::GONE, GONE),
                Some("unfit") => (StatusCode::UNPROCESSABLE_ENTITY, "Write at most 2,000 letters."),
                Some("not-qualified") => (StatusCode::CONFLICT, NOT_QUALIFIED),
                _ => return refusal(&who, &trouble),
            };
            drawn(&who, id, &said, Some(says)).await
        }
    }
}

const MEANWHILE: &str = "Somebody answered it, took it back, or its time is over, since you opened the page. This is how it stands now.";
const GONE: &str = "The report is not kept any more: it was destroyed by rule.";
const NOT_QUALIFIED: &str =
    "Your agency may not receive reports now. The report stays where it is; ask the clearinghouse.";
