//! Response documents and response codes, exactly as strict clients expect them: no whitespace inside leaf elements,
//! no attributes, elements in the schema's order.

use domain::{FileId, ReportId};

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// What kind of trouble a response code belongs to; clients retry, alert or give up by family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// No trouble.
    Success,
    /// Trouble of ours: a client retries.
    Server,
    /// Wrong or missing credentials.
    Credentials,
    /// The account may not do this.
    Authorisation,
    /// The request is wrong: retrying is useless.
    Request,
    /// The report or file is not in the needed state.
    State,
}

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $number:literal, $text:literal, $family:ident, $status:literal;)+) => {
        /// The documented response codes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ResponseCode { $($(#[$meta])* $name,)+ }

        impl ResponseCode {
            /// Every code, ascending.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The number on the wire.
            #[must_use]
            pub const fn number(self) -> u32 {
                match self { $(Self::$name => $number,)+ }
            }

            /// The documented meaning, which is also the default `responseDescription`.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// What kind of trouble it is.
            #[must_use]
            pub const fn family(self) -> Family {
                match self { $(Self::$name => Family::$family,)+ }
            }

            /// The HTTP status that goes with it in `modern` status mode; `always200` ignores it.
            #[must_use]
            pub const fn http_status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }
        }
    };
}

codes! {
    /// Done.
    Success = 0, "Success", Success, 200;
    /// Unexpected failure.
    ServerError = 1000, "Server error", Server, 500;
    /// The report could not be stored.
    SaveFailed = 1100, "Save failed", Server, 500;
    /// Storage refused the upload.
    UploadFailed = 1110, "Upload failed", Server, 500;
    /// One file could not be stored.
    FileUploadFailed = 1111, "File upload failed", Server, 500;
    /// Unknown path.
    ResourceNotFound = 1210, "Resource not found", Server, 500;
    /// File details, finish or retract could not be stored.
    UpdateFailed = 1300, "Update failed", Server, 500;
    /// Credentials are missing or wrong.
    AuthenticationRequired = 2000, "Authentication required", Credentials, 401;
    /// The account is disabled or belongs to someone else.
    NotAuthorised = 3000, "User is not authorized to perform this action", Authorisation, 403;
    /// A read-only account tried to submit.
    MayNotSubmit = 3100, "User does not have authorization to make submissions", Authorisation, 403;
    /// A change to another provider's report.
    MayNotUpdate = 3300, "User does not have authorization to make updates", Authorisation, 403;
    /// Wrong content type, missing or non-numeric `id`.
    InvalidRequest = 4000, "Invalid request", Request, 400;
    /// The XML breaks the schema or a documented rule.
    ValidationFailed = 4100, "Validation failed", Request, 400;
    /// The XML is not well-formed.
    MalformedXml = 4110, "Malformed XML submittal", Request, 400;
    /// No file part, or broken multipart.
    MalformedFile = 4200, "Malformed file submittal", Request, 400;
    /// Unknown, expired or foreign report id.
    NoSuchReport = 5001, "Report does not exist", State, 404;
    /// Unknown file id for that report.
    NoSuchFile = 5002, "File does not exist", State, 404;
    /// The report was withdrawn before.
    AlreadyRetracted = 5101, "Report already retracted", State, 400;
    /// The report was filed before.
    AlreadyFinished = 5102, "Report already finished", State, 400;
}

impl ResponseCode {
    /// The code with this number.
    #[must_use]
    pub fn find(number: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.number() == number)
    }

    /// True when the same request may succeed later.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(self.family(), Family::Server) && !matches!(self, Self::ResourceNotFound)
    }
}

/// A `reportResponse`. An empty `description` is replaced by the code's own text, because clients refuse a document
/// without one.
#[must_use]
pub fn report_response(
    code: ResponseCode,
    description: &str,
    report: Option<ReportId>,
    file: Option<&FileId>,
    hash: Option<&str>,
) -> String {
    let description = if description.trim().is_empty() { code.text() } else { description };
    let mut xml = String::with_capacity(256 + description.len());
    xml.push_str(DECLARATION);
    xml.push_str("<reportResponse>");
    leaf(&mut xml, "responseCode", &code.number().to_string());
    leaf(&mut xml, "responseDescription", description);
    if let Some(report) = report {
        leaf(&mut xml, "reportId", &report.to_string());
    }
    if let Some(file) = file {
        leaf(&mut xml, "fileId", file.as_str());
    }
    if let Some(hash) = hash {
        leaf(&mut xml, "hash", hash);
    }
    xml.push_str("</reportResponse>");
    xml
}

/// A `reportDoneResponse`. It has no description: one client reads its elements strictly in order.
#[must_use]
pub fn report_done_response(code: ResponseCode, report: ReportId, files: &[FileId]) -> String {
    let mut xml = String::with_capacity(256 + files.len() * 64);
    xml.push_str(DECLARATION);
    xml.push_str("<reportDoneResponse>");
    leaf(&mut xml, "responseCode", &code.number().to_string());
    leaf(&mut xml, "reportId", &report.to_string());
    if files.is_empty() {
        xml.push_str("<files/>");
    } else {
        xml.push_str("<files>");
        files.iter().for_each(|file| leaf(&mut xml, "fileId", file.as_str()));
        xml.push_str("</files>");
    }
    xml.push_str("</reportDoneResponse>");
    xml
}

fn leaf(xml: &mut String, name: &str, text: &str) {
    super::escape::open(xml, name);
    super::escape::text(xml, text);
    super::escape::close(xml, name);
}
