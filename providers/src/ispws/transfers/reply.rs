//! Answers of the resumable upload: headers say everything, bodies are empty.

use axum::response::{IntoResponse, Response};
use domain::{FileId, ReportId};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use jiff::fmt::rfc2822::DateTimePrinter;
use pipeline::intake::Standing;
use web::fields::REPR_DIGEST;

const VERSIONS: HeaderName = HeaderName::from_static("tus-version");
const EXTENSIONS: HeaderName = HeaderName::from_static("tus-extension");
const CHECKSUMS: HeaderName = HeaderName::from_static("tus-checksum-algorithm");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
/// The id under which `/fileinfo` describes the file and `/finish` lists it.
const FILE: HeaderName = HeaderName::from_static("file-id");
/// The report that the file is of.
const REPORT: HeaderName = HeaderName::from_static("report-id");

/// An answer that is no refusal.
pub(super) struct Reply {
    status: StatusCode,
    headers: HeaderMap,
}

impl Reply {
    pub(super) fn new(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new() }
    }

    /// What of tus is spoken.
    pub(super) fn abilities(mut self) -> Self {
        let extensions = "creation,creation-with-upload,checksum,termination,expiration";
        self.headers.insert(VERSIONS, HeaderValue::from_static(super::VERSION));
        self.headers.insert(EXTENSIONS, HeaderValue::from_static(extensions));
        self.headers.insert(CHECKSUMS, HeaderValue::from_static("sha256,sha1,md5"));
        self
    }

    /// A file that has its id from now on.
    pub(super) fn begun(mut self, file: &FileId, report: ReportId) -> Self {
        self.put(header::LOCATION, &format!("/ispws/uploads/{file}"));
        self.put(FILE, file.as_str());
        self.headers.insert(REPORT, HeaderValue::from(report.get()));
        self.headers.insert(OFFSET, HeaderValue::from(0));
        self
    }

    /// The whole length of a file.
    pub(super) fn length(mut self, standing: &Standing) -> Self {
        self.headers.insert(LENGTH, HeaderValue::from(standing.size_bytes));
        self
    }

    /// How far a file has come; of one that is whole, what it is.
    pub(super) fn standing(mut self, file: &FileId, standing: &Standing) -> Self {
        self.put(FILE, file.as_str());
        self.headers.insert(REPORT, HeaderValue::from(standing.report.get()));
        self.headers.insert(OFFSET, HeaderValue::from(standing.received_bytes));
        if let Some((md5, sha256)) = &standing.digests {
            self.put(REPR_DIGEST, &web::fields::written_digests(md5, sha256));
        } else if let Some(until) = standing.expires_at
            && let Ok(date) = DateTimePrinter::new().timestamp_to_rfc9110_string(&until)
        {
            self.put(EXPIRES, &date);
        }
        self
    }

    fn put(&mut self, name: HeaderName, text: &str) {
        if let Ok(value) = HeaderValue::from_str(text) {
            self.headers.insert(name, value);
        }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        (self.status, self.headers).into_response()
    }
}

/// The status that tus gives to bytes that are not what their checksum says.
pub(super) fn checksum_mismatch() -> StatusCode {
    StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST)
}
