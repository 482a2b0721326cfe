//! The endpoints whose bodies are XML documents, and the two that only answer.

use axum::extract::{Request, State};
use axum::response::Response;
use cybertip::Limits;
use cybertip::response::ResponseCode;
use http::StatusCode;
use pipeline::intake::{self, Received};
use web::Peer;
use web::fields::{idempotency_key, media_type};

use super::answer::{self, Answer};
use super::body::{self, BodyTrouble};
use super::{Provider, enter};

/// `GET /status`: proves connectivity and credentials.
pub(super) async fn status(State(provider): State<Provider>, mut request: Request) -> Response {
    match enter(&provider, &mut request).await {
        Err(refused) => refused,
        Ok(login) => {
            let address = Peer::of(request.extensions()).0.ip();
            let says = format!("Remote User : {}, Remote Ip : {address}", login.username);
            Answer::success().says(says).send(&provider)
        }
    }
}

/// `GET /xsd`: the schema that this house enforces, written by us.
pub(super) async fn xsd(State(provider): State<Provider>, mut request: Request) -> Response {
    match enter(&provider, &mut request).await {
        Err(refused) => refused,
        Ok(_) => answer::xml(StatusCode::OK, provider.xsd.as_ref().to_owned()),
    }
}

/// `POST /submit`: opens a report.
pub(super) async fn submit(State(provider): State<Provider>, mut request: Request) -> Response {
    let login = match enter(&provider, &mut request).await {
        Err(refused) => return refused,
        Ok(login) => login,
    };
    let key = idempotency_key(request.headers());
    let received = match document(request).await {
        Err(refused) => return refused.send(&provider),
        Ok(received) => received,
    };
    let (house, schema) = (&provider.house, provider.settings.schema);
    let opened = match key {
        Err(unreadable) => return Answer::unreadable(unreadable).send(&provider),
        Ok(None) => intake::submit(house, &login, received, schema).await,
        Ok(Some(key)) => intake::submit_once(house, &login, received, schema, &key).await,
    };
    match opened {
        Ok(opened) => Answer::success().report(opened.report).warned(&opened.warnings).send(&provider),
        Err(refused) => Answer::refused(refused).send(&provider),
    }
}

/// `POST /fileinfo`: describes one uploaded file.
pub(super) async fn file_info(State(provider): State<Provider>, mut request: Request) -> Response {
    let login = match enter(&provider, &mut request).await {
        Err(refused) => return refused,
        Ok(login) => login,
    };
    let received = match document(request).await {
        Err(refused) => return refused.send(&provider),
        Ok(received) => received,
    };
    match intake::file_info(&provider.house, &login, received, provider.settings.schema).await {
        Ok(described) => {
            let answer = Answer::success().report(described.report).file(described.file);
            answer.warned(&described.warnings).send(&provider)
        }
        Err(refused) => Answer::refused(refused).send(&provider),
    }
}

/// An XML body with its media type, bounded. Some clients send `text/plain`; one sends no type at all.
async fn document(request: Request) -> Result<Received, Answer> {
    let (kind, charset) = media_type(request.headers()).unwrap_or_default();
    let bytes = body::read(request.into_body(), Limits::default().xml_bytes).await;
    if !matches!(kind.as_str(), "" | "text/xml" | "application/xml" | "text/plain") {
        let says =
            format!("Invalid request: send the document as text/xml; charset=utf-8, not as {}", shown(&kind));
        return Err(Answer::refusal(ResponseCode::InvalidRequest).says(says));
    }
    match bytes {
        Ok(bytes) => Ok(Received { bytes, media_type: kind, charset }),
        Err(BodyTrouble::TooLong) => {
            let most = Limits::default().xml_bytes;
            let says = format!("Malformed XML submittal: the document is larger than {most} bytes");
            Err(Answer::refusal(ResponseCode::MalformedXml).says(says))
        }
        Err(BodyTrouble::BrokenOff) => {
            Err(Answer::refusal(ResponseCode::MalformedXml)
                .says("Malformed XML submittal: the body broke off"))
        }
    }
}

/// A stranger's media type, short and harmless enough to be said back.
fn shown(kind: &str) -> String {
    kind.chars().filter(|c| c.is_ascii_alphanumeric() || "/+-.".contains(*c)).take(80).collect()
}
