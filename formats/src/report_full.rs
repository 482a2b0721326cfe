//! Our own complete report JSON, versioned, with a published schema.
//!
//! It is the dossier itself, in sections that say where each fact comes from, with answers as Yes, No or Unknown.
//! Nothing is picked by hand, so a fact that the dossier gains appears here by itself, and the schema, which
//! allows no unknown member, then fails its test until it names the new one. The one thing left out is what the
//! sender read from an EXIF block that no ground opens.

mod form;

use domain::{Dossier, DossierFile};
use serde_json::{Map, Value, json};

use crate::package::words;

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
    let mut bytes = serde_json::to_vec_pretty(&words::ordered(document(dossier)))
        .expect("a dossier is representable in JSON");
    bytes.push(b'\n');
    bytes
}

fn document(dossier: &Dossier) -> Value {
    let mut submission = form::of(&dossier.submission);
    warn_of_roles(dossier, &mut submission);
    let files: Vec<Value> = dossier.files.iter().map(|one| file(dossier, one)).collect();
    json!({
        "schema": SCHEMA_ID,
        "schemaVersion": SCHEMA_VERSION,
        "report": dossier.report.get(),
        "provider": form::of(&dossier.provider),
        "providerName": dossier.provider_name,
        "receivedAt": form::of(&dossier.received_at),
        "preserveUntil": form::of(&dossier.preserve_until),
        "submissionSha256": dossier.submission_sha256,
        "ruleSet": dossier.rule_set,
        "supplied": {
            "provenance": SENDER,
            "senderProfile": form::of(&dossier.sender_profile),
            "submission": submission,
            "files": files,
        },
        "added": {
            "provenance": AUTOMATIC,
            "findings": form::findings(&dossier.findings),
            "selectors": form::of(&dossier.selectors),
        },
        "assessed": {
            "provenance": ADVISORY,
            "priority": form::of(&dossier.priority),
            "reasons": form::of(&dossier.reasons),
            "quality": form::of(&dossier.quality),
            "related": form::of(&dossier.related),
        },
        "deliveries": form::of(&dossier.deliveries),
    })
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
