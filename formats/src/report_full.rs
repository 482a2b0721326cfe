//! Our own complete report JSON, versioned, with a published schema.
//!
//! It is the dossier itself, in sections that say where each fact comes from, with answers as Yes, No or Unknown.
//! Nothing is picked by hand, so a fact that the dossier gains appears here by itself, and the schema, which
//! allows no unknown member, then fails its test until it names the new one. The one thing left out is what the
//! sender read from an EXIF block that no ground opens.

mod form;

use domain::{Dossier, DossierFile};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

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
#[must_use]
pub fn to_json(dossier: &Dossier) -> Vec<u8> {
    // INVARIANT: a dossier has string keys and finite numbers only, so turning it into JSON cannot fail.
    let mut bytes =
        serde_json::to_vec_pretty(&Document::of(dossier)).expect("a dossier is representable in JSON");
    bytes.push(b'\n');
    bytes
}

/// The document's members, in the order in which they are written: that of their names.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    added: Value,
    assessed: Value,
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

/// What the sender supplied.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Supplied<'a> {
    files: Files<'a>,
    provenance: &'static str,
    sender_profile: Value,
    submission: Value,
}

/// The files, one after the other: a report may have very many, and no more than one is spelled out at a time.
struct Files<'a>(&'a Dossier);

impl Serialize for Files<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.files.iter().map(|one| ordered(file(self.0, one))))
    }
}

impl<'a> Document<'a> {
    fn of(dossier: &'a Dossier) -> Self {
        let mut submission = form::of(&dossier.submission);
        warn_of_roles(dossier, &mut submission);
        Self {
            added: ordered(json!({
                "provenance": AUTOMATIC,
                "findings": form::findings(&dossier.findings),
                "selectors": form::of(&dossier.selectors),
            })),
            assessed: ordered(json!({
                "provenance": ADVISORY,
                "priority": form::of(&dossier.priority),
                "reasons": form::of(&dossier.reasons),
                "quality": form::of(&dossier.quality),
                "related": form::of(&dossier.related),
            })),
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
                files: Files(dossier),
                provenance: SENDER,
                sender_profile: ordered(form::of(&dossier.sender_profile)),
                submission: ordered(submission),
            },
        }
    }
}

/// What a file is in this package, beside what the sender says of it.
fn file(dossier: &Dossier, file: &DossierFile) -> Value {
    let mut value = form::of(file);
    if let Value::Object(members) = &mut value {
        put(members, "packageName", words::file_name(dossier.report, file).into());
        put(members, "inPackage", words::is_open(file).into());
        put(members, "viewed", file.viewed().as_str().into());
        put(members, "exifViewed", file.exif_viewed().as_str().into());
        put(members, "public", file.public().as_str().into());
    }
    value
}

/// Every person carries the warning that belongs to the part they have.
fn warn_of_roles(dossier: &Dossier, submission: &mut Value) {
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
