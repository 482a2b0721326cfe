//! Our own complete report JSON, versioned, with a published schema.
//!
//! It is the dossier itself, in sections that say where each fact comes from, with answers as Yes, No or Unknown.
//! Nothing is picked by hand, so a fact that the dossier gains appears here by itself, and the schema, which
//! allows no unknown member, then fails its test until it names the new one. The one thing left out is what the
//! sender read from an EXIF block that no ground opens.

mod form;

use std::io::{self, Write};

use domain::{Dossier, DossierFile, Finding, ReportId, Selector};
use serde::ser::{Error as _, SerializeSeq as _};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::files::Files;
use crate::package::words::{self, ordered};

/// The JSON Schema (2020-12) of what [`to_json`] writes, to be published under [`SCHEMA_ID`].
pub const SCHEMA: &str = include_str!("../schemas/report-full-1.0.schema.json");
/// The name by which a document points to its schema.
pub const SCHEMA_ID: &str = "urn:clearinghouse:schema:report-full:1.0";
/// Raised in its first part when a reader of the former version would go wrong.
pub const SCHEMA_VERSION: &str = "1.0";

/// Who a section speaks for.
const SENDER: &str = "sender";
const AUTOMATIC: &str = "clearinghouse, automatic";
const ADVISORY: &str = "clearinghouse, advisory";

/// The document: UTF-8 without byte-order mark, the same bytes for the same dossier.
///
/// # Errors
/// When a file cannot be read, or the document not be written.
pub fn to_json(dossier: &Dossier<impl Files>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document::of(dossier))?;
    out.write_all(b"\n")
}

/// The document's members, in the order in which they are written: that of their names.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    added: Added<'a>,
    assessed: Value,
    court_orders: Value,
    deliveries: Value,
    preserve_until: Value,
    provider: Value,
    provider_name: &'a str,
    received_at: Value,
    report: u64,
    rule_set: &'a str,
    schema: &'static str,
    schema_version: &'static str,
    submission_sha256: &'a str,
    supplied: Supplied<'a>,
}

/// What was looked up and found in it.
#[derive(Serialize)]
struct Added<'a> {
    findings: Each<'a, Finding>,
    provenance: &'static str,
    selectors: Each<'a, Selector>,
}

/// The files, one after the other: a report may have very many, and no more than one is spelled out at a time.
struct EachFile<'a> {
    report: ReportId,
    files: &'a dyn Files,
}

impl Serialize for EachFile<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_seq(None)?;
        for one in self.files.each() {
            let one = one.map_err(S::Error::custom)?;
            all.serialize_element(&ordered(file(self.report, &one)))?;
        }
        all.end()
    }
}

/// The same for what very many files bring with them.
struct Each<'a, T> {
    all: &'a [T],
    form: fn(&T) -> Value,
}

impl<T> Serialize for Each<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.all.iter().map(|one| ordered((self.form)(one))))
    }
}

/// What the sender supplied.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Supplied<'a> {
    files: EachFile<'a>,
    provenance: &'static str,
    sender_profile: Value,
    submission: Value,
}

impl<'a> Document<'a> {
    fn of(dossier: &'a Dossier<impl Files>) -> Self {
        let mut submission = form::of(&dossier.submission);
        warn_of_roles(dossier, &mut submission);
        Self {
            added: Added {
                findings: Each { all: &dossier.findings, form: form::finding },
                provenance: AUTOMATIC,
                selectors: Each { all: &dossier.selectors, form: form::of },
            },
            assessed: ordered(json!({
                "provenance": ADVISORY,
                "priority": form::of(&dossier.priority),
                "reasons": form::of(&dossier.reasons),
                "quality": form::of(&dossier.quality),
                "related": form::of(&dossier.related),
            })),
            court_orders: ordered(form::of(&dossier.court_orders)),
            deliveries: ordered(form::of(&dossier.deliveries)),
            preserve_until: form::of(&dossier.preserve_until),
            provider: form::of(&dossier.provider),
            provider_name: &dossier.provider_name,
            received_at: form::of(&dossier.received_at),
            report: dossier.report.get(),
            rule_set: &dossier.rule_set,
            schema: SCHEMA_ID,
            schema_version: SCHEMA_VERSION,
            submission_sha256: &dossier.submission_sha256,
            supplied: Supplied {
                files: EachFile { report: dossier.report, files: &dossier.files },
                provenance: SENDER,
                sender_profile: ordered(form::of(&dossier.sender_profile)),
                submission: ordered(submission),
            },
        }
    }
}

/// What a file is in this package, beside what the sender says of it.
fn file(report: ReportId, file: &DossierFile) -> Value {
    let mut value = form::of(file);
    if let Value::Object(members) = &mut value {
        put(members, "packageName", words::file_name(report, file).into());
        put(members, "inPackage", words::is_open(file).into());
        put(members, "viewed", file.viewed().as_str().into());
        put(members, "exifViewed", file.exif_viewed().as_str().into());
        put(members, "public", file.public().as_str().into());
    }
    value
}

/// Every person carries the warning that belongs to the part they have.
fn warn_of_roles(dossier: &Dossier<impl Files>, submission: &mut Value) {
    let people = &dossier.submission.people;
    let written = submission.get_mut("people").and_then(Value::as_array_mut);
    for (person, value) in people.iter().zip(written.into_iter().flatten()) {
        if let Value::Object(members) = value {
            put(members, "roleWarning", words::role_warning(person, people).into());
        }
    }
}

fn put(members: &mut Map<String, Value>, name: &str, value: Value) {
    members.insert(name.to_owned(), value);
}
