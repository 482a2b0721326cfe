//! The two endpoints that close a report. Both take a form with `id`, multipart or urlencoded: clients are split.

use axum::RequestExt as _;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use cybertip::response::ResponseCode;
use domain::ReportId;
use pipeline::intake;
use web::fields::media_type;
use web::multipart::Multipart;

use super::answer::{self, Answer};
use super::body;
use super::{Caller, Provider, login, quality};

/// A form that only carries a number is never longer.
const MOST_FORM_BYTES: usize = 64 << 10;

/// `POST /finish`: files the report. The answer is given when everything is durable.
pub(super) async fn finish(State(provider): State<Provider>, request: Request) -> Response {
    let login = match login(&provider, Caller::of(&request)).await {
        Err(refused) => return refused,
        Ok(login) => login,
    };
    let report = match report_id(request).await {
        Err(refused) => return refused.send(&provider),
        Ok(report) => report,
    };
    match intake::finish_and_judge(&provider.house, &login, report, pipeline::RuleSet::in_force()).await {
        Ok(filed) => quality::tell(answer::done(report, &filed.files), report, filed.quality.as_ref()),
        Err(refused) => Answer::refused(refused).report(report).send_finish_error(&provider),
    }
}

/// `POST /retract`: withdraws an open report. Clients use it as an oracle after a crash, so 0, 5102 and 5001 are exact.
pub(super) async fn retract(State(provider): State<Provider>, request: Request) -> Response {
    let login = match login(&provider, Caller::of(&request)).await {
        Err(refused) => return refused,
        Ok(login) => login,
    };
    let report = match report_id(request).await {
        Err(refused) => return refused.send(&provider),
        Ok(report) => report,
    };
    match intake::retract(&provider.house, &login, report).await {
        Ok(()) => Answer::success().report(report).send(&provider),
        Err(refused) => Answer::refused(refused).report(report).send(&provider),
    }
}

async fn report_id(request: Request) -> Result<ReportId, Answer> {
    let (kind, _) = media_type(request.headers()).unwrap_or_default();
    let given = match kind.as_str() {
        "application/x-www-form-urlencoded" => from_urlencoded(request).await?,
        "multipart/form-data" => from_multipart(request).await?,
        _ => {
            return Err(Answer::refusal(ResponseCode::InvalidRequest)
                .says("Invalid request: send a form with id, urlencoded or multipart"));
        }
    };
    parse(given.as_deref())
}

/// A report id out of a form field.
pub(super) fn parse(given: Option<&str>) -> Result<ReportId, Answer> {
    let refusal = |says: &str| Answer::refusal(ResponseCode::InvalidRequest).says(says);
    let text = given.ok_or_else(|| refusal("Invalid request: the form has no id"))?;
    text.trim().parse().map_err(|_| refusal("Invalid request: id must be a report id, in digits"))
}

async fn from_urlencoded(request: Request) -> Result<Option<String>, Answer> {
    let broken =
        || Answer::refusal(ResponseCode::InvalidRequest).says("Invalid request: the form could not be read");
    let bytes = body::read(request.into_body(), MOST_FORM_BYTES).await.map_err(|_| broken())?;
    let text = std::str::from_utf8(&bytes).map_err(|_| broken())?;
    let id = text.split('&').filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == "id");
    // Digits need no percent-decoding; what is encoded is not a report id.
    Ok(id.map(|(_, value)| value.to_owned()))
}

async fn from_multipart(request: Request) -> Result<Option<String>, Answer> {
    let broken = || {
        Answer::refusal(ResponseCode::InvalidRequest).says("Invalid request: the multipart form is broken")
    };
    let (parts, body) = request.into_parts();
    let bytes = body::read(body, MOST_FORM_BYTES).await.map_err(|_| broken())?;
    let request = Request::from_parts(parts, Body::from(bytes));
    let mut form: Multipart = request.extract().await.map_err(|_| broken())?;
    while let Some(part) = form.next_part().await.map_err(|_| broken())? {
        if part.head().name() == Some("id") {
            return part.words(MOST_FORM_BYTES).await.map(Some).map_err(|_| broken());
        }
    }
    Ok(None)
}
