//! Media records of the Project VIC family: the files of a report, in the package or not. A sender's own class stands in
//! `Comments`. The form of such documents, and how they are read, is in the crate `vics`.

use std::io::{self, Write};

use domain::{Dossier, DossierFile, ReportId};
use serde_json::{Value, json};
pub use vics::{Category, Fault, Form, Known, Outline, Piece, Record, Writer, read};

use crate::files::Files;
use crate::package::words::{self, said};
use crate::uuid;

/// The model that our documents name.
const CASES: &str = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Cases";
const MEDIA: &str = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media";
/// What the documents say wrote them.
const APPLICATION: &str = "clearinghouse";

/// The files of a report that are in its package, as a case.
///
/// # Errors
/// When a file cannot be read, or the document not be written.
pub fn case(dossier: &Dossier<impl Files>, out: &mut dyn Write) -> io::Result<()> {
    // Their number comes before them.
    let mut open = 0_u64;
    for file in dossier.files.each() {
        open += u64::from(words::is_open(&*file?));
    }
    let mut writer = Writer::begin(out, CASES)?;
    writer.case_begins()?;
    for (name, value) in [
        ("CaseID", Value::from(uuid::of(&["case", &dossier.report.to_string()]))),
        ("CaseNumber", dossier.report.to_string().into()),
        ("ContactOrganization", APPLICATION.into()),
        ("SourceApplicationName", APPLICATION.into()),
        ("SourceApplicationVersion", env!("CARGO_PKG_VERSION").into()),
        ("TotalMediaFiles", open.into()),
    ] {
        writer.member(name, &value.to_string())?;
    }
    put(&mut writer, dossier, true)?;
    writer.case_ends()?;
    writer.finish().map(drop)
}

/// The files of a report that are not in its package, as a hash set without any file.
///
/// # Errors
/// When a file cannot be read, or the document not be written.
pub fn withheld(dossier: &Dossier<impl Files>, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = Writer::begin(out, MEDIA)?;
    put(&mut writer, dossier, false)?;
    writer.finish().map(drop)
}

/// The files that are in the package, or those that are not.
fn put(writer: &mut Writer<&mut dyn Write>, dossier: &Dossier<impl Files>, open: bool) -> io::Result<()> {
    for file in dossier.files.each() {
        let file = file?;
        if words::is_open(&file) == open {
            writer.record(&media(dossier.report, &file))?;
        }
    }
    Ok(())
}

/// One file. A file without a ground is known by its digests and its length, and by nothing that was computed from its
/// contents.
fn media(report: ReportId, file: &DossierFile) -> Value {
    let is_open = words::is_open(file);
    let name = words::file_name(report, file);
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
            "FilePath": format!("report\\{report}\\{name}"),
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
