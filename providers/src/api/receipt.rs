//! The receipt in its three forms, and the keys with which anybody checks it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::ReportId;
use http::{HeaderMap, HeaderValue, header};
use pipeline::provider::{self, NoReceipt, ProviderViewer, SignedReceipt};
use web::{Problem, ProblemKind};

use super::{Asker, Number, internal, refusal};
use crate::ispws::Provider;

/// Range of media types in one `Accept` that are looked at.
const MOST_RANGES: usize = 32;

/// The forms, in the order in which they are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Xml,
    Pdf,
}

impl Form {
    const ALL: [Self; 3] = [Self::Json, Self::Xml, Self::Pdf];

    const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Xml => "application/xml",
            Self::Pdf => "application/pdf",
        }
    }

    const fn ending(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
            Self::Pdf => "pdf",
        }
    }

    /// The form that an `Accept` prefers; JSON when it says nothing, `None` when it wants none of ours.
    fn preferred(headers: &HeaderMap) -> Option<Self> {
        let given = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        let Some(given) = given.filter(|text| !text.trim().is_empty()) else { return Some(Self::Json) };
        let ranges: Vec<(&str, f32)> = given.split(',').take(MOST_RANGES).map(range).collect();
        let mut best = None;
        for form in Self::ALL {
            let weight = form.weight(&ranges);
            if weight > 0.0 && best.is_none_or(|(_, most)| weight > most) {
                best = Some((form, weight));
            }
        }
        best.map(|(form, _)| form)
    }

    /// The weight of the most exact range that has this form.
    fn weight(self, ranges: &[(&str, f32)]) -> f32 {
        let named = |wanted: &str| ranges.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let text = (self == Self::Xml).then(|| named("text/xml")).flatten();
        let found =
            named(self.media_type()).or(text).or_else(|| named("application/*")).or_else(|| named("*/*"));
        found.map_or(0.0, |(_, weight)| *weight)
    }
}

/// One range and its weight.
fn range(text: &str) -> (&str, f32) {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok());
    (name, weight.unwrap_or(0.0))
}

/// `GET /provider/v1/reports/{report}/receipt`, in the form that `Accept` prefers.
pub(super) async fn by_accept(
    State(face): State<Provider>,
    Asker(viewer): Asker,
    Number(report): Number,
    headers: HeaderMap,
) -> Response {
    match Form::preferred(&headers) {
        None => Problem::new(ProblemKind::NotAcceptable)
            .detail("a receipt is application/json, application/xml or application/pdf")
            .into_response(),
        Some(form) => answer(&face, &viewer, report, form).await,
    }
}

/// `GET /provider/v1/reports/{report}/receipt.json`.
pub(super) async fn json(
    State(face): State<Provider>,
    Asker(viewer): Asker,
    Number(report): Number,
) -> Response {
    answer(&face, &viewer, report, Form::Json).await
}

/// `GET /provider/v1/reports/{report}/receipt.xml`.
pub(super) async fn xml(
    State(face): State<Provider>,
    Asker(viewer): Asker,
    Number(report): Number,
) -> Response {
    answer(&face, &viewer, report, Form::Xml).await
}

/// `GET /provider/v1/reports/{report}/receipt.pdf`.
pub(super) async fn pdf(
    State(face): State<Provider>,
    Asker(viewer): Asker,
    Number(report): Number,
) -> Response {
    answer(&face, &viewer, report, Form::Pdf).await
}

/// `GET /provider/v1/verifier-keys`: one key a line, for everybody.
pub(super) async fn verifier_keys(State(face): State<Provider>) -> Response {
    provider::verifier_keys(face.house()).into_response()
}

async fn answer(face: &Provider, viewer: &ProviderViewer, report: ReportId, form: Form) -> Response {
    match provider::receipt(face.house(), viewer, report).await {
        Ok(receipt) => written(face, receipt, form).await,
        Err(NoReceipt::Trouble(trouble)) => refusal(face, &trouble),
        Err(NoReceipt::NotFinished) => Problem::new(ProblemKind::NotComplete)
            .detail("there is a receipt once the report is finished")
            .into_response(),
        Err(NoReceipt::Destroyed) => Problem::new(ProblemKind::Gone).into_response(),
        Err(NoReceipt::NotYet) => Problem::new(ProblemKind::Unavailable).into_response(),
        Err(fault @ NoReceipt::Broken(_)) => internal(face, &fault),
    }
}

/// Pages of a large report take a while, so they are set on a thread that may.
async fn written(face: &Provider, receipt: SignedReceipt, form: Form) -> Response {
    let name = format!("{}.{}", receipt.name(), form.ending());
    let bytes = tokio::task::spawn_blocking(move || match form {
        Form::Json => Ok(receipt.to_json()),
        Form::Xml => Ok(receipt.to_xml().into_bytes()),
        Form::Pdf => receipt.to_pdf(),
    });
    let bytes = match bytes.await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(fault)) => return internal(face, &fault),
        Err(stopped) => return internal(face, &stopped),
    };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(form.media_type()));
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preferred(accept: &str) -> Option<Form> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_str(accept).unwrap());
        Form::preferred(&headers)
    }

    #[test]
    fn the_form_is_the_one_that_is_preferred() {
        assert_eq!(Form::preferred(&HeaderMap::new()), Some(Form::Json));
        for (accept, form) in [
            ("*/*", Form::Json),
            ("application/pdf", Form::Pdf),
            ("text/html, application/xml;q=0.9, */*;q=0.8", Form::Xml),
            ("text/xml", Form::Xml),
            ("application/json;q=0.2, application/pdf;q=0.7", Form::Pdf),
            ("application/json;q=0, */*", Form::Xml),
        ] {
            assert_eq!(preferred(accept), Some(form), "{accept}");
        }
    }

    #[test]
    fn a_client_that_wants_none_of_ours_gets_none() {
        assert_eq!(preferred("image/png"), None);
        assert_eq!(preferred("*/*;q=0"), None);
    }
}
