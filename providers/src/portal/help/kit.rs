//! The conformance kit: sample documents with the answers that they get, schemas, and the examples, in one archive that
//! is the same bytes every time.

use std::io::{Cursor, Write as _};
use std::sync::LazyLock;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::SCHEMAS;
use super::guide::EXAMPLES;

/// The folder that the archive unpacks to.
const FOLDER: &str = "clearinghouse-conformance-kit";

macro_rules! kept {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../../../../docs/providers/kit/", $name)))),+]
    };
}

/// What stands in the kit as it is in the repository.
const FILES: [(&str, &str); 14] = kept![
    "README.md",
    "expected.json",
    "documents/minimal.xml",
    "documents/enticement.xml",
    "documents/upload.xml",
    "documents/no-zone.xml",
    "documents/second-ip-capture-event.xml",
    "documents/escalation-in-the-old-place.xml",
    "documents/wrong-order.xml",
    "documents/misspelt-incident-type.xml",
    "documents/type-on-a-pair.xml",
    "documents/not-well-formed.xml",
    "documents/unknown-element.xml",
    "documents/future-incident.xml",
];

static BYTES: LazyLock<Result<Vec<u8>, zip::result::ZipError>> = LazyLock::new(packed);

/// The archive.
///
/// # Errors
/// A fault of the archive's writer, which writes into memory.
pub(super) fn bytes() -> Result<&'static [u8], &'static zip::result::ZipError> {
    BYTES.as_deref()
}

fn packed() -> Result<Vec<u8>, zip::result::ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let schemas = SCHEMAS.map(|(name, profile, _)| (format!("schema/{name}"), cybertip::xsd(profile)));
    let kept = FILES.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let examples = EXAMPLES.map(|(_, name, text)| (format!("examples/{name}"), text.to_owned()));
    for (name, text) in kept.into_iter().chain(schemas).chain(examples) {
        zip.start_file(format!("{FOLDER}/{name}"), options)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cybertip::{Profile, Rejection, read_file_details, read_report};
    use serde::Deserialize;

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Expected {
        document: String,
        endpoint: String,
        response_code: u32,
        says: Option<String>,
        warns: Option<String>,
    }

    fn text(name: &str) -> &'static str {
        FILES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text).unwrap()
    }

    /// Code, description and warnings of a document.
    fn answer(expected: &Expected) -> (u32, String, Vec<&'static str>) {
        let now = "2026-11-01T12:00:00Z".parse().unwrap();
        let bytes = text(&expected.document).as_bytes();
        let said = |rejection: Rejection| (rejection.code(), rejection.description(), Vec::new());
        let warned = |warnings: Vec<cybertip::Warning>| {
            (0, String::new(), warnings.into_iter().map(|warning| warning.code).collect())
        };
        match expected.endpoint.as_str() {
            "submit" => read_report(bytes, None, Profile::Current, now)
                .map_or_else(said, |read| warned(read.warnings)),
            _ => read_file_details(bytes, None, Profile::Current, now)
                .map_or_else(said, |read| warned(read.warnings)),
        }
    }

    #[test]
    fn every_document_of_the_kit_gets_the_answer_that_the_kit_promises() {
        let expected: Vec<Expected> = serde_json::from_str(text("expected.json")).unwrap();
        for one in &expected {
            let (code, description, warnings) = answer(one);
            assert_eq!(code, one.response_code, "{}: {description}", one.document);
            let says = one.says.as_deref().unwrap_or_default();
            assert!(description.contains(says), "{}: {description}", one.document);
            if let Some(warns) = &one.warns {
                assert!(warnings.contains(&warns.as_str()), "{}: {warnings:?}", one.document);
            }
        }
        let documents = FILES.iter().filter(|(name, _)| name.starts_with("documents/")).count();
        assert_eq!(expected.len(), documents, "every document has its answer");
    }

    #[test]
    fn the_kit_is_the_same_bytes_every_time_and_opens() {
        let made = packed().unwrap();
        assert_eq!(made, packed().unwrap());
        let mut archive = zip::ZipArchive::new(Cursor::new(made)).unwrap();
        assert_eq!(archive.len(), FILES.len() + SCHEMAS.len() + EXAMPLES.len());
        assert!(archive.by_name("clearinghouse-conformance-kit/schema/report-current.xsd").is_ok());
    }
}
