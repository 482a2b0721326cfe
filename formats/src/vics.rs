//! Media records of the Project VIC family: "VICS 2.0-compatible", built from public code, since the official model is
//! given only under agreement. Written record by record, and read record by record within bounds, whatever the size
//! of the document; members that we do not know are kept word for word.
//!
//! A category is a judgement of law enforcement: we write none, and read 0 and 5 as unknown, since tools disagree on
//! what the two mean. A sender's own class stands in `Comments`.

mod meter;
mod read;
mod record;
mod write;

pub use read::{Fault, Form, Outline, Piece, read};
pub use record::{Category, Known, Record};
pub use write::Writer;

use domain::{Dossier, DossierFile};
use serde_json::{Value, json};

use crate::package::words::{self, said};
use crate::uuid;

/// The model that our documents name.
const CASES: &str = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Cases";
const MEDIA: &str = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media";
/// What the documents say wrote them.
const APPLICATION: &str = "clearinghouse";

/// The files of a report that are in its package, as a case.
#[must_use]
pub fn case(dossier: &Dossier) -> Vec<u8> {
    // INVARIANT: writing to memory cannot fail.
    write_case(dossier).expect("memory takes every write")
}

fn write_case(dossier: &Dossier) -> std::io::Result<Vec<u8>> {
    let open: Vec<&DossierFile> = dossier.files.iter().filter(|file| words::is_open(file)).collect();
    let mut writer = Writer::begin(Vec::new(), CASES)?;
    writer.case_begins()?;
    for (name, value) in [
        ("CaseID", Value::from(uuid::of(&["case", &dossier.report.to_string()]))),
        ("CaseNumber", dossier.report.to_string().into()),
        ("ContactOrganization", APPLICATION.into()),
        ("SourceApplicationName", APPLICATION.into()),
        ("SourceApplicationVersion", env!("CARGO_PKG_VERSION").into()),
        ("TotalMediaFiles", open.len().into()),
    ] {
        writer.member(name, &value.to_string())?;
    }
    for file in open {
        writer.record(&media(dossier, file))?;
    }
    writer.case_ends()?;
    writer.finish()
}

/// The files of a report that are not in its package, as a hash set without any file.
#[must_use]
pub fn withheld(dossier: &Dossier) -> Vec<u8> {
    // INVARIANT: writing to memory cannot fail.
    write_withheld(dossier).expect("memory takes every write")
}

fn write_withheld(dossier: &Dossier) -> std::io::Result<Vec<u8>> {
    let mut writer = Writer::begin(Vec::new(), MEDIA)?;
    for file in dossier.files.iter().filter(|file| !words::is_open(file)) {
        writer.record(&media(dossier, file))?;
    }
    writer.finish()
}

/// One file. A file without a ground is known by its digests and its length, and by nothing that was computed from its
/// contents.
fn media(dossier: &Dossier, file: &DossierFile) -> Value {
    let is_open = words::is_open(file);
    let name = words::file_name(dossier.report, file);
    let given = said(file.name()).map(one_line).unwrap_or_else(|| name.clone());
    let mut record = json!({
        "MediaID": file.position,
        "Category": null,
        "MD5": file.md5,
        "SHA1": file.sha1,
        "MediaSize": file.size_bytes,
        "AlternativeHashes": [{ "MD5": file.md5, "HashName": "SHA256", "HashValue": file.sha256 }],
        "Comments": comments(file, is_open),
        "MediaFiles": [{
            "MD5": file.md5,
            "FileName": given,
            "FilePath": format!("report\\{}\\{name}", dossier.report),
        }],
    });
    let tags = file.statement.iter().flat_map(|statement| &statement.annotations);
    let tags: Vec<&str> = tags.map(String::as_str).collect();
    for (key, value) in [
        ("MimeType", file.media_type.clone().map(Value::from)),
        ("RelativeFilePath", is_open.then(|| format!("files\\{name}").into())),
        ("Tags", (!tags.is_empty()).then(|| tags.join(", ").into())),
    ] {
        if let Some(value) = value {
            record[key] = value;
        }
    }
    words::ordered(record)
}

fn comments(file: &DossierFile, is_open: bool) -> String {
    let class = file.statement.as_ref().and_then(|statement| statement.classification.as_deref());
    let class =
        class.map_or(String::new(), |class| format!("Sender industry class {class}, the sender's view. "));
    let withheld =
        if is_open { "" } else { " Record only: the file is not released; see withheld-files.csv." };
    format!(
        "{class}Viewed by sender: {}. Public: {}.{withheld}",
        file.viewed().as_str(),
        file.public().as_str()
    )
}

/// A name in which nothing hides or turns; tools print it.
fn one_line(name: &str) -> String {
    let shown = |letter: char| match words::is_unseen(letter) {
        true => format!("<U+{:04X}>", u32::from(letter)),
        false => letter.to_string(),
    };
    name.chars().map(shown).collect()
}
