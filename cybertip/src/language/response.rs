//! The two response documents. They stand in the served schema because clients generate their types from it.

use super::Kind::{Group, Text};
use super::simple::{INT, LONG, STRING, TOKEN};
use super::{Complex, Element, many, one, optional, sequence};

/// The answer of every endpoint but `/finish`.
pub static REPORT_RESPONSE: Element =
    one("reportResponse", Group(&REPORT_RESPONSE_TYPE), "The answer of every endpoint but `/finish`.");

/// The answer of `/finish`.
pub static REPORT_DONE_RESPONSE: Element =
    one("reportDoneResponse", Group(&REPORT_DONE_RESPONSE_TYPE), "The answer of `/finish`.");

static REPORT_RESPONSE_TYPE: Complex = sequence(
    "reportResponse",
    &[
        one("responseCode", Text(&INT), "0 for success, or one of the documented codes."),
        one("responseDescription", Text(&STRING), "What the code means here; never empty."),
        optional("reportId", Text(&LONG), "The report."),
        optional("fileId", Text(&TOKEN), "The file, in answers to `/upload` and `/fileinfo`."),
        optional(
            "hash",
            Text(&TOKEN),
            "MD5 of the received bytes in lower-case hex, in answers to `/upload`.",
        ),
    ],
    "The answer of every endpoint but `/finish`.",
);

static REPORT_DONE_RESPONSE_TYPE: Complex = sequence(
    "reportDoneResponse",
    &[
        one("responseCode", Text(&INT), "0 for success, or one of the documented codes."),
        one("reportId", Text(&LONG), "The report."),
        one("files", Group(&FILES), "Every uploaded file."),
    ],
    "The answer of `/finish`.",
);

static FILES: Complex =
    sequence("files", &[many("fileId", Text(&STRING), "Id of an uploaded file.")], "Every uploaded file.");
