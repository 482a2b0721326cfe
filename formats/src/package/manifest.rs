//! `manifest.json`: who has what, on which basis, and the digest of every member.

use domain::DossierFile;
use serde_json::{Value, json};

use super::canonical::canonical;
use super::plan::{Contents, FileMember, Text};
use super::{EXPORT_VERSION, words};

/// The manifest's bytes, in their one spelling. It lists every member but itself and its signature, and every file
/// that is withheld, so that together they are all the report has.
pub(super) fn write(contents: &Contents<'_>, files: &[FileMember]) -> Vec<u8> {
    let Contents { dossier, delivery, .. } = contents;
    let members: Vec<Value> =
        contents.texts.iter().map(text).chain(files.iter().map(|member| file(contents, member))).collect();
    canonical(&json!({
        "format": "clearinghouse package manifest",
        "exportVersion": EXPORT_VERSION,
        "software": contents.software,
        "report": dossier.report.get(),
        "submissionSha256": dossier.submission_sha256,
        "ruleSet": dossier.rule_set,
        "delivery": delivery.delivery.to_string(),
        "agency": delivery.agency.to_string(),
        "agencyName": delivery.agency_name,
        "basis": delivery.basis.as_str(),
        "purpose": contents.purpose.as_str(),
        "channel": delivery.channel,
        "availableAt": delivery.available_at.to_string(),
        "members": members,
        "withheld": contents.withheld.iter().map(withheld).collect::<Vec<Value>>(),
    }))
}

fn text(text: &Text) -> Value {
    json!({
        "name": text.name,
        "size": text.bytes.len(),
        "sha256": seal::hex(&seal::sha256(&text.bytes)),
    })
}

fn file(contents: &Contents<'_>, member: &FileMember) -> Value {
    let file = contents.dossier.files.iter().find(|file| file.file == member.file);
    json!({
        "name": member.name,
        "size": member.size_bytes,
        "sha256": seal::hex(&member.sha256),
        "file": member.file.as_str(),
        "ground": member.ground.as_str(),
        "viewed": file.map(|file| file.viewed().as_str()),
        "exifViewed": file.map(|file| file.exif_viewed().as_str()),
        "public": file.map(|file| file.public().as_str()),
    })
}

fn withheld(shut: &crate::csv::Withheld) -> Value {
    json!({ "file": shut.file.as_str(), "part": shut.part.as_str(), "reason": shut.code })
}

/// The files that a package holds, in the order of their upload.
pub(super) fn open_files<'a>(contents: &'a Contents<'_>) -> impl Iterator<Item = &'a DossierFile> {
    contents.dossier.files.iter().filter(|file| words::is_open(file))
}
