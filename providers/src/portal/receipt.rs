//! The receipt for people: the same three files that `/provider/v1` gives to clients, within a session.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use domain::ReportId;
use http::{HeaderValue, StatusCode, header};
use maud::html;
use pipeline::provider::{self, NoReceipt, SignedReceipt};

use super::session::SignedIn;
use super::shell::{self, REPORTS};

/// `GET /provider/reports/{report}/receipt.json`.
pub(super) async fn json(who: SignedIn, Path(number): Path<String>) -> Response {
    answer(&who, &number, "json", "application/json").await
}

/// `GET /provider/reports/{report}/receipt.xml`.
pub(super) async fn xml(who: SignedIn, Path(number): Path<String>) -> Response {
    answer(&who, &number, "xml", "application/xml").await
}

/// `GET /provider/reports/{report}/receipt.pdf`.
pub(super) async fn pdf(who: SignedIn, Path(number): Path<String>) -> Response {
    answer(&who, &number, "pdf", "application/pdf").await
}

async fn answer(who: &SignedIn, number: &str, ending: &'static str, kind: &'static str) -> Response {
    let Ok(number) = number.parse::<ReportId>() else { return shell::not_found(who) };
    match provider::receipt(&who.portal.house, &who.viewer, number).await {
        Ok(receipt) => written(who, receipt, ending, kind).await,
        Err(NoReceipt::Trouble(trouble)) => shell::trouble(who, &trouble),
        Err(NoReceipt::NotFinished) => {
            missing(who, number, "There is a receipt once the report is finished.")
        }
        Err(NoReceipt::Destroyed) => {
            missing(who, number, "The report was destroyed by rule, and its receipt with it.")
        }
        Err(NoReceipt::NotYet) => missing(who, number, "The receipt is being made. Try again in a moment."),
        Err(fault @ NoReceipt::Broken(_)) => shell::broken(who, &fault),
    }
}

fn missing(who: &SignedIn, number: ReportId, says: &str) -> Response {
    let title = format!("Receipt of report {number}");
    let main = html! { h1 { (title) } p { (says) } };
    shell::below(StatusCode::CONFLICT, who, &[REPORTS], &title, &main)
}

/// Pages of a large report take a while, so they are set on a thread that may.
async fn written(
    who: &SignedIn,
    receipt: SignedReceipt,
    ending: &'static str,
    kind: &'static str,
) -> Response {
    let name = format!("attachment; filename=\"{}.{ending}\"", receipt.name());
    let set = tokio::task::spawn_blocking(move || match ending {
        "json" => Ok(receipt.to_json()),
        "xml" => Ok(receipt.to_xml().into_bytes()),
        _ => receipt.to_pdf(),
    });
    let bytes = match set.await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(fault)) => return shell::broken(who, &fault),
        Err(stopped) => return shell::broken(who, &stopped),
    };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
