//! The answers of the reporting API: two document roots, documented codes, and headers that strict clients look at.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use cybertip::Warning;
use cybertip::response::{ResponseCode, report_done_response, report_response};
use domain::{FileId, ReportId};
use http::{HeaderName, HeaderValue, StatusCode, header};
use pipeline::intake::Refused;
use web::fields::Unreadable;

use super::{FinishErrorRoot, Provider, StatusMode};

/// One client refuses a body whose type does not contain `application/xml`.
const XML: HeaderValue = HeaderValue::from_static("application/xml;charset=UTF-8");
const REALM: HeaderValue = HeaderValue::from_static("Basic realm=\"ESP Web Services\"");
/// Carries the text of a `/finish` error, for which the document has no place.
const DESCRIPTION: HeaderName = HeaderName::from_static("response-description");
/// The plain-language sentence beside the standard text.
const HELP: HeaderName = HeaderName::from_static("response-help");
const MOST_HEADER_BYTES: usize = 1024;
/// After a fault of ours, so many seconds before the next try.
const A_MOMENT: u32 = 5;

/// One answer of the form `reportResponse`.
pub(super) struct Answer {
    code: ResponseCode,
    description: Option<String>,
    help: Option<String>,
    report: Option<ReportId>,
    file: Option<FileId>,
    hash: Option<String>,
    status: Option<StatusCode>,
    wait_seconds: u32,
}

impl Answer {
    /// Success, with nothing to say yet.
    pub(super) const fn success() -> Self {
        Self::of(ResponseCode::Success)
    }

    /// A refusal by its code alone.
    pub(super) const fn refusal(code: ResponseCode) -> Self {
        Self::of(code)
    }

    /// A refusal as the pipeline worded it.
    pub(super) fn refused(refused: Refused) -> Self {
        Self {
            description: refused.description,
            help: refused.help,
            report: refused.report,
            ..Self::of(refused.code)
        }
    }

    const fn of(code: ResponseCode) -> Self {
        Self {
            code,
            description: None,
            help: None,
            report: None,
            file: None,
            hash: None,
            status: None,
            wait_seconds: A_MOMENT,
        }
    }

    /// A header field that cannot be read; it is not passed over, because its sender relies on it.
    pub(super) fn unreadable(field: Unreadable) -> Self {
        let help = match field.field {
            "Idempotency-Key" => {
                "Write a key of up to 255 visible letters, quoted, such as \"8e03978e-40d5\"."
            }
            "Repr-Digest" => {
                "Write sha-256=:BASE64: with the digest of the file's bytes; sha and md5 also serve."
            }
            _ => "Look the field up in the specification of tus 1.0.",
        };
        Self::of(ResponseCode::InvalidRequest).says(format!("Invalid request: {field}")).helps(help)
    }

    /// A request that came before its credential may ask again. No code of the language says so; this is one on which
    /// every client tries again, and 503 is the status on which their libraries honour `Retry-After`.
    pub(super) fn too_soon(wait: Duration) -> Self {
        let seconds = u32::try_from(wait.as_secs()).unwrap_or(A_MOMENT).saturating_add(1);
        Self { wait_seconds: seconds, ..Self::of(ResponseCode::ServerError) }
            .status(StatusCode::SERVICE_UNAVAILABLE)
            .says(format!("Server error: too many requests of this credential, try again in {seconds} s"))
    }

    pub(super) const fn report(mut self, report: ReportId) -> Self {
        self.report = Some(report);
        self
    }

    pub(super) fn file(mut self, file: FileId) -> Self {
        self.file = Some(file);
        self
    }

    pub(super) fn hash(mut self, md5_hex: String) -> Self {
        self.hash = Some(md5_hex);
        self
    }

    pub(super) fn says(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// One plain sentence for the people at the other end.
    pub(super) fn helps(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What was odd about a document that was taken.
    pub(super) fn warned(mut self, warnings: &[Warning]) -> Self {
        self.help = warnings.first().map(|odd| format!("Line {}: {}", odd.line, odd.says));
        self
    }

    pub(super) const fn status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// The `reportResponse` document.
    pub(super) fn send(self, provider: &Provider) -> Response {
        let description = self.text(provider);
        let body =
            report_response(self.code, &description, self.report, self.file.as_ref(), self.hash.as_deref());
        self.dress(body, provider)
    }

    /// The same, with its own status in every status mode.
    pub(super) fn send_as_is(self, provider: &Provider) -> Response {
        let status = self.status.unwrap_or_else(|| http_status(self.code));
        let mut response = self.send(provider);
        *response.status_mut() = status;
        response
    }

    /// The standard text, and after it the plain sentence of a refusal.
    fn text(&self, provider: &Provider) -> String {
        let standard = self.description.as_deref().unwrap_or_else(|| self.code.text());
        match &self.help {
            Some(help) if provider.settings.help_in_description && self.code != ResponseCode::Success => {
                format!("{standard}\n{help}")
            }
            _ => standard.to_owned(),
        }
    }

    /// The error document of `/finish`, whose root is a setting.
    pub(super) fn send_finish_error(self, provider: &Provider) -> Response {
        let Some(report) = self.report else { return self.send(provider) };
        match provider.settings.finish_error_root {
            FinishErrorRoot::ReportResponse => self.send(provider),
            FinishErrorRoot::ReportDoneResponse => {
                let body = report_done_response(self.code, report, &[]);
                let said = self.text(provider);
                let mut response = self.dress(body, provider);
                insert_text(&mut response, DESCRIPTION, &said);
                response
            }
        }
    }

    fn dress(self, body: String, provider: &Provider) -> Response {
        let modern = provider.settings.status_mode == StatusMode::Modern;
        let status =
            if modern { self.status.unwrap_or_else(|| http_status(self.code)) } else { StatusCode::OK };
        let mut response = xml(status, body);
        response.extensions_mut().insert(web::Refused(http_status(self.code)));
        if let Some(help) = self.help {
            insert_text(&mut response, HELP, &help);
        }
        if self.code.is_retryable() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(self.wait_seconds));
        }
        response
    }
}

/// The `reportDoneResponse` of a finished report, with every file id.
pub(super) fn done(report: ReportId, files: &[FileId]) -> Response {
    xml(StatusCode::OK, report_done_response(ResponseCode::Success, report, files))
}

/// A 401 has no body: that is what clients are used to.
pub(super) fn unauthenticated() -> Response {
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, REALM)]).into_response()
}

/// A document of ours that is XML but not a response, such as the schema.
pub(super) fn xml(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, XML)], body).into_response()
}

fn http_status(code: ResponseCode) -> StatusCode {
    StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Puts text into a header as far as a header can hold it: one line, visible ASCII.
fn insert_text(response: &mut Response, name: HeaderName, text: &str) {
    let visible = |c: char| if (' '..='~').contains(&c) { c } else { ' ' };
    let line: String = text.chars().take(MOST_HEADER_BYTES).map(visible).collect();
    if let Ok(value) = HeaderValue::from_str(line.trim()) {
        response.headers_mut().insert(name, value);
    }
}
