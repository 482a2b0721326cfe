//! `manifest.json`: who has what, on which basis, and the digest of every member.

use std::collections::HashMap;

use domain::{DossierFile, FileId};
use serde_json::{Value, json};

use super::EXPORT_VERSION;
use super::canonical::canonical;
use super::plan::{Contents, FileMember, TextMember};

/// The manifest's bytes, in their one spelling. It lists every member but itself and its signature, and every file
/// that is withheld, so that together they are all the report has.
pub(super) fn write(contents: &Contents<'_>, texts: &[TextMember], files: &[FileMember]) -> Vec<u8> {
    let Contents { dossier, delivery, .. } = contents;
    let known: HashMap<&FileId, &DossierFile> = dossier.files.iter().map(|file| (&file.file, file)).collect();
    let files = files.iter().map(|member| file(known.get(&member.file).copied(), member));
    let members: Vec<Value> = texts.iter().map(text).chain(files).collect();
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

fn text(text: &TextMember) -> Value {
    json!({
        "name": text.name,
        "size": text.size_bytes,
        "sha256": seal::hex(&text.sha256),
    })
}

fn file(file: Option<&DossierFile>, member: &FileMember) -> Value {
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
