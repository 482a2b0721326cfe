//! What reading a document yields: the value with warnings, or a rejection in the words of the API.

use std::fmt::Write as _;

use domain::ReportId;

use super::response::ResponseCode;

/// A value that was read, with what was odd about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Read<T> {
    /// The value.
    pub value: T,
    /// Oddities that do not stop a report, in document order.
    pub warnings: Vec<Warning>,
}

/// Something that a provider should mend although the document was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// A stable word, such as `zone-missing`.
    pub code: &'static str,
    /// Where it stands, such as `report/incidentSummary/incidentDateTime`.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1: the position behind the tag, as schema validators count.
    pub column: u32,
    /// One plain sentence without private data.
    pub says: String,
}

/// One reason of a rejection, at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1: the position behind the tag, as schema validators count.
    pub column: u32,
    /// The text in the words of a schema validator. It repeats tokens of closed lists, never free text.
    pub text: String,
    /// A plain sentence for the traps that real client teams fell into.
    pub help: Option<String>,
}

impl Complaint {
    fn write_line(&self, into: &mut String) {
        let Self { line, column, text, .. } = self;
        write!(into, "\n[{line},{column}] - {text}").expect("writing to a String cannot fail");
    }
}

/// Why a document was not accepted. The first complaint leads; the rest follow in document order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// It is not well-formed XML, or beyond a bound: code 4110.
    #[error("document is malformed")]
    Malformed(Complaint),
    /// It breaks the schema or a documented rule: code 4100. Never empty.
    #[error("document is invalid")]
    Invalid(Vec<Complaint>),
    /// The schema allows the given report id, but no report of ours can have it: code 5001.
    #[error("no such report")]
    NoSuchReport,
    /// The schema allows the given file id, but no file of ours can have it: code 5002, once the report is known.
    #[error("no such file")]
    NoSuchFile {
        /// The report of which it was said; when that does not exist either, 5001 goes first.
        report: ReportId,
    },
}

impl Rejection {
    /// The response code with its qualities.
    #[must_use]
    pub const fn response_code(&self) -> ResponseCode {
        match self {
            Self::Malformed(_) => ResponseCode::MalformedXml,
            Self::Invalid(_) => ResponseCode::ValidationFailed,
            Self::NoSuchReport => ResponseCode::NoSuchReport,
            Self::NoSuchFile { .. } => ResponseCode::NoSuchFile,
        }
    }

    /// The number on the wire.
    #[must_use]
    pub const fn code(&self) -> u32 {
        self.response_code().number()
    }

    /// The `responseDescription`: the documented text, then one line `[line,column] - text` for each complaint.
    #[must_use]
    pub fn description(&self) -> String {
        let mut text = self.response_code().text().to_owned();
        self.complaints().iter().for_each(|complaint| complaint.write_line(&mut text));
        text
    }

    /// Every complaint, in document order.
    #[must_use]
    pub fn complaints(&self) -> &[Complaint] {
        match self {
            Self::Malformed(complaint) => std::slice::from_ref(complaint),
            Self::Invalid(complaints) => complaints,
            Self::NoSuchReport | Self::NoSuchFile { .. } => &[],
        }
    }

    /// Line of the first complaint, 0 when the rejection is not about a place.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.complaints().first().map_or(0, |complaint| complaint.line)
    }

    /// Column of the first complaint, 0 when the rejection is not about a place.
    #[must_use]
    pub fn column(&self) -> u32 {
        self.complaints().first().map_or(0, |complaint| complaint.column)
    }

    /// The first plain sentence that the complaints carry, with the line that it is about.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let line = |one: &Complaint| one.help.as_ref().map(|says| format!("Line {}: {says}", one.line));
        self.complaints().iter().find_map(line)
    }
}
